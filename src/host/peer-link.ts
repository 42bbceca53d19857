/**
 * What the host keeps for one connection: the session's handle, budgets, queues, heartbeats in
 * flight, the snapshots it has, the login that is under way. It ends with the connection.
 */
import type { RandomSource } from '../base/random-source.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import { SnapshotReceipts } from '../broadcast/snapshot-receipts.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { TransportConnection } from '../transport/transport.ts';
import type { Refusal } from './authentication.ts';
import { HeartbeatLedger } from './heartbeat-ledger.ts';
import type { HostLimits } from './host-limits.ts';
import { OutboundQueue } from './outbound-queue.ts';
import { RecoveredMoves } from './recovered-moves.ts';
import type { Seat } from './seat.ts';
import type { SeatGrant } from './seat-claim.ts';

/** One of the `strikesMax` is forgiven each second. */
const STRIKES_FORGIVEN_PER_SECOND = 1;

export interface PeerLinkOptions {
  readonly connection: TransportConnection;
  readonly session: ManagedSession;
  readonly seat: Seat;
  readonly limits: HostLimits;
  readonly nonceRandom: RandomSource;
  /** Monotonic ms. */
  readonly now: number;
}

export type BudgetVerdict = 'within' | 'over' | 'exhausted';

export class PeerLink {
  readonly connection: TransportConnection;
  readonly queue: OutboundQueue;
  readonly heartbeats: HeartbeatLedger;
  /** The snapshots that its peer has: of this connection alone, so a new one begins with none. */
  readonly snapshots: SnapshotReceipts;
  /** The live handle of this connection; a takeover by this connection replaces it. */
  session: ManagedSession;
  seat: Seat;
  /** Set while the user's `authenticate` runs for this connection. */
  loginAbort: AbortController | undefined;
  /** The words for the LoginRejected that the coordinator's next `login-failed` sends. */
  refusal: Refusal | undefined;
  /** What the LoginAccepted of the coordinator's next `logged-in` says. */
  grant: SeatGrant | undefined;
  /** Which of all logins and resumes of the host its newest one was. */
  attemptBegun = 0;
  /** Something waits in its queue that has not been flushed yet: the outbox's own mark. */
  isDirty = false;
  /** A message has been admitted since the login. */
  isConfirmed = false;
  readonly recovered = new RecoveredMoves();
  /** The tick of the newest InputAck that was sent. */
  acknowledgedInputTick = 0;
  readonly #limits: HostLimits;
  readonly #budgets: Record<Lane, TokenBucket>;
  /** Made full when the budget is first overdrawn: most links never come to it. */
  #forgiveness: Record<Lane, TokenBucket> | undefined;
  /** Made full at the first strike. */
  #strikes: TokenBucket | undefined;

  constructor({ connection, session, seat, limits, nonceRandom, now }: PeerLinkOptions) {
    this.connection = connection;
    this.session = session;
    this.seat = seat;
    this.snapshots = new SnapshotReceipts(connection.isSyncOrdered);
    this.queue = new OutboundQueue(connection, limits, (tick) => this.snapshots.noteWritten(tick));
    this.heartbeats = new HeartbeatLedger(nonceRandom);
    this.#limits = limits;
    this.#budgets = fullBudgets(limits, now);
  }

  /** Takes one message off the lane's budget; `exhausted` = over it for too long. */
  spend(lane: Lane, now: number): BudgetVerdict {
    if (this.#budgets[lane].tryTake(now)) return 'within';
    this.#forgiveness ??= fullBudgets(this.#limits, now);
    return this.#forgiveness[lane].tryTake(now) ? 'over' : 'exhausted';
  }

  /** Notes a malformed or misplaced message; false = one too many. */
  forgiveStrike(now: number): boolean {
    const { strikesMax } = this.#limits;
    this.#strikes ??= new TokenBucket(strikesMax, STRIKES_FORGIVEN_PER_SECOND, now);
    return this.#strikes.tryTake(now);
  }

  /** Stops the user's hook for a login that nobody waits for any more. */
  abortLogin(reason: string): void {
    this.loginAbort?.abort(new Error(reason));
    this.loginAbort = undefined;
  }
}

function fullBudgets(limits: HostLimits, now: number): Record<Lane, TokenBucket> {
  const { messageBurst, reliableMessagesPerSecond, syncMessagesPerSecond } = limits;
  return {
    reliable: new TokenBucket(messageBurst, reliableMessagesPerSecond, now),
    sync: new TokenBucket(messageBurst, syncMessagesPerSecond, now),
  };
}
