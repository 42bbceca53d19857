/**
 * The inputs that are worth keeping, one file per target in test/fuzz/corpus: a line is the
 * combination that the input was the first to reach, and the input as hexadecimal. In: a target's
 * name. Out: its inputs; new ones are made small before they are written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Coverage } from './coverage.ts';
import { executeOnce, type NewInput } from './fuzz-engine.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { minimise, type StillFails } from './minimise.ts';

const DIRECTORY = new URL('../../test/fuzz/corpus/', import.meta.url);
/** Of all files together 200 kB at most; a test holds it. */
const FILE_BYTES_MAX = 15_000;
/** Executions for making one input small. */
const CHECKS_MAX = 1_500;

export interface CorpusEntry {
  /** What the input reached when it was found, in words. */
  readonly combination: string;
  readonly input: Uint8Array;
}

export function readCorpus(targetName: string): CorpusEntry[] {
  const file = fileOf(targetName);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const [combination = '', input = ''] = line.split('\t');
      return { combination, input: Uint8Array.from(Buffer.from(input, 'hex')) };
    });
}

/** Adds what reaches more than the corpus does, as long as the file has room. Returns how many. */
export async function extendCorpus(
  target: FuzzTarget,
  found: readonly NewInput[],
): Promise<number> {
  const entries = readCorpus(target.name);
  const covered = new Coverage();
  for (const { input } of entries) await executeOnce(target, input.slice(), covered);
  let size = format(entries).length;
  let added = 0;
  for (const { keys, input } of found) {
    for (const key of keys) {
      if (covered.has(key)) continue;
      const small = await minimise(input, reaches(target, key), CHECKS_MAX);
      const entry = { combination: target.describe(key), input: small };
      const length = format([entry]).length;
      if (size + length > FILE_BYTES_MAX) continue;
      size += length;
      added += 1;
      entries.push(entry);
      await executeOnce(target, small.slice(), covered);
    }
  }
  const sorted = entries.toSorted((one, other) => (one.combination < other.combination ? -1 : 1));
  if (added > 0) writeFileSync(fileOf(target.name), format(sorted));
  return added;
}

function reaches(target: FuzzTarget, key: number): StillFails {
  const coverage = new Coverage();
  return async (input) => {
    coverage.clear();
    await executeOnce(target, input.slice(), coverage);
    return coverage.has(key);
  };
}

function format(entries: readonly CorpusEntry[]): string {
  return entries
    .map(({ combination, input }) => `${combination}\t${Buffer.from(input).toString('hex')}\n`)
    .join('');
}

function fileOf(targetName: string): string {
  return fileURLToPath(new URL(`${targetName}.txt`, DIRECTORY));
}
