/**
 * A server process as its supervisor sees it: started with some facts, it reports and it ends.
 * The seam between the supervisor's rules and real processes.
 */

/** What a process is told when it is started. */
export interface LaunchFacts {
  /** Processes that were started before this one. */
  readonly restarts: number;
  /** The port that an earlier one chose and this one takes again. */
  readonly port?: number;
  /** The one before; absent for the first. */
  readonly previous?: PreviousProcess;
}

export interface PreviousProcess {
  /** `SIGKILL`, `exit code 1`, or `restart` when one was asked for. */
  readonly how: string;
  /** When it ended. Milliseconds since 1970. */
  readonly endedAt: number;
}

/** One of the two is null. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Called in this order; `handleEnded` once, and nothing after it. */
export interface ChildHandler {
  /** It serves. `port`: the one that it chose itself. */
  handleListening(port: number | undefined): void;
  /** It wants to be stopped politely and started again. */
  handleRestartWish(): void;
  handleEnded(end: ChildEnd): void;
}

export interface SupervisedChild {
  /** Sends one signal; does nothing once it has ended. */
  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts one process. Doesn't throw: what cannot be started ends, after the call has returned. */
export type LaunchChild = (facts: LaunchFacts, handler: ChildHandler) => SupervisedChild;
