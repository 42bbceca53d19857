/**
 * Proof that what was opened was closed: sockets, servers, timers, processes. In: two instants.
 * Out: an error that names what is left. Counts by kind, so a leak that hides behind a close of the
 * same kind is missed; open the watch before anything else of the test.
 */
import { waitUntil } from './wait-until.ts';

/** What closes late on its own, and what belongs to the test runner. */
const IGNORED = new Set(['MessagePort', 'CloseReq', 'FSReqPromise', 'FSReqCallback', 'Immediate']);
const TIMEOUT_MS = 2_000;

function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!IGNORED.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

export class LeakWatch {
  readonly #before = activeResources();

  /** Waits a moment for closes that are under way; rejects when something stays open. */
  async expectNoLeaks(timeoutMs = TIMEOUT_MS): Promise<void> {
    let leaks: string[] = [];
    const isClean = (): boolean => {
      leaks = this.#leaks();
      return leaks.length === 0;
    };
    try {
      await waitUntil(isClean, { what: 'every resource to close', timeoutMs });
    } catch (error) {
      throw new Error(`left open: ${leaks.join(', ')}`, { cause: error });
    }
  }

  #leaks(): string[] {
    return [...activeResources()].flatMap(([kind, count]) => {
      const more = count - (this.#before.get(kind) ?? 0);
      return more > 0 ? [`${more} ${kind}`] : [];
    });
  }
}
