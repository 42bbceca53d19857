/**
 * Logins: from the message to the coordinator's call. `authenticate` and the store may take their
 * time, answer late or never: an attempt has a number and a deadline, and an answer that nobody
 * waits for any more changes nothing. What follows a login stands in session-reactions.ts.
 */
import type { Result } from '../base/result.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Login } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { StoredTokens } from '../store/session-record.ts';
import type { AuthenticationFailure, ProvenPlayer, Refusal } from './authentication.ts';
import { refusalFor, tryAuthenticate, versionRefusal } from './authentication.ts';
import type { HostCore } from './host-core.ts';
import { failPeer, linkOf, reportUserError } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';
import { NO_TOKENS, replaceTokens } from './resume-tokens.ts';
import type { NewToken } from './resume-tokens.ts';
import { BUSY_RETRY_MS, claimSeat, isAwaiting } from './seat-claim.ts';
import type { SeatRecord } from './seat-claim.ts';
import type { KeepOutcome } from './session-archive.ts';
import type { WorldRoom } from './world-rooms.ts';

/** One try to log in: who waits for the answer. */
interface LoginAttempt {
  readonly link: PeerLink;
  /** The provisional session, as it was when the login came. */
  readonly session: ManagedSession;
  readonly attempt: number;
}

/** What a login comes to if nothing changes until its record is durable. */
interface LoginPlan {
  readonly login: LoginAttempt;
  readonly player: ProvenPlayer;
  /** Open, and held open while the plan is under way. */
  readonly room: WorldRoom;
  /** The player's session so far. */
  readonly previous: ManagedSession | undefined;
  /** `previous` goes on, in the same world; else the newcomer's session begins. */
  readonly isTakeover: boolean;
  readonly sessionId: SessionId;
  /** Reserved for a player who joins; undefined without a store, and for a takeover. */
  readonly entity: number | undefined;
  /** Undefined when no seat is ever held. */
  readonly token: NewToken | undefined;
  readonly tokens: StoredTokens;
}

export class LoginDesk {
  readonly #core: HostCore;

  constructor(core: HostCore) {
    this.#core = core;
  }

  /** False when the session's state allows no login now. */
  handleLogin(link: PeerLink, message: Login): boolean {
    const { session } = link;
    const attempt = this.#core.sessions.notifyLoginStarted(session);
    if (attempt === undefined) return false;
    // Removed by a subscriber that heard of it: nobody would ever abort the hook.
    if (!isAwaiting(link)) return true;
    this.#core.attemptsBegun += 1;
    link.attemptBegun = this.#core.attemptsBegun;
    const login: LoginAttempt = { link, session, attempt };
    const refusal = versionRefusal(message.protocolVersion);
    if (refusal === undefined) void this.#authenticate(login, message.credentials);
    else this.#refuse(login, refusal);
    return true;
  }

