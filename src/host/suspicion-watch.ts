/**
 * Who behaves as no honest client does, and for how long: tells the user at each crossing of a
 * threshold, once, and does nothing else about it. In: verdicts that are not plain acceptances,
 * messages over budget, the pass. Out: calls of `onSuspicion`, counts. Must not know: worlds.
 */
import type { Verdict } from '../authority/verdict.ts';
import type { InputRejectionCode } from '../protocol/codes.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { HostCounters } from './host-counters.ts';
import type { PeerLink } from './peer-link.ts';
import type { Seat } from './seat.ts';
import type { Suspicion } from './suspicion.ts';
import type { SuspicionKind, SuspicionLimits } from './suspicion-limits.ts';
import { SuspicionMeter } from './suspicion-meter.ts';

export interface SuspicionWatchOptions {
  readonly limits: SuspicionLimits;
  readonly counters: HostCounters;
  /** The live handle of a session. */
  readonly sessionOf: (sessionId: SessionId) => ManagedSession | undefined;
  /** Must not throw. */
  readonly tell: (session: ManagedSession, suspicion: Suspicion) => void;
}

/** `null`: nothing that the peer has done. A code of a game's own is `refused`. */
const KIND_BY_CODE: ReadonlyMap<string, SuspicionKind | null> = new Map(
  Object.entries({
    'not-logged-in': null,
    'not-finite': 'invalid',
    'invalid-tick': 'invalid',
    'too-far-ahead': 'ahead',
    'input-queue-full': 'flood',
    'unknown-input': 'invalid',
    'invalid-payload': 'invalid',
    'shooter-dead': 'refused',
    cooldown: 'refused',
    'target-self': 'refused',
    'target-unknown': 'refused',
    'target-dead': 'refused',
    'target-unavailable': 'refused',
    'out-of-range': 'refused',
    'no-line-of-sight': 'refused',
    'aim-mismatch': 'refused',
    'no-direction': 'refused',
    'internal-error': null,
    'world-failed': null,
  } satisfies Record<InputRejectionCode, SuspicionKind | null>),
);

export class SuspicionWatch {
  readonly #options: SuspicionWatchOptions;
  /** Sessions that are suspected of something. */
  readonly #suspects = new Map<SessionId, SuspicionMeter>();

  constructor(options: SuspicionWatchOptions) {
    this.#options = options;
  }

  /** Suspects of this host, until the next `review` those included who have gone. */
  get size(): number {
    return this.#suspects.size;
  }

  /**
   * A login or resume on that seat: clocks are brought into step. Deliberate: not again for as long
   * afterwards, so that nobody hides by coming back all the time.
   */
  noteArrival(seat: Seat, now: number): void {
    const { graceMs } = this.#options.limits;
    if (now >= seat.graceUntil + graceMs) seat.graceUntil = now + graceMs;
  }

  noteVerdict(link: PeerLink, verdict: Verdict, now: number): void {
    const kind = kindOf(verdict);
    if (kind === null) return;
    const isOfTime = kind === 'stale' || kind === 'ahead';
    if (isOfTime && now < link.seat.graceUntil) return;
    this.#note(link, kind, now);
  }

  /** A message beyond the budget of its lane, which nobody has read. */
  noteFlood(link: PeerLink, now: number): void {
    this.#note(link, 'flood', now);
  }

  /** Clears what is over; once per pass. Costs as much as there are suspects. */
  review(now: number): void {
    for (const [sessionId, meter] of this.#suspects) {
      const session = this.#options.sessionOf(sessionId);
      if (session === undefined) {
        this.#suspects.delete(sessionId);
        continue;
      }
      for (const kind of meter.takeCleared(now)) {
        this.#options.tell(session, {
          kind,
          change: 'cleared',
          perSecond: meter.perSecond(kind, now),
        });
      }
      if (!meter.isRaised) this.#suspects.delete(sessionId);
    }
  }

  #note({ session, seat }: PeerLink, kind: SuspicionKind, now: number): void {
    const { limits, counters, tell } = this.#options;
    // Not of one whom a hook has removed meanwhile, nor of somebody without a name.
    if (session.state !== 'logged-in') return;
    seat.suspicion ??= new SuspicionMeter(limits);
    if (!seat.suspicion.note(kind, now)) return;
    this.#suspects.set(session.sessionId, seat.suspicion);
    counters.suspicionsRaised += 1;
    counters.suspicionsRaisedByKind.add(kind);
    tell(session, { kind, change: 'raised', perSecond: seat.suspicion.perSecond(kind, now) });
  }
}

function kindOf(verdict: Verdict): SuspicionKind | null {
  if (verdict.outcome === 'accepted') return null;
  if (verdict.outcome !== 'rejected') return verdict.outcome;
  const kind = KIND_BY_CODE.get(verdict.code);
  return kind === undefined ? 'refused' : kind;
}
