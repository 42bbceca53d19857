/**
 * What a host keeps, against its bounds: bytes that wait for a peer, sessions, worlds, what is
 * remembered of verdicts and of moves. In: a host, now and then. Out: readings. Looks seldom,
 * because looking costs more than a tick does. Must not know: who compares.
 */
import type { Clock } from '../base/clock.ts';
import type { SessionInspection } from '../host/server-network-host.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { RunGauges } from './run-gauges.ts';

/** A host, as far as it is watched. */
export interface WatchedHost {
  readonly sessions: Iterable<ManagedSession> & {
    readonly size: number;
    history(): Iterable<unknown>;
  };
  readonly worldCount: number;
  inspect(session: ManagedSession): SessionInspection | undefined;
}

export interface BoundsWatchOptions {
  readonly clock: Clock;
  readonly gauges: RunGauges;
  /** `limits.reliableQueueBytesMax` of the host. */
  readonly queueBytesMax: number;
  /** Sessions that all peers together may hold. */
  readonly sessionsMax: () => number;
}

/** The newest that were not plainly accepted. */
const VERDICTS_RECENT_MAX = 8;
/** Words of refusals that are counted by name; the rest is one more. */
const VERDICT_CODES_MAX = 65;
const HISTORY_MAX = 4_096;

export class BoundsWatch {
  readonly #options: BoundsWatchOptions;

  constructor(options: BoundsWatchOptions) {
    this.#options = options;
  }

  look(host: WatchedHost): void {
    const { queueBytesMax, sessionsMax } = this.#options;
    // A snapshot may follow when the queue has just emptied below its bound.
    const bytesMax = queueBytesMax + WIRE_LIMITS.serverFrameBytesMax;
    const { size } = host.sessions;
    this.#read('sessions', 'the host', [size, sessionsMax()]);
    // A world closes in the tick after its last player has left.
    this.#read('worlds', 'the host', [host.worldCount, sessionsMax()]);
    for (const session of host.sessions) {
      const inspection = host.inspect(session);
      if (inspection === undefined) continue;
      const { pendingBytes, verdicts } = inspection;
      this.#read('queue bytes', session.peerId, [pendingBytes, bytesMax]);
      this.#read('recent verdicts', session.peerId, [verdicts.recent.length, VERDICTS_RECENT_MAX]);
      const codes = Object.keys(verdicts.rejectedByCode).length;
      this.#read('verdict codes', session.peerId, [codes, VERDICT_CODES_MAX]);
    }
  }

  /** The dearest readings, once at the end. */
  lookLast({ sessions }: WatchedHost): void {
    this.#read('remembered moves', 'the host', [[...sessions.history()].length, HISTORY_MAX]);
  }

  #read(name: string, of: string, [value, bound]: readonly [value: number, bound: number]): void {
    const { clock, gauges } = this.#options;
    gauges.read(name, { value, bound, at: clock.now(), of });
  }
}
