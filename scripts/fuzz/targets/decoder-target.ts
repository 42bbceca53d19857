/**
 * A decoder of frames: never throws, refuses with a code of the table, leaves its input alone, and
 * what it accepts survives the wire. The last two are looked at for new outcomes and for one
 * execution in `CLOSE_LOOK`, which keeps the rest at the decoder's own speed.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Coverage } from '../coverage.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

const CLOSE_LOOK = 256;
/** Outcomes per kind byte: accepted, and the rejection codes. */
const OUTCOMES = 16;

interface Message {
  readonly kind: string;
  readonly code?: unknown;
}

export interface DecoderTargetOptions {
  readonly name: string;
  readonly inputBytesMax: number;
  readonly rejectionCodes: readonly string[];
  readonly decode: (frame: Uint8Array) => Message;
  readonly encode: (message: Message) => Uint8Array;
  readonly createSeeds: (random: FuzzRandom) => Uint8Array[];
}

export function createDecoderTarget(options: DecoderTargetOptions): FuzzTarget {
  const { name, inputBytesMax, rejectionCodes, decode, encode, createSeeds } = options;
  // No kind of ours: the byte says nothing.
  const namelessOutcomes = new Set(['frame-empty', 'frame-too-large', 'unknown-kind']);
  const isNameless = [false, ...rejectionCodes.map((code) => namelessOutcomes.has(code))];
  let countdown = CLOSE_LOOK;

  function outcomeOf(answer: Message): number {
    if (answer.kind !== 'rejected') return 0;
    const index = rejectionCodes.indexOf(answer.code as string);
    if (index === -1) throw new Error(`the code ${String(answer.code)} is not in the table`);
    return index + 1;
  }

  function execute(input: Uint8Array, coverage: Coverage): void {
    const answer = decode(input);
    const outcome = outcomeOf(answer);
    coverage.note(
      isNameless[outcome] === true ? outcome : (input[0] as number) * OUTCOMES + outcome,
    );
    countdown -= 1;
    if (countdown > 0 && coverage.newKeys.length === 0) return;
    countdown = CLOSE_LOOK;
    lookClosely(input, answer);
  }

  function lookClosely(input: Uint8Array, answer: Message): void {
    const before = input.slice();
    const second = decode(input);
    if (!isEqual(input, before)) throw new Error('the decoder changed its input');
    if (!isDeepStrictEqual(answer, second))
      throw new Error('the decoder answers twice differently');
    if (answer.kind === 'rejected') return;
    const again = decode(encode(answer));
    if (!isDeepStrictEqual(again, answer)) throw new Error('what was accepted does not survive');
    const text = JSON.stringify(answer);
    const lent = before.slice();
    const kept = decode(lent);
    lent.fill(0xaa);
    if (JSON.stringify(kept) !== text) throw new Error('the message is a view of the frame');
  }

  return {
    name,
    isDecoder: true,
    isAsync: false,
    shape: 'frame',
    inputBytesMax,
    createSeeds,
    execute,
    describe: (key) => {
      const outcome = key % OUTCOMES;
      const kind = Math.floor(key / OUTCOMES)
        .toString(16)
        .padStart(2, '0');
      return `0x${kind}/${outcome === 0 ? 'accepted' : rejectionCodes[outcome - 1]}`;
    },
  };
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
