/**
 * Attacks one target for a while: takes inputs from the pool, mutates them, executes, keeps what
 * reached something new. In: a target, a seed, how long. Out: counts, findings with the smallest
 * input that still fails, inputs for the corpus. Must not know: what the bytes mean, processes.
 */
import { Coverage } from './coverage.ts';
import { FuzzRandom } from './fuzz-random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { Mutator } from './mutator.ts';

/** Different failures of one target after which it is left alone. */
const FINDINGS_MAX = 5;
const POOL_MAX = 4_096;
/** Executions between two looks at the clock: milliseconds of them. */
const DECODER_BATCH = 2_048;
const SCRIPT_BATCH = 16;

export interface Finding {
  readonly target: string;
  readonly seed: number;
  /** Hexadecimal, minimised. */
  readonly input: string;
  readonly error: string;
}

export interface EngineOptions {
  readonly target: FuzzTarget;
  readonly seed: number;
  /** The corpus; executed first, then mutated. */
  readonly corpus: readonly Uint8Array[];
}

/** A combination that the corpus did not reach, and the input that does. */
export interface NewInput {
  readonly keys: readonly number[];
  readonly input: Uint8Array;
}

/** Asked between batches: whether to go on. */
export type GoesOn = (executions: number) => boolean;

export class FuzzEngine {
  readonly findings: Finding[] = [];
  readonly newInputs: NewInput[] = [];
  readonly coverage = new Coverage();
  executions = 0;
  /** Executions that failed, also those that failed like one before. */
  crashes = 0;
  readonly #target: FuzzTarget;
  readonly #seed: number;
  readonly #mutator: Mutator;
  readonly #pool: Uint8Array[] = [];
  /** Views of the mutator's buffer by length: making one costs as much as decoding. */
  readonly #views: (Uint8Array | undefined)[] = [];
  readonly #errors = new Set<string>();
  readonly #initial: readonly Uint8Array[];
  #next = 0;

  constructor({ target, seed, corpus }: EngineOptions) {
    this.#target = target;
    this.#seed = seed;
    const random = new FuzzRandom(seed);
    const { shape, inputBytesMax: bytesMax } = target;
    this.#mutator = new Mutator({ random, shape, bytesMax });
    this.#initial = [...corpus, ...target.createSeeds(random)];
    this.#pool.push(...this.#initial.filter((input) => input.length <= bytesMax));
  }

  /** Runs until `goesOn` says no, or there are enough findings. May be called again. */
  async run(goesOn: GoesOn): Promise<void> {
    while (this.findings.length < FINDINGS_MAX && goesOn(this.executions)) {
      const failed = this.#target.isAsync ? await this.#batchAsync() : this.#batch();
      if (failed !== undefined) await this.#report(failed.input, failed.error);
    }
  }

  #batch(): FailedInput | undefined {
    const { coverage } = this;
    const target = this.#target;
    const batch = target.shape === 'script' ? SCRIPT_BATCH : DECODER_BATCH;
    for (let index = 0; index < batch; index += 1) {
      const input = this.#input();
      this.executions += 1;
      coverage.begin();
      try {
        // Synchronous: says the target.
        void target.execute(input, coverage);
      } catch (error) {
        return { input: input.slice(), error };
      }
      if (coverage.newKeys.length > 0) this.#keep(input);
    }
    return undefined;
  }

  async #batchAsync(): Promise<FailedInput | undefined> {
    const { coverage } = this;
    for (let index = 0; index < SCRIPT_BATCH; index += 1) {
      const input = this.#input().slice();
      this.executions += 1;
      coverage.begin();
      try {
        await this.#target.execute(input, coverage);
      } catch (error) {
        return { input, error };
      }
      if (coverage.newKeys.length > 0) this.#keep(input);
    }
    return undefined;
  }

  #input(): Uint8Array {
    if (this.#next < this.#initial.length) {
      const input = this.#initial[this.#next] as Uint8Array;
      this.#next += 1;
      return input;
    }
    const length = this.#mutator.next(this.#pool);
    return (this.#views[length] ??= this.#mutator.bytes.subarray(0, length));
  }

  #keep(input: Uint8Array): void {
    const copy = input.slice();
    if (this.#pool.length < POOL_MAX) this.#pool.push(copy);
    this.newInputs.push({ keys: this.coverage.newKeys, input: copy });
  }

  async #report(input: Uint8Array, error: unknown): Promise<void> {
    this.crashes += 1;
    const kind = firstLine(error);
    if (this.#errors.has(kind)) return;
    this.#errors.add(kind);
    const scratch = new Coverage();
    const small = await minimise(input, async (candidate) => {
      scratch.clear();
      return (await executeOnce(this.#target, candidate.slice(), scratch)) !== undefined;
    });
    this.findings.push({
      target: this.#target.name,
      seed: this.#seed,
      input: Buffer.from(small).toString('hex'),
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

interface FailedInput {
  readonly input: Uint8Array;
  readonly error: unknown;
}

/** Executes one input by itself; what it throws, or undefined. */
export async function executeOnce(
  target: FuzzTarget,
  input: Uint8Array,
  coverage = new Coverage(),
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await target.execute(input, coverage);
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** Numbers and hexadecimal left out, so that one bug is one finding. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n')[0] ?? '').replaceAll(/[0-9a-f]{2,}|\d/g, '#').slice(0, 120);
}
