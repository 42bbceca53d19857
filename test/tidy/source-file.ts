/**
 * The project's own TypeScript files as text, for the tests that hold its order. In: folders of the
 * repository. Out: path (relative, with slashes) and text. What is generated or built is left out.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY_ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, `/` between the parts. */
  readonly path: string;
  readonly text: string;
}

const SOURCE_ROOTS = ['src', 'test', 'scripts', 'examples', 'bench'] as const;
const LEFT_OUT = /(^|\/)(node_modules|dist|coverage|generated|\.readme-[^/]*)\/|_pb\.ts$/;

/** Every file below `folder` whose path matches, without what is generated or built. */
export function listFiles(folder: string, pattern: RegExp): string[] {
  const start = join(REPOSITORY_ROOT, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((path) => pattern.test(path) && !LEFT_OUT.test(path))
    .toSorted();
}

export function readText(path: string): string {
  return readFileSync(join(REPOSITORY_ROOT, path), 'utf8');
}

/** All TypeScript files that people write; `folder` narrows it down. */
export function sourceFiles(folder?: string): SourceFile[] {
  const folders = folder === undefined ? SOURCE_ROOTS : [folder];
  return folders
    .flatMap((root) => listFiles(root, /\.tsx?$/))
    .map((path) => ({ path, text: readText(path) }));
}

export function isTestFile(path: string): boolean {
  return /\.(test|test-d)\.ts$/.test(path) || path.startsWith('test/');
}
