/**
 * What the engine can attack: something that takes bytes and is sound for all of them. Decoders
 * take them as they are; state machines read a script from them. One kind of input, so that
 * mutation, minimising, replay and the corpus are the same for all.
 */
import type { Coverage } from './coverage.ts';
import type { FuzzRandom } from './fuzz-random.ts';

/** How inputs are mutated: Protobuf after a kind byte, UTF-8 text, or any bytes. */
export type InputShape = 'frame' | 'text' | 'script';

export interface FuzzTarget {
  readonly name: string;
  /** One execution is little more than one decode: counts for the campaign's speed. */
  readonly isDecoder: boolean;
  readonly shape: InputShape;
  /** Longest input that is made of it. */
  readonly inputBytesMax: number;
  /** Inputs that are valid, or nearly. */
  createSeeds(random: FuzzRandom): Uint8Array[];
  /**
   * Throws, or rejects, when the production code or one of its promises is broken. `input` is the
   * engine's own buffer and valid during the call; an asynchronous target gets a copy.
   */
  execute(input: Uint8Array, coverage: Coverage): void | Promise<void>;
  readonly isAsync: boolean;
  /** A combination in words, for the corpus. */
  describe(key: number): string;
}
