/**
 * Keeps one server process alive: the rules of when to start another and when to end. In: how a
 * process is started, signals, its reports and its end. Out: one line for each restart, an exit
 * code. Must not know: real processes, ports of its own.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer, WallClock } from '../base/clock.ts';
import { exitCodeOf } from './exit-code.ts';
import type { ChildEnd, LaunchChild, LaunchFacts, SupervisedChild } from './supervised-child.ts';
import type { SupervisorLimits } from './supervisor-limits.ts';

/** A terminal signals the whole group and npm passes its own on: that is one wish, not two. */
const SAME_SIGNAL_MS = 1_000;
/** As shells have it: 128 + the number of SIGINT. */
const IMPATIENT_EXIT_CODE = 130;

/** What is to happen when the present process has ended. */
type Wish = 'nothing' | 'restart' | 'end';

/** The present process. */
interface Run {
  readonly launchedAt: number;
  child: SupervisedChild | undefined;
  hasListened: boolean;
}

/** The process before the present one. */
interface Fallen {
  readonly isWished: boolean;
  readonly how: string;
  readonly lifeMs: number;
  readonly endedAt: number;
  readonly endedUnixMs: number;
}

export interface SupervisorOptions {
  readonly clock: Clock & WallClock;
  readonly scheduler: Scheduler;
  readonly limits: SupervisorLimits;
  readonly launch: LaunchChild;
  /** Gets each line for the operator, without its end. */
  readonly say: (line: string) => void;
  /** A process serves; `restarts` were started before it. */
  readonly onListening: (listening: Listening) => void;
}

export interface Listening {
  readonly restarts: number;
  /** The port that the server chose itself, now or earlier. */
  readonly port: number | undefined;
}

export class Supervisor {
  /** Resolves with the exit code when no process is left and none will follow. */
  readonly ended: Promise<number>;
  readonly #options: SupervisorOptions;
  #settle: (exitCode: number) => void = ignore;
  /** Instants, oldest first; at most `deathsMax`. */
  readonly #deaths: number[] = [];
  #run: Run | undefined;
  #launches = 0;
  #port: number | undefined;
  #fallen: Fallen | undefined;
  #wish: Wish = 'nothing';
  #wishedAt = 0;
  #isForced = false;
  #forceTimer: Timer | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Starts the first process. Once. */
  start(): void {
    this.#launch();
  }

  /** Passes the wish to end on; asked again later, or not heard in time, it is SIGKILL. */
  handleSignal(signal: 'SIGINT' | 'SIGTERM'): void {
    const now = this.#options.clock.now();
    if (this.#wish !== 'end') {
      this.#wish = 'end';
      this.#wishedAt = now;
      this.#askToEnd(signal);
    } else if (now - this.#wishedAt > SAME_SIGNAL_MS) {
      this.#isForced = true;
      this.#run?.child?.signal('SIGKILL');
    }
  }

  #launch(): void {
    const run: Run = {
      launchedAt: this.#options.clock.now(),
      child: undefined,
      hasListened: false,
    };
    this.#run = run;
    this.#wish = 'nothing';
    const facts = this.#facts();
    this.#launches += 1;
    run.child = this.#options.launch(facts, {
      handleListening: (port) => this.#handleListening(run, port),
      handleRestartWish: () => this.#handleRestartWish(),
      handleEnded: (end) => this.#handleEnded(run, end),
    });
  }

  #facts(): LaunchFacts {
    const fallen = this.#fallen;
    return {
      restarts: this.#launches,
      ...(this.#port === undefined ? {} : { port: this.#port }),
      ...(fallen === undefined
        ? {}
        : { previous: { how: fallen.how, endedAt: fallen.endedUnixMs } }),
    };
  }

  #handleListening(run: Run, port: number | undefined): void {
    if (run.hasListened) return;
    run.hasListened = true;
    this.#port ??= port;
    if (this.#fallen !== undefined) {
      const tookMs = this.#options.clock.now() - this.#fallen.endedAt;
      const restarted = `${storyOf(this.#fallen)} restarted in ${Math.round(tookMs)} ms`;
      this.#options.say(restarted);
    }
    this.#options.onListening({ restarts: this.#launches - 1, port: this.#port });
  }

  #handleRestartWish(): void {
    if (this.#wish !== 'nothing') return;
    this.#wish = 'restart';
    this.#askToEnd('SIGTERM');
  }

  #askToEnd(signal: 'SIGINT' | 'SIGTERM'): void {
    const { scheduler, limits } = this.#options;
    this.#run?.child?.signal(signal);
    this.#forceTimer?.cancel();
    this.#forceTimer = scheduler.setTimer(limits.endTimeoutMs, () =>
      this.#run?.child?.signal('SIGKILL'),
    );
  }

  #handleEnded(run: Run, end: ChildEnd): void {
    const { clock } = this.#options;
    const endedAt = clock.now();
    this.#forceTimer?.cancel();
    if (this.#wish === 'end') return this.#settle(this.#endingCode(end));
    const isWished = this.#wish === 'restart';
    if (!isWished && end.code === 0) return this.#settle(0);
    const how = isWished ? 'restart' : (end.signal ?? `exit code ${end.code}`);
    const lifeMs = endedAt - run.launchedAt;
    const fallen = { isWished, how, lifeMs, endedAt, endedUnixMs: clock.unixMs() };
    if (!isWished && this.#isHopeless(run, fallen)) return this.#settle(exitCodeOf(end));
    this.#fallen = fallen;
    this.#launch();
  }

  /** Notes a death; says why there will be no other process, when there won't. */
  #isHopeless(run: Run, fallen: Fallen): boolean {
    const { limits, say } = this.#options;
    if (!run.hasListened) {
      // Deliberate: the very first has said itself why it can't start.
      if (this.#fallen !== undefined) {
        say(`${storyOf(this.#fallen)} its successor never listened (${fallen.how})`);
      }
      return true;
    }
    this.#deaths.push(fallen.endedAt);
    if (this.#deaths.length < limits.deathsMax) return false;
    const [oldest = 0] = this.#deaths.splice(0, this.#deaths.length - limits.deathsMax + 1);
    if (hasPassed(oldest + limits.deathWindowMs, fallen.endedAt)) return false;
    const span = seconds(fallen.endedAt - oldest);
    say(`${storyOf(fallen)} death ${limits.deathsMax} in ${span}, giving up`);
    return true;
  }

  /** Of a process that was asked to end. */
  #endingCode(end: ChildEnd): number {
    if (this.#isForced) return IMPATIENT_EXIT_CODE;
    // Before its handlers were there, the signal that was passed on ended it: as it was wished.
    if (end.signal === 'SIGINT' || end.signal === 'SIGTERM') return 0;
    return exitCodeOf(end);
  }
}

function ignore(): void {
  // Nobody waits before the promise is there.
}

function storyOf({ isWished, how, lifeMs }: Fallen): string {
  const life = `after ${seconds(lifeMs)};`;
  return isWished ? `server stopped to restart ${life}` : `server died (${how}) ${life}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
