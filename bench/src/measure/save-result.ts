/** Keeps results in docs/performance, where the plots and the tables are made from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const RESULTS_DIRECTORY = fileURLToPath(
  new URL('../../../docs/performance', import.meta.url),
);

/** `name` without an ending, such as `arena-1000`. */
export function saveResult(name: string, result: object): void {
  mkdirSync(RESULTS_DIRECTORY, { recursive: true });
  const path = join(RESULTS_DIRECTORY, `${name}.json`);
  writeFileSync(path, `${JSON.stringify(result, undefined, 2)}\n`);
  process.stderr.write(`${path}\n`);
}
