/**
 * What the host does when a session moves: the only place where a transition turns into messages,
 * closed connections and joins or leaves of a world. It is the coordinator's first subscriber, so
 * whatever a user's subscriber sends comes after the host's own words.
 */
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { CloseCode } from '../protocol/codes.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { SessionState } from '../session/session-state.ts';
import { refusalFor } from './authentication.ts';
import { continueStream } from './continue-stream.ts';
import type { HostCore } from './host-core.ts';
import { forgetLink, forgetSeat } from './host-core.ts';
import { sendHeartbeat } from './heartbeats.ts';
import { PeerLink } from './peer-link.ts';
import { Seat } from './seat.ts';

const PRE_LOGIN: ReadonlySet<SessionState> = new Set([
  'transport-connected',
  'login-pending',
  'login-failed',
]);

function isCloseCode(cause: string): cause is CloseCode {
  return Object.hasOwn(CLOSE_CODES, cause);
}

/** The code with which a removed session's connection is closed. */
function closeCodeFor(event: SessionEvent): CloseCode {
  if (isCloseCode(event.cause)) return event.cause;
  return PRE_LOGIN.has(event.from) ? 'login-failed' : 'evicted';
}

export class SessionReactions {
  readonly #core: HostCore;

  constructor(core: HostCore) {
    this.#core = core;
  }

  handleEvent(event: SessionEvent): void {
    this.#countProof(event);
    switch (event.to) {
      case 'transport-connected':
        this.#handleFirstContact(event);
        return;
      case 'login-pending':
        return;
      case 'login-failed':
        this.#handleLoginFailed(event);
        return;
      case 'logged-in':
        this.#handleLoggedIn(event);
        return;
      case 'timed-out':
      case 'reconnecting':
        this.#handleConnectionGone(event);
        return;
      case 'disconnected':
        this.#handleRemoved(event);
        return;
      default:
        event.to satisfies never;
    }
  }

