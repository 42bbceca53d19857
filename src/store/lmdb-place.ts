/**
 * Where the data file lies. A file that is removed, or replaced by another, while it is open can be
 * written all the same, and nobody will ever read that: what a start finds is what its path names.
 * In: a path whose file has just been opened. Out: whether it is that file still.
 */
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

export class LmdbPlace {
  readonly #path: string;
  readonly #device: bigint;
  readonly #inode: bigint;

  constructor(path: string) {
    const { dev, ino } = statSync(path, { bigint: true });
    this.#path = path;
    this.#device = dev;
    this.#inode = ino;
  }

  /** Rejects when the path names another file, or none. Beside the event loop: a disk may hang. */
  async check(): Promise<void> {
    const { dev, ino } = await stat(this.#path, { bigint: true });
    if (dev === this.#device && ino === this.#inode) return;
    throw new Error(`another file is in the place of ${this.#path}`);
  }
}
