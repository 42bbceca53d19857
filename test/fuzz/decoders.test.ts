import { isDeepStrictEqual } from 'node:util';
import { assert, describe, expect, test } from 'vitest';
import { decodeClientMessage, encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { DECODE_REJECTION_CODES } from '../../src/protocol/codes.ts';
import type { DecodeRejection } from '../../src/protocol/decode-rejection.ts';
import type { ClientMessage, PlainServerMessage } from '../../src/protocol/messages.ts';
import { decodeServerMessage, encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { almostFrame, damaged, noise } from './frame-arbitraries.ts';
import { findsFailure, fuzz } from './fuzz-run.ts';
import { anyClientMessage, anyServerMessage } from './message-arbitraries.ts';

interface Side {
  readonly decode: (frame: Uint8Array) => { readonly kind: string };
  readonly encode: (message: { readonly kind: string }) => Uint8Array;
}

const CLIENT: Side = {
  decode: decodeClientMessage,
  encode: (message) => encodeClientMessage(message as ClientMessage),
};
const SERVER: Side = {
  decode: decodeServerMessage,
  encode: (message) => encodeServerMessage(message as PlainServerMessage),
};

const CODES: readonly string[] = DECODE_REJECTION_CODES;

/**
 * A rejection with a code of the table, or a message that survives the wire as it is. Compares
 * without `expect`, which takes longer than all the decoding.
 */
function answersSoundly({ decode, encode }: Side, frame: Uint8Array): void {
  const sent = frame.slice();
  const answer = decode(frame);
  assert(Buffer.compare(frame, sent) === 0, 'the decoder leaves its input alone');
  if (answer.kind === 'rejected') {
    assert(CODES.includes((answer as DecodeRejection).code), 'the code is in the table');
  } else {
    const again = decode(encode(answer));
    assert(isDeepStrictEqual(again, answer), 'what was accepted survives the wire');
  }
}

function bothAnswerSoundly(frame: Uint8Array): void {
  answersSoundly(CLIENT, frame);
  answersSoundly(SERVER, frame);
}

/** All positions below `end`; of large ones all at the beginning and some of the rest. */
function positions(end: number): number[] {
  const all = Array.from({ length: end }, (_, position) => position);
  return all.filter((position) => position < 512 || position % 61 === 0);
}

const clientFrame = anyClientMessage.map(encodeClientMessage);
const serverFrame = anyServerMessage.map(encodeServerMessage);

describe('both decoders', () => {
  test('answer noise with a typed result', () => {
    fuzz(noise, bothAnswerSoundly);
  });

  test('answer almost Protobuf with a typed result', () => {
    fuzz(almostFrame, bothAnswerSoundly, { share: 4 });
  });

  test('answer damaged messages with a typed result', () => {
    fuzz(damaged(clientFrame), bothAnswerSoundly);
    fuzz(damaged(serverFrame), bothAnswerSoundly);
  });

  test('answer a message cut at any byte with a typed result', () => {
    const cutEverywhere = (frame: Uint8Array): void => {
      for (const length of positions(frame.length)) bothAnswerSoundly(frame.subarray(0, length));
    };
    fuzz(clientFrame, cutEverywhere, { share: 0.05 });
    fuzz(serverFrame, cutEverywhere, { share: 0.05 });
  });

  test('answer a message with any one bit flipped with a typed result', () => {
    const flipEverywhere = (frame: Uint8Array): void => {
      for (const bit of positions(frame.length * 8)) {
        const flipped = frame.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        bothAnswerSoundly(flipped);
      }
    };
    fuzz(clientFrame, flipEverywhere, { share: 0.02 });
    fuzz(serverFrame, flipEverywhere, { share: 0.02 });
  });

  test('refuse a length that is larger than the frame, whatever the field', () => {
    const hugeLength = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for (let kind = 0; kind < 256; kind += 1) {
      for (let field = 1; field <= 15; field += 1) {
        const frame = Uint8Array.of(kind, field * 8 + 2, ...hugeLength, 1, 2, 3);
        expect(CLIENT.decode(frame).kind).toBe('rejected');
        expect(SERVER.decode(frame).kind).toBe('rejected');
      }
    }
  });

  test('never keep a view of the frame', () => {
    fuzz(serverFrame, (frame) => {
      const copy = frame.slice();
      const before = decodeServerMessage(copy);
      const text = JSON.stringify(before);
      copy.fill(0xaa);
      expect(JSON.stringify(before)).toBe(text);
    });
  });
});

describe('the search itself', () => {
  test('finds a decoder that throws at one wire type of one kind', () => {
    const fragile = (frame: Uint8Array): void => {
      if (frame[0] === 0x04 && ((frame[1] ?? 0) & 7) === 5) throw new Error('planted');
      answersSoundly(CLIENT, frame);
    };
    expect(findsFailure(almostFrame, fragile)).toBe(true);
  });

  test('finds a decoder that truncates a tick to 32 bits', () => {
    const truncating: Side = {
      ...CLIENT,
      decode(frame) {
        const answer = decodeClientMessage(frame);
        return answer.kind === 'move-input' ? { ...answer, tick: answer.tick >>> 0 } : answer;
      },
    };
    const survives = (message: ClientMessage): void => {
      expect(truncating.decode(truncating.encode(message))).toEqual(message);
    };
    expect(findsFailure(anyClientMessage, survives)).toBe(true);
  });
});