  /** Keeps the counts behind the limits at the door and at the login. */
  #countProof({ session, from, to }: SessionEvent): void {
    if (to === 'transport-connected') this.#core.preLoginCount += 1;
    const seat = this.#core.seats.get(session.sessionId);
    if (PRE_LOGIN.has(from) && !PRE_LOGIN.has(to)) {
      this.#core.preLoginCount -= 1;
      if (seat === undefined) return;
      this.#core.unprovenByAddress.remove(seat.address);
      if (to === 'logged-in') this.#core.seatsByAddress.add(seat.address);
    } else if (to === 'disconnected' && seat !== undefined) {
      this.#freeAddress(seat);
    }
  }

  #freeAddress({ address }: Seat): void {
    if (address !== '') this.#core.seatsByAddress.remove(address);
  }

  /** Before any other subscriber hears of it: one may inspect the session, or remove it at once. */
  #handleFirstContact({ session }: SessionEvent): void {
    const { arrivals, links, seats, unprovenByAddress, options, clock } = this.#core;
    const { peerId, sessionId } = session;
    const connection = arrivals.get(peerId);
    if (connection === undefined) return;
    arrivals.delete(peerId);
    const { address } = connection;
    const { limits } = options;
    const seat = new Seat(address, limits);
    const nonceRandom = this.#core.randomStreams(`nonce:${peerId}`);
    const now = clock.now();
    seats.set(sessionId, seat);
    unprovenByAddress.add(address);
    links.set(peerId, new PeerLink({ connection, session, seat, limits, nonceRandom, now }));
  }

  #handleLoginFailed({ session, cause, retryAfterMs = 0 }: SessionEvent): void {
    const link = this.#core.links.get(session.peerId);
    if (link === undefined) return;
    this.#core.counters.loginsRefused += 1;
    this.#core.counters.loginsRefusedByCode.add(cause);
    link.abortLogin(cause);
    // Rounded up: whoever comes back on time has waited long enough.
    const refusal = link.refusal ?? refusalFor(cause, { retryAfterMs: Math.ceil(retryAfterMs) });
    this.#core.outbox.send(link, { kind: 'login-rejected', ...refusal });
  }

  #handleLoggedIn(event: SessionEvent): void {
    const { session, previousPeerId } = event;
    const isMove = previousPeerId !== undefined;
    if (isMove) this.#endLink(this.#core.links.get(previousPeerId), 'superseded');
    const link = this.#core.links.get(session.peerId);
    const room = this.#core.rooms.get(session.worldId);
    if (link === undefined || room === undefined || session.playerId === undefined) return;
    if (isMove) this.#moveSeat(link, session);
    link.session = session;
    room.links.add(link);
    if (isMove) room.world.resumePlayer(session);
    else room.world.addPlayer(session, link.grant?.entity);
    this.#welcome(link, session);
  }

  /** The session's seat passes to the newcomer's address; the newcomer's own ends with `merged`. */
  #moveSeat(link: PeerLink, session: ManagedSession): void {
    const seat = this.#core.seats.get(session.sessionId);
    if (seat === undefined) return;
    this.#freeAddress(seat);
    seat.address = link.connection.address;
    this.#core.seatsByAddress.add(seat.address);
    // What the last connection was to be told about its inputs is of no use to this one.
    seat.verdicts.takeReport(0);
    link.seat = seat;
  }

  #welcome(link: PeerLink, session: ManagedSession): void {
    const { options, sessions, suspicions, clock } = this.#core;
    const room = this.#core.rooms.get(session.worldId);
    const { playerId, worldId } = session;
    suspicions.noteArrival(link.seat, clock.now());
    const { resumeToken = '', resume } = link.grant ?? {};
    link.grant = undefined;
    if (room === undefined || playerId === undefined || worldId === undefined) return;
    const accepted = {
      kind: 'login-accepted',
      protocolVersion: PROTOCOL_VERSION,
      sessionId: session.sessionId,
      epoch: session.epoch,
      playerId,
      worldId,
      entity: room.world.entityOf(playerId) ?? 0,
      tickRateHz: options.tickRateHz,
      inputAheadTicksMax: options.inputLimits.inputAheadTicksMax,
      inputHoldTicksMax: options.inputLimits.inputHoldTicksMax,
      heartbeatIntervalMs: sessions.policy.heartbeatIntervalMs,
      livenessTimeoutMs: sessions.policy.livenessTimeoutMs,
      reconnectWindowMs: sessions.policy.reconnectWindowMs,
      snapshotFields: room.world.snapshotFields,
      resumeToken,
    } as const;
    continueStream(this.#core, link, { room, accepted, resume });
    sendHeartbeat(this.#core, link);
  }

  /** The seat is held, the connection is given up. */
  #handleConnectionGone({ session, cause, from }: SessionEvent): void {
    const { playerId } = session;
    if (from === 'disconnected') this.#seatRestored(session);
    if (from === 'logged-in' && playerId !== undefined) {
      const room = this.#core.rooms.get(session.worldId);
      room?.world.suspendPlayer(playerId, this.#core.sessions.policy.ghost);
    }
    const link = this.#core.links.get(session.peerId);
    if (link === undefined) return;
    if (isCloseCode(cause) && cause !== 'liveness-timeout') this.#endLink(link, cause);
    else this.#dropLink(link);
  }

  #handleRemoved(event: SessionEvent): void {
    const { session, cause, from } = event;
    forgetSeat(this.#core, session);
    // Deliberate: the newcomer's connection lives on in the session that it became part of. The
    // cause alone doesn't say so: a hook may refuse with any word.
    if (event.mergedInto !== undefined) return;
    const link = this.#core.links.get(session.peerId);
    link?.abortLogin(cause);
    const message = isCloseCode(cause) ? '' : cause;
    const sayGoodbye = (): void => this.#endLink(link, closeCodeFor(event), message);
    if (PRE_LOGIN.has(from)) sayGoodbye();
    else this.#forgetSession(session, sayGoodbye);
  }

  /** L23: gone at once; whoever has to be told is told when the store has forgotten it, too. */
  #forgetSession({ sessionId, playerId, worldId, peerId }: ManagedSession, tell: () => void): void {
    const { rooms, tokens, seatMoves, sessions, archive, players, links } = this.#core;
    tokens.forget(sessionId);
    if (playerId !== undefined) {
      rooms.get(worldId)?.world.removePlayer(playerId);
      if (sessions.getByPlayer(playerId) === undefined) seatMoves.forget(playerId);
    }
    // Where nothing is forgotten nobody waits: not even for a login that the disk holds up.
    if (playerId === undefined || !archive.isDurable || archive.isRetaining) {
      tell();
      return;
    }
    const link = links.get(peerId);
    if (link !== undefined) forgetLink(this.#core, link);
    // Deliberate: what there is to forget is known when the player's turn has come. A login that is
    // being written may have replaced the record, and may still put it back.
    players.run(playerId, () => {
      const forgetting = archive.forget(sessionId);
      return forgetting === undefined ? tell() : forgetting.then(tell);
    });
  }

  /** L23: what an earlier process knew of it; no connection, and no address yet. */
  #seatRestored({ sessionId }: ManagedSession): void {
    const { seats, archive, tokens, options } = this.#core;
    const record = archive.recordOf(sessionId);
    const seat = new Seat('', options.limits);
    seat.stream.restore(record?.reliable);
    seats.set(sessionId, seat);
    if (record !== undefined) tokens.set(sessionId, record.tokens);
  }

  #endLink(link: PeerLink | undefined, code: CloseCode, message = ''): void {
    if (link === undefined) return;
    forgetLink(this.#core, link);
    try {
      this.#core.outbox.close(link, code, message);
    } catch (error) {
      // Nobody knows the connection any more: it has to end, with words or without.
      this.#core.outbox.drop(link);
      throw error;
    }
  }

  #dropLink(link: PeerLink): void {
    forgetLink(this.#core, link);
    this.#core.outbox.drop(link);
  }
}