  async #authenticate(login: LoginAttempt, credentials: string): Promise<void> {
    const { link } = login;
    const abort = new AbortController();
    link.loginAbort = abort;
    const { address, origin } = link.connection;
    const outcome = await tryAuthenticate(this.#core.options.authenticate, credentials, {
      address,
      origin,
      signal: abort.signal,
    });
    if (link.loginAbort === abort) link.loginAbort = undefined;
    this.#guard(link, () => this.#settle(login, outcome, abort.signal));
  }

  #settle(
    login: LoginAttempt,
    outcome: Result<ProvenPlayer, AuthenticationFailure>,
    signal: AbortSignal,
  ): void {
    if (outcome.ok) {
      const player = outcome.value;
      const { link } = login;
      const begin = () => this.#guard(link, () => this.#begin(login, player));
      this.#core.players.run(player.playerId, begin, () => isAwaiting(link));
      return;
    }
    const { refusal, hookError } = outcome.error;
    // A hook that gives up because it was told to has done nothing wrong.
    const isFault = hookError !== undefined && !signal.aborted;
    if (isFault) reportUserError(this.#core, hookError, 'authenticate');
    this.#refuse(login, refusal);
  }

  /** The player's turn has come. */
  #begin(login: LoginAttempt, player: ProvenPlayer): void | Promise<void> {
    const { sessions } = this.#core;
    const { link, session, attempt } = login;
    const previous = sessions.getByPlayer(player.playerId);
    // Whoever is late, or will not get the seat (L18), needs no room: the coordinator says so.
    if (!isAwaiting(link) || (previous !== undefined && sessions.keepsSeat(previous))) {
      sessions.notifyLoginSucceeded(session, { attempt, ...player });
      return undefined;
    }
    const problem = this.#refuseTakeover(link, previous) ?? this.#refusePlace(login, player);
    const room = this.#core.rooms.get(player.worldId);
    if (problem !== undefined || room === undefined) {
      this.#refuse(login, problem ?? refusalFor('world-unavailable'));
      return undefined;
    }
    const plan = this.#planFor(login, player, room);
    const ahead = this.#recordFor(plan);
    const settle = (outcome: KeepOutcome): boolean => {
      room.joining -= 1;
      return this.#finish(plan, outcome);
    };
    room.joining += 1;
    return claimSeat(this.#core, { link, ahead, settle });
  }

  /** ADR 0014: who has logged in since keeps the seat; nor does it move too often. */
  #refuseTakeover(link: PeerLink, previous: ManagedSession | undefined): Refusal | undefined {
    const { seatMoves, clock, counters } = this.#core;
    if (previous?.playerId === undefined) return undefined;
    const holder = linkOf(this.#core, previous);
    if (holder !== undefined && holder.attemptBegun > link.attemptBegun) {
      return refusalFor('already-logged-in', { retryable: false });
    }
    const retryAfterMs = seatMoves.waitMs(previous.playerId, clock.now());
    if (retryAfterMs === 0) return undefined;
    counters.seatMovesRefused += 1;
    return refusalFor('busy', { retryAfterMs });
  }

  #refusePlace({ link }: LoginAttempt, { playerId, worldId }: ProvenPlayer): Refusal | undefined {
    const previous = this.#core.sessions.getByPlayer(playerId);
    return (
      this.#refuseAddress(link.connection.address, previous) ??
      this.#refuseWorld(worldId, previous?.worldId !== worldId)
    );
  }

  /** A player who has a seat there already takes no other. */
  #refuseAddress(address: string, previous: ManagedSession | undefined): Refusal | undefined {
    const { seatsByAddress, seats, options } = this.#core;
    if (seatsByAddress.countOf(address) < options.limits.sessionsPerAddressMax) return undefined;
    const seat = previous && seats.get(previous.sessionId);
    return seat?.address === address ? undefined : refusalFor('address-full');
  }

  #refuseWorld(worldId: ProvenPlayer['worldId'], isNewcomer: boolean): Refusal | undefined {
    try {
      const room = this.#core.rooms.tryOpen(worldId, isNewcomer);
      return room.ok ? undefined : refusalFor(room.error);
    } catch (error) {
      reportUserError(this.#core, error, 'createAuthorities');
      return refusalFor('world-unavailable');
    }
  }

  #planFor(login: LoginAttempt, player: ProvenPlayer, room: WorldRoom): LoginPlan {
    const { sessions, tokens, archive } = this.#core;
    const previous = sessions.getByPlayer(player.playerId);
    const isTakeover = previous?.worldId === player.worldId;
    const { sessionId } = isTakeover && previous ? previous : login.session;
    const isHeld = sessions.policy.reconnectWindowMs > 0;
    const token = isHeld ? tokens.draw(login.link.connection.peerId) : undefined;
    return {
      login,
      player,
      room,
      previous,
      isTakeover,
      sessionId,
      entity: archive.isDurable && !isTakeover ? room.world.reserveEntity() : undefined,
      token,
      tokens: token ? replaceTokens(tokens.of(sessionId), token.hash) : NO_TOKENS,
    };
  }

  #recordFor(plan: LoginPlan): SeatRecord | undefined {
    const { archive } = this.#core;
    if (!archive.isDurable) return undefined;
    const { player, room, previous, isTakeover, sessionId, tokens } = plan;
    const before = previous && archive.recordOf(previous.sessionId);
    const { playerId, worldId, data } = player;
    const record = {
      sessionId,
      playerId,
      worldId,
      entity: plan.entity ?? room.world.entityOf(playerId) ?? 0,
      epoch: isTakeover && previous ? previous.epoch + 1 : 1,
      tokens,
      reliable: undefined,
      data,
    };
    if (before === undefined) return { record, before, condition: { expectedEpoch: 0 } };
    if (isTakeover) return { record, before, condition: { expectedEpoch: before.epoch } };
    const replaced = { sessionId: before.sessionId, epoch: before.epoch };
    return { record, before, condition: { expectedEpoch: 0, replaced } };
  }

  /** The record is durable, or there is none; whether the connection is logged in. */
  #finish(plan: LoginPlan, outcome: KeepOutcome): boolean {
    const { login, player, sessionId, token, tokens, entity } = plan;
    const { link, session, attempt } = login;
    const { sessions } = this.#core;
    if (!isAwaiting(link)) {
      // Too late (L8): the coordinator counts it.
      sessions.notifyLoginSucceeded(session, { attempt, ...player });
      return false;
    }
    const problem = refusalOf(outcome) ?? this.#refuseChanged(plan);
    if (problem !== undefined) {
      this.#refuse(login, problem);
      return false;
    }
    if (token !== undefined) this.#core.tokens.set(sessionId, tokens);
    link.grant = { resumeToken: token?.text ?? '', entity, resume: undefined };
    return sessions.notifyLoginSucceeded(session, { attempt, ...player }) !== undefined;
  }

  /** Everything once more: others have played on while the record was written. */
  #refuseChanged({ login, player, room, previous, entity }: LoginPlan): Refusal | undefined {
    const { sessions, rooms } = this.#core;
    const isUnchanged =
      sessions.getByPlayer(player.playerId) === previous &&
      rooms.get(player.worldId) === room &&
      (entity === undefined || room.world.isJoinable(entity));
    if (isUnchanged) return this.#refusePlace(login, player);
    return refusalFor('busy', { retryAfterMs: BUSY_RETRY_MS });
  }

  #refuse(login: LoginAttempt, refusal: Refusal): void {
    const { link, session, attempt } = login;
    link.refusal = refusal;
    this.#core.sessions.notifyLoginFailed(session, { attempt, code: refusal.code });
    link.refusal = undefined;
  }

  #guard<Answer>(link: PeerLink, work: () => Answer): Answer | undefined {
    try {
      return work();
    } catch (error) {
      failPeer(this.#core, link, error);
      return undefined;
    }
  }
}

function refusalOf(outcome: KeepOutcome): Refusal | undefined {
  if (outcome === 'kept') return undefined;
  // What the hook answered as `data` is no plain JSON; the operator has been told.
  if (outcome === 'unstorable') return refusalFor('authenticate-failed', { retryable: false });
  return refusalFor('busy', { retryAfterMs: BUSY_RETRY_MS });
}
