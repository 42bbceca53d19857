/**
 * Puts a planted bug (test/mutants/) into a copy of the built package. In: a mutant. Out: the
 * folder of the copy, which is used like dist/ and is gone after `dispose`, or with this process.
 * A patch that no longer applies, or a copy that doesn't load, is an error, never a killed mutant.
 * dist/ stays as it is.
 */
import { execFile } from 'node:child_process';
import { access, cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import type { Mutant } from '../../test/mutants/mutant.ts';
import { TemporaryFolders } from './temporary-folders.ts';

const run = promisify(execFile);

const REPOSITORY_ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What a simulation loads; the simulator may be missing while it is being built. */
const ENTRIES = ['server/index.js', 'client/index.node.js', 'simulator/index.js'] as const;
const FOLDERS = new TemporaryFolders('holdfast-mutant');

export interface MutantCopy {
  /** The patched copy of dist/. */
  readonly directory: string;
  /** Deletes the copy. Idempotent. */
  readonly dispose: () => void;
}

/**
 * A patched copy of the built package, checked: every patch applied exactly once, the file parses,
 * it and the entries load. The caller disposes of it. `dist` is the folder that is copied.
 */
export async function createMutantCopy(
  mutant: Mutant,
  dist = join(REPOSITORY_ROOT, 'dist'),
): Promise<MutantCopy> {
  const folder = FOLDERS.create(mutant.name);
  const dispose = () => FOLDERS.dispose(folder);
  try {
    const directory = join(folder, 'dist');
    await copyBuild(dist, folder);
    const file = join(directory, mutant.file);
    await writeFile(file, patch(await readFile(file, 'utf8'), mutant));
    await checkLoads(mutant, directory);
    return { directory, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The text with every replacement made. Throws unless each `find` stands there exactly once. */
export function patch(text: string, { name, file, replacements }: Mutant): string {
  let patched = text;
  for (const { find, replace } of replacements) {
    const count = text.split(find).length - 1;
    if (count !== 1 || patched.split(find).length !== 2) {
      throw new Error(`mutant ${name}: its patch applies ${count} times to ${file}:\n${find}`);
    }
    patched = patched.replace(find, () => replace);
  }
  return patched;
}

/** No declarations, no maps, nothing of the compiler's own. */
function isCode(path: string): boolean {
  return basename(path) !== '.tsbuildinfo' && !/\.(d\.ts|map)$/.test(path);
}

/** The code alone, in a package of its own, with the dependencies of the original. */
async function copyBuild(dist: string, folder: string): Promise<void> {
  await cp(dist, join(folder, 'dist'), { recursive: true, filter: isCode });
  const manifest = JSON.stringify({ name: 'holdfast-mutant', private: true, type: 'module' });
  await writeFile(join(folder, 'package.json'), manifest);
  await symlink(join(REPOSITORY_ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

/** In processes of their own: what a module keeps must not stay in this one. */
async function checkLoads(mutant: Mutant, directory: string): Promise<void> {
  const file = join(directory, mutant.file);
  const entries = ENTRIES.map((entry) => join(directory, entry));
  const present = await Promise.all(entries.map(async (entry) => (await exists(entry)) && entry));
  const loaded = [file, ...present.filter((entry) => entry !== false)];
  const imports = loaded.map(
    (path) => `await import(${JSON.stringify(pathToFileURL(path).href)});`,
  );
  try {
    await run(process.execPath, ['--check', file]);
    await run(process.execPath, ['--input-type=module', '--eval', imports.join('\n')]);
  } catch (cause) {
    throw new Error(`mutant ${mutant.name}: ${mutant.file} does not load any more`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
