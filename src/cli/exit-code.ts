/** The exit code that stands for the end of a process, as shells have it. */
import { constants } from 'node:os';
import type { ChildEnd } from './supervised-child.ts';

const SIGNAL_BASE = 128;

/** Its own code, or 128 + the number of the signal that ended it. */
export function exitCodeOf({ code, signal }: ChildEnd): number {
  if (code !== null) return code;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return SIGNAL_BASE + (numbers[signal ?? ''] ?? 0);
}
