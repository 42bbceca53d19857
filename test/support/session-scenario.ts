/**
 * A coordinator on a clock that moves only when told, and what its subscribers heard of each peer.
 * In: facts about peers by name. Out: handles, traces. For tests of session/ alone: no host, no
 * transport, no time of its own.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import type { ResumeSuccess } from '../../src/session/coordinator-calls.ts';
import { MultiSessionManager } from '../../src/session/multi-session-manager.ts';
import type { MultiSessionManagerOptions } from '../../src/session/multi-session-manager.ts';
import type { SessionEvent } from '../../src/session/session-event.ts';
import type { SessionPolicy } from '../../src/session/session-policy.ts';

export type Handle = ManagedSession<string>;

/** Fields of a scenario are the coordinator's own options. */
type ScenarioOptions = Partial<MultiSessionManagerOptions<string>>;

export interface LoginWish {
  readonly playerId?: string;
  readonly worldId?: string;
  readonly data?: string;
}

export class SessionScenario {
  readonly clock = {
    ms: 1_000,
    now(): number {
      return this.ms;
    },
  };
  readonly sessions: MultiSessionManager<string>;
  readonly events: SessionEvent<string>[] = [];
  #idsCount = 0;

  constructor(policy: Partial<SessionPolicy> = {}, options: ScenarioOptions = {}) {
    this.sessions = new MultiSessionManager<string>({
      clock: this.clock,
      policy,
      createSessionId: () => `session-${(this.#idsCount += 1)}` as SessionId,
      ...options,
    });
    this.sessions.subscribe((event) => this.events.push(event));
  }

  contact(peer: string): Handle {
    const session = this.sessions.observeTransportActivity(peer as PeerId);
    if (session === undefined) throw new Error(`${peer} was refused`);
    return session;
  }

  /** First contact and the begin of a login. */
  startLogin(peer: string): { readonly session: Handle; readonly attempt: number } {
    const session = this.contact(peer);
    const attempt = this.sessions.notifyLoginStarted(session);
    if (attempt === undefined) throw new Error(`${peer} may not log in`);
    return { session, attempt };
  }

  /** First contact and a login; the player is named like the peer when nothing else is wished. */
  logIn(peer: string, wish: LoginWish = {}): Handle {
    const { session, attempt } = this.startLogin(peer);
    const handle = this.sessions.notifyLoginSucceeded(session, {
      attempt,
      playerId: (wish.playerId ?? peer) as PlayerId,
      worldId: (wish.worldId ?? 'arena') as WorldId,
      data: wish.data ?? `data of ${peer}`,
    });
    if (handle === undefined) throw new Error(`${peer} was not logged in`);
    return handle;
  }

  /** First contact and the begin of a Resume. */
  startResume(peer: string): { readonly session: Handle; readonly attempt: number } {
    const session = this.contact(peer);
    const attempt = this.sessions.notifyLoginStarted(session, 'resume');
    if (attempt === undefined) throw new Error(`${peer} may not resume`);
    return { session, attempt };
  }

  /** The same, and its token names this session: what is verified now. */
  awaitResume(peer: string, { sessionId }: Pick<Handle, 'sessionId'>): ResumeSuccess<string> {
    const { session: newcomer, attempt } = this.startResume(peer);
    const start = { sessionId, newcomer, attempt };
    const expectedEpoch = this.sessions.notifyResumeStarted(start);
    if (expectedEpoch === undefined) throw new Error(`${sessionId} cannot be resumed`);
    return { ...start, expectedEpoch };
  }

  /** Moves time on in steps of a tick, evaluates after each. */
  pass(durationMs: number, stepMs = 50): void {
    for (let left = durationMs; left > 0; left -= stepMs) {
      this.clock.ms += Math.min(stepMs, left);
      this.sessions.evaluate();
    }
  }

  get(peer: string): Handle | undefined {
    return this.sessions.get(peer as PeerId);
  }

  /** "from → to: cause" of everything that subscribers heard of a session. */
  trace({ sessionId }: Pick<Handle, 'sessionId'>): string[] {
    return this.events
      .filter((event) => event.session.sessionId === sessionId)
      .map(({ from, to, cause }) => `${from} → ${to}: ${cause}`);
  }

  /** The same, of the last `count` moves of anybody. */
  lastMoves(count: number): string[] {
    return this.events.slice(-count).map(({ from, to, cause }) => `${from} → ${to}: ${cause}`);
  }
}
