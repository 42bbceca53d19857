/**
 * Makes a directory and what is missing above it, for its owner alone. In: a path. Out: nothing, or
 * the system's error. Node's own `recursive` is not used: it tries for ever where a directory is
 * there and none can be made in it, such as in /proc.
 */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Leaves a directory that is there as it is. */
export function makeLmdbDirectory(path: string): void {
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeLmdbDirectory(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isDirectory(path)) throw error;
  }
}

/** False where nothing is; throws where it can't be seen. */
function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
