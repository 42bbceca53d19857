/**
 * What the parts of a host share: the coordinator, the links, the seats, the worlds, the way out.
 * Created once by ServerNetworkHost; each part gets it whole and keeps no copy of its own.
 */
import { catchRejection } from '../base/catch-rejection.ts';
import type { Clock } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { Broadcaster } from '../broadcast/broadcaster.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { MultiSessionManager } from '../session/multi-session-manager.ts';
import type { TransportConnection } from '../transport/transport.ts';
import type { AddressLedger } from './address-ledger.ts';
import type { HostCounters } from './host-counters.ts';
import type { HostNotice } from './host-notice.ts';
import type { HostOptions } from './host-options.ts';
import type { Outbox } from './outbox.ts';
import type { PeerLink } from './peer-link.ts';
import type { PlayerQueue } from './player-queue.ts';
import type { ResumeTokens } from './resume-tokens.ts';
import type { SeatMoves } from './seat-moves.ts';
import type { Seat } from './seat.ts';
import type { SessionArchive } from './session-archive.ts';
import type { Suspicion } from './suspicion.ts';
import type { SuspicionWatch } from './suspicion-watch.ts';
import type { TickLoop } from './tick-loop.ts';
import type { WorldKeeper } from './world-keeper.ts';
import type { WorldRooms } from './world-rooms.ts';

export interface HostCore {
  readonly options: HostOptions;
  readonly clock: Clock;
  readonly randomStreams: RandomStreams;
  readonly sessions: MultiSessionManager;
  readonly counters: HostCounters;
  /** Opened connections without a link: it is made at their session's first event. */
  readonly arrivals: Map<PeerId, TransportConnection>;
  readonly links: Map<PeerId, PeerLink>;
  readonly seats: Map<SessionId, Seat>;
  /** Connections of each address on which nobody has been proven. */
  readonly unprovenByAddress: AddressLedger;
  /** Seats of each address, those held for a player whose connection is gone included. */
  readonly seatsByAddress: AddressLedger;
  readonly archive: SessionArchive;
  readonly keeper: WorldKeeper;
  readonly tokens: ResumeTokens;
  readonly seatMoves: SeatMoves;
  readonly suspicions: SuspicionWatch;
  /** Login, resume and removal of one player wait for each other. */
  readonly players: PlayerQueue;
  readonly rooms: WorldRooms;
  readonly broadcaster: Broadcaster;
  readonly outbox: Outbox;
  readonly loop: TickLoop;
  /** Links whose VerdictReport is due at the end of the pass. */
  readonly reportsDue: Set<PeerLink>;
  /** Logins and Resumes that have ever begun. */
  attemptsBegun: number;
  /** Sessions that have not been logged in yet. */
  preLoginCount: number;
  isStopping: boolean;
}

/** The host closes one peer's connection for `code`; the coordinator decides what remains of it. */
export function closePeer(core: HostCore, link: PeerLink, code: CloseCode): void {
  core.sessions.notifyHostClosed(link.session, code);
}

/** A hook or an authority of the user threw: counted, and told to the operator. */
export function reportUserError(core: HostCore, error: unknown, where: string): void {
  core.counters.userErrors += 1;
  tellOperator(core, error, where);
}

/** `onError` is the user's too; when it throws there is nobody left to tell. */
export function tellOperator(core: HostCore, error: unknown, where: string): void {
  callHook(
    () => core.options.onError(error, where),
    () => (core.counters.userErrors += 1),
  );
}

export function tellNotice(core: HostCore, notice: HostNotice): void {
  callHook(
    () => core.options.onNotice?.(notice),
    (error) => reportUserError(core, error, 'onNotice'),
  );
}

export function tellSuspicion(core: HostCore, session: ManagedSession, what: Suspicion): void {
  callHook(
    () => core.options.onSuspicion?.(session, what),
    (error) => reportUserError(core, error, 'onSuspicion'),
  );
}

/** What went wrong for this peer is our own bug: it ends this one session, and nothing else. */
export function failPeer(core: HostCore, link: PeerLink, error: unknown): void {
  core.counters.internalErrors += 1;
  tellOperator(core, error, 'holdfast itself');
  core.sessions.remove(link.session, 'internal-error');
}

/** Calls a hook of the user. What it throws, or what its promise is rejected with, is a fault. */
export function callHook(call: () => unknown, onFault: (error: unknown) => void): void {
  try {
    catchRejection(call(), onFault);
  } catch (error) {
    onFault(error);
  }
}

/** Out of every look-up of the host; the connection itself is left to the caller. */
export function forgetLink(core: HostCore, link: PeerLink): void {
  core.links.delete(link.connection.peerId);
  core.rooms.get(link.session.worldId)?.links.delete(link);
  core.reportsDue.delete(link);
  if (link.seat.link === link) link.seat.link = undefined;
}

/** The session is gone, or lives on under another id: it has no seat any more. */
export function forgetSeat(core: HostCore, { sessionId, worldId }: ManagedSession): void {
  const seat = core.seats.get(sessionId);
  if (seat === undefined) return;
  core.seats.delete(sessionId);
  core.rooms.get(worldId)?.seats.delete(seat);
}

/** The connection of a session, while it has one. */
export function linkOf(core: HostCore, session: ManagedSession): PeerLink | undefined {
  const link = core.links.get(session.peerId);
  return link?.session === session ? link : undefined;
}
