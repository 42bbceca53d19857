/**
 * What a document may cite, and the checks that follow its citations: symbols and paths, never line
 * numbers; links and paths that lead somewhere. In: Markdown. Out: violations.
 */
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';

import { REPOSITORY_ROOT, listFiles, readText } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import type { Violation } from './syntax-tree.ts';

const ADR_LINES_MAX = 40;
const ADR_HEADINGS = ['Context', 'Decision', 'What we gave up', 'How we would notice'];

/** `file.ts:12`, `file.ts#L12`, "line 12", "lines 3–7". */
const LINE_CITATION = /\.[a-z]{2,5}(:\d+|#L\d+)|\blines? \d+\b/i;
const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
/** In code style, without spaces, from the root or beside the document: a file, folder, pattern. */
const PATH = /`((?:src|test|docs|scripts|examples|proto|bench|\.ci)\/[^`\s]*)`/g;

/** In a comment, from the root of the repository. */
const SOURCE_CITATION =
  /(?<=^\s*(?:\/\*\*|\*|\/\/).*)\b(docs|test|src|proto)\/[\w./-]+\.(md|ts|proto)\b/g;

/** Every document that people write. */
export function documents(): SourceFile[] {
  const paths = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].concat(
    listFiles('docs', /\.md$/),
    listFiles('examples', /\.md$/),
  );
  return paths
    .filter((path) => existsSync(join(REPOSITORY_ROOT, path)))
    .map((path) => ({ path, text: readText(path) }));
}

export function checkLineCitations(file: SourceFile): Violation[] {
  return proseLines(file.text).flatMap(([number, line]) =>
    LINE_CITATION.test(line) ? [`${file.path}:${number}: cites a line by its number`] : [],
  );
}

/** Links to files and headings; addresses elsewhere are not followed. */
export function checkLinks(file: SourceFile): Violation[] {
  return proseLines(file.text).flatMap(([number, line]) =>
    [...line.matchAll(LINK)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !leadsSomewhere(file, target))
      .map((target) => `${file.path}:${number}: ${target} leads nowhere`),
  );
}

export function checkPaths(file: SourceFile): Violation[] {
  return proseLines(file.text).flatMap(([number, line]) =>
    [...line.matchAll(PATH)]
      .flatMap((match) => expandBraces(match[1] ?? ''))
      .filter((path) => !pathExists(path) && !pathExists(besides(file, path)))
      .map((path) => `${file.path}:${number}: ${path} is not in the tree`),
  );
}

/** Files that comments of the source send the reader to. */
export function checkSourceCitations(file: SourceFile): Violation[] {
  return file.text.split('\n').flatMap((line, index) =>
    [...line.matchAll(SOURCE_CITATION)]
      .map((match) => match[0])
      .filter((path) => !existsSync(join(REPOSITORY_ROOT, path)))
      .map((path) => `${file.path}:${index + 1}: ${path} is not in the tree`),
  );
}

export function checkDecisionRecords(records: readonly SourceFile[]): Violation[] {
  return records.flatMap(({ path, text }, index) => {
    const found: Violation[] = [];
    const number = String(index + 1).padStart(4, '0');
    if (!posix.basename(path).startsWith(`${number}-`)) found.push(`${path}: not ${number}`);
    if (!text.startsWith(`# ${number}: `)) found.push(`${path}: the title is not "# ${number}: …"`);
    const lines = text.trimEnd().split('\n').length;
    if (lines > ADR_LINES_MAX) found.push(`${path}: ${lines} lines`);
    for (const heading of ADR_HEADINGS) {
      if (!text.includes(`\n## ${heading}`)) found.push(`${path}: no "## ${heading}"`);
    }
    return found;
  });
}

/** The lines outside of fenced blocks, with their numbers. */
function proseLines(text: string): [number, string][] {
  let isFenced = false;
  return text.split('\n').flatMap((line, index): [number, string][] => {
    const isFence = line.trimStart().startsWith('```');
    if (isFence) isFenced = !isFenced;
    return isFence || isFenced ? [] : [[index + 1, line]];
  });
}

function leadsSomewhere(file: SourceFile, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const resolved = path === '' ? file.path : posix.join(posix.dirname(file.path), path);
  if (path !== '' && !existsSync(join(REPOSITORY_ROOT, resolved))) return false;
  if (anchor === undefined || !resolved.endsWith('.md')) return true;
  const text = path === '' ? file.text : readText(resolved);
  return proseLines(text).some(([, line]) => /^#+ /.test(line) && slugOf(line) === anchor);
}

/** As the usual renderers make anchors of headings. */
function slugOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function besides(file: SourceFile, path: string): string {
  return posix.join(posix.dirname(file.path), path);
}

function expandBraces(path: string): string[] {
  const match = /\{([^{}]*)\}/.exec(path);
  if (match === null) return [path];
  return (match[1] ?? '')
    .split(',')
    .flatMap((part) => expandBraces(path.replace(match[0], part.trim())));
}

/** `*` stands for a part of a name, `**` for any folders. */
function pathExists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(REPOSITORY_ROOT, path));
  const pattern = path
    .split('**')
    .map((part) => part.replace(/[.+^$()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'))
    .join('.*');
  return listFiles(path.split('/')[0] ?? '', new RegExp(`^${pattern}`)).length > 0;
}
