/**
 * The environments of LMDB that this process has open, each file once, however many ask for it:
 * opening takes the write lock on the event loop, and would wait for ever for a transaction of the
 * same process that needs the event loop to go on.
 * In: a path. Out: the package's database and where it lies, to be released as often as it was
 * acquired.
 */
import { closeSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { RootDatabase } from 'lmdb';

import { checkDataFile } from './lmdb-data-file.ts';
import { makeLmdbDirectory } from './lmdb-directory.ts';
import { loadLmdbPackage } from './lmdb-package.ts';
import { LmdbPlace } from './lmdb-place.ts';

export type LmdbRoot = RootDatabase<Buffer, Buffer>;

export interface LmdbEnvironment {
  readonly root: LmdbRoot;
  readonly place: LmdbPlace;
}

interface Environment extends LmdbEnvironment {
  readonly key: string;
  users: number;
  closing: Promise<void> | undefined;
}

const environments = new Map<string, Environment>();

/** Makes directory and file where they are missing. */
export async function acquireEnvironment(path: string): Promise<LmdbEnvironment> {
  const { open } = await loadLmdbPackage();
  // What players are told and who they are is nobody else's on this machine.
  makeLmdbDirectory(dirname(path));
  const key = keyOf(path);
  let environment = environments.get(key);
  while (environment?.closing !== undefined) {
    await environment.closing;
    environment = environments.get(key);
  }
  if (environment === undefined) {
    checkDataFile(path);
    makePrivate(path);
    makePrivate(`${path}-lock`);
    const root = open<Buffer, Buffer>({
      path,
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      // A commit is then over when it is on the disk, not before.
      overlappingSync: false,
      eventTurnBatching: false,
    });
    environment = { key, root, place: new LmdbPlace(path), users: 0, closing: undefined };
    environments.set(key, environment);
  }
  environment.users += 1;
  return environment;
}

/** Whatever has become of its file and directory meanwhile. */
export async function releaseEnvironment({ root }: LmdbEnvironment): Promise<void> {
  const environment = [...environments.values()].find((each) => each.root === root);
  if (environment === undefined) return;
  environment.users -= 1;
  if (environment.users > 0) return;
  environment.closing = root.close().finally(() => environments.delete(environment.key));
  await environment.closing;
}

/**
 * Makes the file, readable by its owner alone, unless it is there: LMDB leaves it as it is. Throws
 * where something else is there: at a directory in the place of its lock LMDB ends the process.
 */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    // Deliberate: never opened when it is there, since closing it would drop this process's locks.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!statSync(path).isFile()) throw new Error(`${path} is not a file`, { cause: error });
  }
}

/** One file has one key, by whatever links it is reached. */
function keyOf(path: string): string {
  return join(realpathSync(dirname(path)), basename(path));
}
