/**
 * Which newcomers are resuming which session, and until when each may take (L15). In: begins and
 * ends of verifications, by session ids. Out: until when a session is awaited.
 * Must not know: states, tokens, who wins. Holds at most one entry for each pending newcomer.
 */
import type { SessionId } from '../protocol/ids.ts';

interface Wait {
  readonly target: SessionId;
  until: number;
}

export class ResumeWaits {
  readonly #byNewcomer = new Map<SessionId, Wait>();
  /** Only those whom the target still waits for. */
  readonly #byTarget = new Map<SessionId, Set<Wait>>();

  /** False when the newcomer is resuming a session already. `until` is monotonic ms. */
  begin(newcomer: SessionId, target: SessionId, until: number): boolean {
    if (this.#byNewcomer.has(newcomer)) return false;
    const wait = { target, until };
    this.#byNewcomer.set(newcomer, wait);
    const waits = this.#byTarget.get(target);
    if (waits === undefined) this.#byTarget.set(target, new Set([wait]));
    else waits.add(wait);
    return true;
  }

  /** The session that the newcomer is resuming. */
  targetOf(newcomer: SessionId): SessionId | undefined {
    return this.#byNewcomer.get(newcomer)?.target;
  }

  /** The verification is over, however it went. */
  end(newcomer: SessionId): void {
    const wait = this.#byNewcomer.get(newcomer);
    if (wait === undefined) return;
    this.#byNewcomer.delete(newcomer);
    const waits = this.#byTarget.get(wait.target);
    waits?.delete(wait);
    if (waits?.size === 0) this.#byTarget.delete(wait.target);
  }

  /** The target goes on: it waits for nobody who is still being verified. */
  release(target: SessionId): void {
    this.#byTarget.delete(target);
  }

  /** Until when the target waits; undefined = for nobody. */
  awaitedUntil(target: SessionId): number | undefined {
    const waits = this.#byTarget.get(target);
    if (waits === undefined) return undefined;
    let latest = -Infinity;
    for (const { until } of waits) latest = Math.max(latest, until);
    return latest;
  }

  /** A stall: everybody may take as much longer. Returns whom that concerns. */
  extend(byMs: number): SessionId[] {
    for (const wait of this.#byNewcomer.values()) wait.until += byMs;
    return [...this.#byTarget.keys()];
  }
}
