/**
 * How a seat passes to a connection: what shall be true is written ahead, and made true once it is
 * durable and nothing has changed meanwhile; otherwise the record is put back. Without a store all
 * of it happens within the call. In: a record and what to do when it is kept. Out: what the
 * LoginAccepted has to say. Must not know: by what right somebody takes a seat.
 */
import type { SessionRecord } from '../store/session-record.ts';
import type { PutSessionCondition } from '../store/session-store.ts';
import type { ResumeClaim } from './continue-stream.ts';
import type { HostCore } from './host-core.ts';
import { failPeer } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';
import { settleTokens } from './resume-tokens.ts';
import type { KeepOutcome } from './session-archive.ts';

/** When to try again where only the moment was wrong. */
export const BUSY_RETRY_MS = 500;

/** What the coordinator's next `logged-in` means for this connection. */
export interface SeatGrant {
  /** Empty = the session can't be taken up again. */
  readonly resumeToken: string;
  /** The entity that was written down for a player who joins; undefined = the world's next. */
  readonly entity: number | undefined;
  /** Undefined for a login. */
  readonly resume: ResumeClaim | undefined;
}

/** What is written ahead. */
export interface SeatRecord {
  readonly record: SessionRecord;
  readonly before: SessionRecord | undefined;
  readonly condition: PutSessionCondition;
}

export interface SeatClaim {
  readonly link: PeerLink;
  /** Undefined without a store. */
  readonly ahead: SeatRecord | undefined;
  /** Looks at everything once more, and answers whether the connection has the seat. */
  readonly settle: (outcome: KeepOutcome) => boolean;
}

export function claimSeat(core: HostCore, claim: SeatClaim): void | Promise<void> {
  const { link, ahead, settle } = claim;
  const keeping = ahead && core.archive.keep(ahead.record, ahead.condition);
  if (keeping !== undefined) return settleLater(core, claim, keeping);
  trySettle(core, link, () => settle('kept'));
  return undefined;
}

async function settleLater(
  core: HostCore,
  claim: SeatClaim,
  keeping: Promise<KeepOutcome>,
): Promise<void> {
  const { link, ahead, settle } = claim;
  const outcome = await keeping;
  const hasSeat = trySettle(core, link, () => settle(outcome));
  if (hasSeat || outcome !== 'kept' || ahead === undefined) return;
  core.counters.seatsUndone += 1;
  core.archive.undo(ahead.record, ahead.before);
}

function trySettle(core: HostCore, link: PeerLink, settle: () => boolean): boolean {
  try {
    return settle();
  } catch (error) {
    failPeer(core, link, error);
    return false;
  }
}

/** True while the connection waits for the answer to the Login or Resume that it sent. */
export function isAwaiting({ session }: PeerLink): boolean {
  return session.isAlive && session.state === 'login-pending';
}

/**
 * The first message of a connection's epoch was admitted: what it was told has arrived, its token
 * too; the one before is spent. The record is put again; nobody waits for that.
 */
export function confirmConnection(core: HostCore, link: PeerLink): void {
  link.isConfirmed = true;
  link.seat.restoredTick = undefined;
  const { sessionId, playerId, epoch } = link.session;
  const tokens = core.tokens.of(sessionId);
  if (tokens.previous === undefined || playerId === undefined) return;
  const settled = settleTokens(tokens);
  core.tokens.set(sessionId, settled);
  core.players.run(playerId, () => {
    const record = core.archive.recordOf(sessionId);
    if (record?.epoch !== epoch) return;
    core.archive.amend({ ...record, tokens: settled, restoredTick: undefined });
  });
}
