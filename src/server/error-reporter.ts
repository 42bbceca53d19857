/**
 * The default `onError`: one line on stderr for each error of a user's hook, at most one a second,
 * so that a peer who provokes a throw can't fill the log. What was left out is counted in the next.
 */
import { inspect } from 'node:util';
import type { Clock } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';

const LINE_INTERVAL_MS = 1000;

/** Of a disk that fails its words say it; a stack would show where we noticed. */
function wordsOf(error: unknown): string {
  const isOfStore = error instanceof HoldfastError && error.code.startsWith('store-');
  return isOfStore ? `${error.code}: ${error.message}` : inspect(error);
}

/** Returns the reporter; `writeLine` gets text that ends with a line break. */
export function createErrorReporter(
  clock: Clock,
  writeLine: (line: string) => void,
): (error: unknown, where: string) => void {
  let nextLineAt = -Infinity;
  let omitted = 0;
  return (error, where) => {
    const now = clock.now();
    if (now < nextLineAt) {
      omitted += 1;
      return;
    }
    nextLineAt = now + LINE_INTERVAL_MS;
    // Deliberate: not String(error), which itself throws for some of what can be thrown.
    const text = typeof error === 'string' ? error : wordsOf(error);
    const more = omitted > 0 ? ` (${omitted} more were left out)` : '';
    omitted = 0;
    writeLine(`holdfast: ${where} threw${more}: ${text}\n`);
  };
}
