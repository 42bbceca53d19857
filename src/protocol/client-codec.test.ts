import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { decodeClientMessage, encodeClientMessage } from './client-codec.ts';
import {
  HeartbeatAnswerSchema,
  LoginSchema,
  ResumeSchema,
  ShootInputSchema,
} from './generated/holdfast/v1/client_messages_pb.ts';
import { UserMessageSchema, UserUpdateSchema } from './generated/holdfast/v1/user_message_pb.ts';
import { HoldfastError } from './holdfast-error.ts';
import type { PlayerId, SessionId } from './ids.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from './message-kinds.ts';
import type { Resume, ShootInput } from './messages.ts';
import { encodeServerMessage } from './server-codec.ts';
import { PROTOCOL_VERSION } from './version.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const OUT_OF_RANGE = { kind: 'rejected', code: 'out-of-range' };
const MALFORMED = { kind: 'rejected', code: 'malformed' };

/** Bytes that our own encoder would refuse to make. */
function frame<Desc extends DescMessage>(
  kind: MessageKind,
  schema: Desc,
  init: MessageInitShape<Desc>,
): Uint8Array {
  return Uint8Array.of(MESSAGE_KIND_BYTES[kind], ...toBinary(schema, create(schema, init)));
}

describe('the frame', () => {
  test('an empty one is refused as such', () => {
    expect(decodeClientMessage(new Uint8Array(0))).toEqual({
      kind: 'rejected',
      code: 'frame-empty',
    });
  });

  test('the largest is looked at, one byte more is too large', () => {
    const size = WIRE_LIMITS.clientFrameBytesMax;
    // An unknown field that fills the frame: kind, tag, two bytes of length.
    const filled = (bytes: number): Uint8Array => {
      const length = bytes - 4;
      const head = Uint8Array.of(0x02, 0x7a, (length & 0x7f) | 0x80, length >> 7);
      const whole = new Uint8Array(bytes);
      whole.set(head);
      return whole;
    };
    expect(decodeClientMessage(filled(size - 1))).toEqual({ kind: 'leave' });
    expect(decodeClientMessage(filled(size))).toEqual({ kind: 'leave' });
    const tooLarge = { kind: 'rejected', code: 'frame-too-large' };
    expect(decodeClientMessage(filled(size + 1))).toEqual(tooLarge);
  });

  test('a message of a server is no message of a client', () => {
    const heard = encodeServerMessage({
      kind: 'close',
      code: 'left',
      retryable: false,
      message: '',
    });
    expect(decodeClientMessage(heard)).toEqual({ kind: 'rejected', code: 'unknown-kind' });
  });

  test('bytes after the message are malformed', () => {
    const bytes = encodeClientMessage({ kind: 'leave' });
    expect(decodeClientMessage(Uint8Array.of(...bytes, 0))).toEqual(MALFORMED);
  });
});

describe('Login', () => {
  const login = (credentials: string): Uint8Array =>
    frame('login', LoginSchema, { protocolVersion: PROTOCOL_VERSION, credentials });

  test('credentials of the most bytes are taken, one more is out of range', () => {
    const size = WIRE_LIMITS.credentialsBytesMax;
    for (const length of [size - 1, size]) {
      expect(decodeClientMessage(login('x'.repeat(length)))).toMatchObject({ kind: 'login' });
    }
    expect(decodeClientMessage(login('x'.repeat(size + 1)))).toEqual(OUT_OF_RANGE);
    expect(decodeClientMessage(login('€'.repeat(Math.ceil(size / 3))))).toEqual(OUT_OF_RANGE);
  });

  test('credentials that are too large are an error that the caller sees', () => {
    const credentials = 'x'.repeat(WIRE_LIMITS.credentialsBytesMax + 1);
    const encode = (): unknown =>
      encodeClientMessage({ kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials });
    expect(encode).toThrow(expect.objectContaining({ code: 'message-too-large' }));
    expect(encode).toThrow(HoldfastError);
  });

  test.each([0, PROTOCOL_VERSION + 1, 2 ** 32 - 1])(
    'of version %d decodes to its version, whatever else it says',
    (protocolVersion) => {
      const expected = { kind: 'login', protocolVersion, credentials: '' };
      const other = frame('login', LoginSchema, { protocolVersion, credentials: 'secret' });
      expect(decodeClientMessage(other)).toEqual(expected);
      // Field 2 as a number: not our Login at all.
      const version = toBinary(LoginSchema, create(LoginSchema, { protocolVersion }));
      expect(decodeClientMessage(Uint8Array.of(0x01, ...version, 0x10, 5))).toEqual(expected);
    },
  );

  test('of this version with another type of credentials is malformed', () => {
    expect(decodeClientMessage(Uint8Array.of(0x01, 0x08, PROTOCOL_VERSION, 0x10, 5))).toEqual(
      MALFORMED,
    );
  });

  test('with invalid UTF-8 is malformed', () => {
    const cut = Uint8Array.of(0x01, 0x08, PROTOCOL_VERSION, 0x12, 2, 0xc3, 0x28);
    expect(decodeClientMessage(cut)).toEqual(MALFORMED);
  });
});

