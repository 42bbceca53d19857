/**
 * Logins: from the message to the coordinator's call. `authenticate` may take its time, answer late
 * or never: an attempt has a number and a deadline, and an answer that nobody waits for any more
 * changes nothing. What follows a login stands in session-reactions.ts.
 */
import type { Result } from '../base/result.ts';
import type { Login } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { AuthenticationFailure, ProvenPlayer, Refusal } from './authentication.ts';
import { refusalFor, tryAuthenticate } from './authentication.ts';
import type { HostCore } from './host-core.ts';
import { failPeer, reportUserError } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';

/** One try to log in: who waits for the answer. */
interface LoginAttempt {
  readonly link: PeerLink;
  /** The provisional session, as it was when the login came. */
  readonly session: ManagedSession;
  readonly attempt: number;
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
    if (!session.isAlive) return true;
    const login: LoginAttempt = { link, session, attempt };
    if (message.protocolVersion === PROTOCOL_VERSION) {
      void this.#authenticate(login, message.credentials);
    } else {
      const spoken = `this server speaks protocol version ${PROTOCOL_VERSION}`;
      this.#refuse(login, refusalFor('version-mismatch', { message: spoken }));
    }
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
    try {
      this.#settle(login, outcome, abort.signal);
    } catch (error) {
      failPeer(this.#core, link, error);
    }
  }

  #settle(
    login: LoginAttempt,
    outcome: Result<ProvenPlayer, AuthenticationFailure>,
    signal: AbortSignal,
  ): void {
    if (outcome.ok) {
      this.#admit(login, outcome.value);
      return;
    }
    const { refusal, hookError } = outcome.error;
    // A hook that gives up because it was told to has done nothing wrong.
    const isFault = hookError !== undefined && !signal.aborted;
    if (isFault) reportUserError(this.#core, hookError, 'authenticate');
    this.#refuse(login, refusal);
  }

  #admit(login: LoginAttempt, { playerId, worldId, data }: ProvenPlayer): void {
    const { sessions } = this.#core;
    const { attempt, session } = login;
    const isWaiting = session.isAlive && session.state === 'login-pending';
    const previous = sessions.getByPlayer(playerId);
    // Who will not get the seat needs no room either (L18); the coordinator says so below.
    const isAskedFor = isWaiting && !(previous !== undefined && sessions.keepsSeat(previous));
    const problem =
      isAskedFor &&
      (this.#refuseAddress(login.link.connection.address, previous) ??
        this.#refuseWorld(worldId, previous?.worldId !== worldId));
    if (problem) this.#refuse(login, problem);
    else sessions.notifyLoginSucceeded(session, { attempt, playerId, worldId, data });
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

  #refuse(login: LoginAttempt, refusal: Refusal): void {
    const { link, session, attempt } = login;
    link.refusal = refusal;
    this.#core.sessions.notifyLoginFailed(session, { attempt, code: refusal.code });
    link.refusal = undefined;
  }
}
