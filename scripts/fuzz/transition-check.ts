/**
 * Watches the events of one coordinator: only legal moves, each from where the last one ended, one
 * beginning and one end per session, time that never falls, epochs that grow by one. In: events.
 * Out: an error for the first that breaks a promise. Knows states only from SESSION_TRANSITIONS.
 */
import type { SessionEvent } from '../../src/session/session-event.ts';
import type { Production } from './production.ts';

interface Life {
  state: string;
  epoch: number;
  isOver: boolean;
}

/** Words of the table that stand for any cause. */
const OPEN_CAUSES: ReadonlySet<string> = new Set(['given', 'kept']);

export class TransitionCheck {
  readonly #legal = new Map<string, ReadonlySet<string>>();
  readonly #lives = new Map<string, Life>();
  #lastAt = -Infinity;
  #problem: string | undefined;

  constructor({ SESSION_TRANSITIONS }: Pick<Production, 'SESSION_TRANSITIONS'>) {
    for (const { side, from, to, cause } of SESSION_TRANSITIONS) {
      if (side !== 'server') continue;
      const move = `${from} → ${to}`;
      this.#legal.set(move, new Set([...(this.#legal.get(move) ?? []), cause]));
    }
  }

  /** Sessions that have begun and not ended. */
  get liveCount(): number {
    let count = 0;
    for (const life of this.#lives.values()) if (!life.isOver) count += 1;
    return count;
  }

  /** A subscriber; a throw of its own would only be counted, so it remembers. */
  readonly handleEvent = (event: SessionEvent): void => {
    try {
      this.#check(event);
    } catch (error) {
      this.#problem ??= error instanceof Error ? error.message : String(error);
    }
  };

  /** Throws what `handleEvent` found. */
  assertSound(): void {
    if (this.#problem !== undefined) throw new Error(this.#problem);
  }

  #check({ session, from, to, cause, at, epoch }: SessionEvent): void {
    const move = `${from} → ${to}`;
    const causes = this.#legal.get(move);
    if (causes === undefined) throw new Error(`the move ${move} is not in the table`);
    if (!causes.has(cause) && ![...OPEN_CAUSES].some((word) => causes.has(word))) {
      throw new Error(`the move ${move} has no cause '${cause}'`);
    }
    if (at < this.#lastAt) throw new Error('an event lies before the one before');
    this.#lastAt = at;
    const life = this.#lives.get(session.sessionId) ?? {
      state: 'disconnected',
      epoch: 0,
      isOver: false,
    };
    if (life.isOver) throw new Error(`a session moves after its end: ${move}`);
    if (life.state !== from) throw new Error(`a session in ${life.state} moves ${move}`);
    // A session of an earlier process brings its own.
    if (from === 'disconnected' && cause === 'server-restarted') life.epoch = epoch;
    const expected = life.epoch + (to === 'logged-in' ? 1 : 0);
    if (epoch !== expected) throw new Error(`the epoch is ${epoch}, not ${expected}, at ${move}`);
    life.state = to;
    life.epoch = epoch;
    life.isOver = to === 'disconnected';
    this.#lives.set(session.sessionId, life);
  }
}
