/**
 * A database of LMDB as bytes: reading, and one transaction at a time.
 * In: keys and values as bytes. Out: the same; its errors as HoldfastError where opening fails.
 * A transaction runs beside the event loop and is on the disk when it resolves. What the database
 * hands out is copied: its own bytes change with the next call.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { acquireEnvironment, releaseEnvironment } from './lmdb-environment.ts';
import type { LmdbEnvironment, LmdbRoot } from './lmdb-environment.ts';
import { endingAtExit } from './lmdb-exit.ts';
import type { KeyRange } from './lmdb-key.ts';

/** What a transaction may do; valid inside of it only. */
export interface LmdbTransaction {
  get(key: Buffer): Uint8Array | undefined;
  put(key: Buffer, value: Uint8Array): void;
  remove(key: Buffer): void;
  removeRange(range: KeyRange): void;
}

/** MDB_INVALID, MDB_CORRUPTED, MDB_PAGE_NOTFOUND. */
const DAMAGE_CODES: readonly unknown[] = [-30_793, -30_796, -30_797];
/** MDB_VERSION_MISMATCH. */
const VERSION_MISMATCH_CODE = -30_794;
/** EIO: also what LMDB makes of a write that was cut short by a full disk. */
const INPUT_OUTPUT_CODE = 5;

export class LmdbDatabase implements LmdbTransaction {
  readonly #environment: LmdbEnvironment;
  readonly #root: LmdbRoot;

  /** Makes directory and file where they are missing. */
  static async open(path: string): Promise<LmdbDatabase> {
    try {
      return new LmdbDatabase(await acquireEnvironment(path));
    } catch (error) {
      throw asOpeningError(error, path);
    }
  }

  constructor(environment: LmdbEnvironment) {
    this.#environment = environment;
    this.#root = environment.root;
  }

  get(key: Buffer): Uint8Array | undefined {
    const value = this.#root.get(key);
    return value === undefined ? undefined : new Uint8Array(value);
  }

  /** Only inside of `transaction`. */
  put(key: Buffer, value: Uint8Array): void {
    void this.#root.put(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }

  remove(key: Buffer): void {
    void this.#root.remove(key);
  }

  removeRange(range: KeyRange): void {
    for (const key of this.keys(range)) this.remove(key);
  }

  /** Ascending. */
  *entries(range: KeyRange): Generator<readonly [Buffer, Uint8Array], undefined> {
    for (const { key, value } of this.#root.getRange(range)) {
      yield [Buffer.from(key), new Uint8Array(value)];
    }
  }

  /** Ascending. */
  keys(range: KeyRange): Buffer[] {
    return Array.from(this.#root.getKeys(range), (key) => Buffer.from(key));
  }

  /**
   * All that `change` does, or nothing where it throws or the commit fails. Rejects too when the
   * file is not at its path any more: what was written is nowhere.
   */
  async transaction<Value>(change: (transaction: LmdbTransaction) => Value): Promise<Value> {
    try {
      const value = await endingAtExit(() => this.#root.childTransaction(() => change(this)));
      // Deliberate: after the commit, not before; so whatever was acknowledged was in its place.
      await this.#environment.place.check();
      return value;
    } catch (error) {
      throw await causeOf(error);
    }
  }

  async close(): Promise<void> {
    await releaseEnvironment(this.#environment);
  }
}

/** A failed commit says why in a promise of its own, which would be an unhandled rejection. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = Object(error) as { readonly commitError?: Promise<never> };
  if (!(commitError instanceof Promise)) return error;
  try {
    await commitError;
    return error;
  } catch (cause) {
    const { code } = Object(cause) as { readonly code?: unknown };
    return code === INPUT_OUTPUT_CODE ? new Error('the disk is full or fails', { cause }) : cause;
  }
}

/** As a HoldfastError that says what is wrong with the store at `path`. */
export function asOpeningError(error: unknown, path: string): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const { code, message = String(error) } = Object(error) as { code?: unknown; message?: string };
  const text = `the store ${path} can't be opened: ${message}`;
  const options = { cause: error };
  if (DAMAGE_CODES.includes(code)) return new HoldfastError('store-corrupt', text, options);
  if (code === VERSION_MISMATCH_CODE) {
    return new HoldfastError('store-version-mismatch', text, options);
  }
  return new HoldfastError('store-unavailable', text, options);
}