describe('Resume', () => {
  const RESUME: Resume = {
    kind: 'resume',
    protocolVersion: PROTOCOL_VERSION,
    sessionId: '5e55' as SessionId,
    token: 'AAECAwQFBgcICQoLDA0ODw',
    lastTick: 300,
    reliableReceived: 12,
  };
  const survives = (changes: Partial<Resume>): void => {
    const resume = { ...RESUME, ...changes };
    expect(decodeClientMessage(encodeClientMessage(resume))).toEqual(resume);
  };
  const decode = (init: MessageInitShape<typeof ResumeSchema>): unknown =>
    decodeClientMessage(
      frame('resume', ResumeSchema, { protocolVersion: PROTOCOL_VERSION, ...init }),
    );

  test('tells a memory of no messages from no memory', () => {
    survives({ reliableReceived: 0 });
    survives({ reliableReceived: undefined });
  });

  test('a session id of the greatest length is taken, one more is out of range', () => {
    const size = WIRE_LIMITS.idLengthMax;
    for (const length of [0, 1, size - 1, size]) {
      survives({ sessionId: 'x'.repeat(length) as SessionId });
    }
    expect(decode({ sessionId: 'x'.repeat(size + 1) })).toEqual(OUT_OF_RANGE);
  });

  test('a token of the greatest length is taken, one more is out of range', () => {
    const size = WIRE_LIMITS.tokenLengthMax;
    for (const length of [0, 1, size - 1, size]) survives({ token: '_'.repeat(length) });
    expect(decode({ token: '_'.repeat(size + 1) })).toEqual(OUT_OF_RANGE);
  });

  test.each(['+', '/', '=', 'a b', 'a\n', '\0', 'é', 'ａ'])(
    'token %j, which is no base64url, is out of range',
    (token) => {
      expect(decode({ token })).toEqual(OUT_OF_RANGE);
      expect(() => encodeClientMessage({ ...RESUME, token })).toThrow('beyond its bounds');
    },
  );

  test.each(['lastTick', 'reliableReceived'] as const)(
    '%s is taken up to 2^53 - 1, and out of range beyond',
    (name) => {
      survives({ [name]: 2 ** 53 - 1 });
      expect(decode({ [name]: 2n ** 53n })).toEqual(OUT_OF_RANGE);
      expect(decode({ [name]: 2n ** 64n - 1n })).toEqual(OUT_OF_RANGE);
    },
  );

  test.each([0, PROTOCOL_VERSION + 1, 2 ** 32 - 1])(
    'of version %d decodes to its version, whatever else it says',
    (protocolVersion) => {
      const nothing = { sessionId: '', token: '', lastTick: 0, reliableReceived: undefined };
      const expected = { kind: 'resume', protocolVersion, ...nothing };
      const other = { protocolVersion, sessionId: '5e55', token: 'not = ours', lastTick: 7n };
      expect(decodeClientMessage(frame('resume', ResumeSchema, other))).toEqual(expected);
      // Field 2 as a number: not our Resume at all.
      const version = toBinary(ResumeSchema, create(ResumeSchema, { protocolVersion }));
      expect(decodeClientMessage(Uint8Array.of(0x06, ...version, 0x10, 5))).toEqual(expected);
    },
  );

  test('of this version with a number as its session is malformed', () => {
    const odd = Uint8Array.of(0x06, 0x08, PROTOCOL_VERSION, 0x10, 5);
    expect(decodeClientMessage(odd)).toEqual(MALFORMED);
  });
});

describe('HeartbeatAnswer', () => {
  test('a count is taken up to 2^53 - 1, and out of range beyond', () => {
    const decode = (reliableReceived: bigint): unknown =>
      decodeClientMessage(frame('heartbeat-answer', HeartbeatAnswerSchema, { reliableReceived }));
    expect(decode(2n ** 53n - 1n)).toMatchObject({ reliableReceived: 2 ** 53 - 1 });
    expect(decode(2n ** 53n)).toEqual(OUT_OF_RANGE);
    for (const reliableReceived of [-1, 0.5, 2 ** 53, Number.NaN]) {
      const answer = { kind: 'heartbeat-answer', nonce: 'n', serverTick: 1 } as const;
      expect(() => encodeClientMessage({ ...answer, reliableReceived })).toThrow('beyond its');
    }
  });

  test('a nonce of the greatest length is taken, one more is out of range', () => {
    const size = WIRE_LIMITS.nonceLengthMax;
    const decode = (length: number): unknown =>
      decodeClientMessage(
        frame('heartbeat-answer', HeartbeatAnswerSchema, { nonce: 'n'.repeat(length) }),
      );
    expect(decode(size - 1)).toMatchObject({ serverTick: 0 });
    expect(decode(size)).toMatchObject({ serverTick: 0 });
    expect(decode(size + 1)).toEqual(OUT_OF_RANGE);
  });
});

