/**
 * One page per session: a duplicated tab brings a copy of the token, and two pages with one token
 * would take the seat from each other. In: the session that a page has or wants. Out: whether
 * another page has it. Must not know: connections, tokens.
 */
import type { Scheduler, Timer } from '../base/clock.ts';
import type { SessionId } from '../protocol/ids.ts';

/** A page that is being reloaded needs a moment to let go. */
const CLAIM_MS_MAX = 500;

/** Named locks, of which each is held once on the whole machine. */
export interface SessionLocks {
  /** Calls back once when it is granted. The answer gives it back, or stops asking. */
  request(name: string, onGranted: () => void): () => void;
}

/** For platforms without locks: whoever asks gets it, and the server decides. */
export const NO_LOCKS: SessionLocks = {
  request: (_name, onGranted) => {
    onGranted();
    return () => undefined;
  },
};

export class SessionLock {
  readonly #locks: SessionLocks;
  readonly #scheduler: Scheduler;
  #sessionId: SessionId | undefined;
  #giveBack: (() => void) | undefined;
  #timer: Timer | undefined;

  constructor(options: { readonly locks: SessionLocks; readonly scheduler: Scheduler }) {
    this.#locks = options.locks;
    this.#scheduler = options.scheduler;
  }

  /** Answers, after 500 ms at most, whether the session is ours; never after `release`. */
  claim(sessionId: SessionId, onAnswer: (isOurs: boolean) => void): void {
    this.#timer = this.#scheduler.setTimer(CLAIM_MS_MAX, () => {
      this.release();
      onAnswer(false);
    });
    this.#request(sessionId, () => {
      // Granted in the moment in which it was given up.
      if (this.#timer === undefined) return;
      this.#stopTimer();
      onAnswer(true);
    });
  }

  /** Holds it from now on, or from when whoever has it lets go. */
  hold(sessionId: SessionId): void {
    if (this.#sessionId === sessionId) return;
    this.release();
    this.#request(sessionId, () => undefined);
  }

  /** Idempotent. */
  release(): void {
    this.#stopTimer();
    this.#giveBack?.();
    this.#giveBack = undefined;
    this.#sessionId = undefined;
  }

  #request(sessionId: SessionId, onGranted: () => void): void {
    this.#sessionId = sessionId;
    this.#giveBack = this.#locks.request(`holdfast:${sessionId}`, onGranted);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
