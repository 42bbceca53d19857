/** The file of a run's rows. In: rows. Out: one line each, in order, written in large pieces. */
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';

import type { LogRow } from './log-rows.ts';

const PIECE_LENGTH = 65_536;

export class ChaosLog {
  readonly #stream: WriteStream;
  #waiting = '';

  constructor(path: string) {
    this.#stream = createWriteStream(path);
  }

  write(row: LogRow): void {
    this.#waiting += `${JSON.stringify(row)}\n`;
    if (this.#waiting.length >= PIECE_LENGTH) this.#flush();
  }

  /** Resolves when everything is in the file. */
  end(): Promise<void> {
    this.#flush();
    return new Promise((resolve) => {
      this.#stream.end(() => resolve());
    });
  }

  #flush(): void {
    this.#stream.write(this.#waiting);
    this.#waiting = '';
  }
}