describe('ShootInput', () => {
  const SHOT: ShootInput = {
    kind: 'shoot-input',
    tick: 12,
    targetPlayerId: 'p2' as PlayerId,
    directionX: 1,
    directionY: 0,
    viewTick: 9.5,
  };

  test.each([
    ['a target', SHOT],
    ['no target', { ...SHOT, targetPlayerId: undefined }],
    ['directions that are not finite', { ...SHOT, directionX: Number.NaN, directionY: -Infinity }],
  ])('with %s survives', (_, shot) => {
    expect(decodeClientMessage(encodeClientMessage(shot))).toEqual(shot);
  });

  test('the view tick is rounded to 1/16 tick, a direction to 32 bits', () => {
    const shot = { ...SHOT, viewTick: 9.51, directionX: 1e300 };
    expect(decodeClientMessage(encodeClientMessage(shot))).toMatchObject({
      viewTick: 9.5,
      directionX: Number.POSITIVE_INFINITY,
    });
  });

  test.each(['', 'x'.repeat(WIRE_LIMITS.idLengthMax + 1)])('target %j is out of range', (id) => {
    const shot = frame('shoot-input', ShootInputSchema, { targetPlayerId: id });
    expect(decodeClientMessage(shot)).toEqual(OUT_OF_RANGE);
  });

  test.each([
    { tick: 2n ** 53n, viewTickSixteenths: 0n },
    { tick: 2n ** 64n - 1n, viewTickSixteenths: 0n },
    { tick: 0n, viewTickSixteenths: 2n ** 53n },
  ])('a tick beyond 2^53 - 1 is out of range', (ticks) => {
    const shot = frame('shoot-input', ShootInputSchema, ticks);
    expect(decodeClientMessage(shot)).toEqual(OUT_OF_RANGE);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'view tick %d is our own bug',
    (viewTick) => {
      expect(() => encodeClientMessage({ ...SHOT, viewTick })).toThrow();
    },
  );
});

describe.each([
  ['user-message', UserMessageSchema],
  ['user-update', UserUpdateSchema],
] as const)('%s', (kind, schema) => {
  const decode = (name: string, payload: string): unknown =>
    decodeClientMessage(frame<DescMessage>(kind, schema, { name, payload }));

  test('a name of the greatest length is taken, an empty or longer one is out of range', () => {
    const size = WIRE_LIMITS.userMessageNameLengthMax;
    expect(decode('n'.repeat(size - 1), '1')).toMatchObject({ payload: '1' });
    expect(decode('n'.repeat(size), '1')).toMatchObject({ payload: '1' });
    expect(decode('n'.repeat(size + 1), '1')).toEqual(OUT_OF_RANGE);
    expect(decode('', '1')).toEqual(OUT_OF_RANGE);
  });

  test('a payload of the most bytes is taken, one more is out of range', () => {
    const size = WIRE_LIMITS.userPayloadBytesMax;
    expect(decode('chat', 'x'.repeat(size - 1))).toMatchObject({ name: 'chat' });
    expect(decode('chat', 'x'.repeat(size))).toMatchObject({ name: 'chat' });
    expect(decode('chat', 'x'.repeat(size + 1))).toEqual(OUT_OF_RANGE);
  });

  test('a payload that our own side made too large is our own bug here', () => {
    const payload = 'x'.repeat(WIRE_LIMITS.userPayloadBytesMax + 1);
    expect(() => encodeClientMessage({ kind, name: 'chat', payload })).toThrow('beyond its bounds');
  });
});

describe('the limits among themselves', () => {
  test('the largest Login, Resume and user message fit a frame of a client', () => {
    const credentials = 'x'.repeat(WIRE_LIMITS.credentialsBytesMax);
    const name = '€'.repeat(WIRE_LIMITS.userMessageNameLengthMax);
    const payload = 'x'.repeat(WIRE_LIMITS.userPayloadBytesMax);
    const protocolVersion = PROTOCOL_VERSION;
    for (const message of [
      { kind: 'login', protocolVersion, credentials },
      { kind: 'user-message', name, payload },
      {
        kind: 'resume',
        protocolVersion,
        sessionId: '€'.repeat(WIRE_LIMITS.idLengthMax) as SessionId,
        token: '_'.repeat(WIRE_LIMITS.tokenLengthMax),
        lastTick: Number.MAX_SAFE_INTEGER,
        reliableReceived: Number.MAX_SAFE_INTEGER,
      },
    ] as const) {
      expect(decodeClientMessage(encodeClientMessage(message))).toEqual(message);
    }
  });
});
