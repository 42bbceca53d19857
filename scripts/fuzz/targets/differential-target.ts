/**
 * A tuned codec against the generated one: reads and refuses the same, and writes the same bytes
 * for what was read. The first byte is the kind's own, whatever the input says.
 */
import { isDeepStrictEqual } from 'node:util';
import type { BodyCodec } from '../../../src/protocol/body-codec.ts';
import type { DecodeRejection } from '../../../src/protocol/decode-rejection.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

export interface DifferentialTargetOptions<Message> {
  readonly name: string;
  readonly inputBytesMax: number;
  readonly rejectionCodes: readonly string[];
  readonly kindByte: number;
  readonly hot: BodyCodec<Message>;
  readonly reference: BodyCodec<Message>;
  readonly createSeeds: (random: FuzzRandom) => Uint8Array[];
}

export function createDifferentialTarget<Message extends { readonly kind: string }>(
  options: DifferentialTargetOptions<Message>,
): FuzzTarget {
  const { name, inputBytesMax, rejectionCodes, kindByte, hot, reference, createSeeds } = options;
  return {
    name,
    isDecoder: false,
    isAsync: false,
    shape: 'frame',
    inputBytesMax,
    createSeeds,
    execute(input, coverage) {
      if (input.length === 0) return;
      input[0] = kindByte;
      const tuned = hot.decode(input);
      const generated = reference.decode(input);
      if (!isDeepStrictEqual(tuned, generated)) {
        throw new Error(`tuned ${JSON.stringify(tuned)}, generated ${JSON.stringify(generated)}`);
      }
      if (tuned.kind === 'rejected') {
        coverage.note(1 + rejectionCodes.indexOf((tuned as DecodeRejection).code));
        return;
      }
      coverage.note(0);
      const message = tuned as Message;
      if (Buffer.compare(hot.encode(message), reference.encode(message)) !== 0) {
        throw new Error('the tuned encoder writes other bytes than the generated one');
      }
    },
    describe: (key) => (key === 0 ? 'accepted' : `rejected/${rejectionCodes[key - 1]}`),
  };
}
