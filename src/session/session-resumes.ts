/**
 * How a session comes back: by a Resume (L15–L17), or out of a store (L23). In: what the host knows
 * of tokens and stores, step by step. Out: handles. Validates first, changes after: a refused
 * Resume leaves the session that it named as it was.
 * Must not know: tokens, the store, the player's queue. It calls no subscriber: delivering is the
 * coordinator's.
 */
import { assert } from '../base/assert.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type {
  RestoredSession,
  ResumeRefusal,
  ResumeStart,
  ResumeSuccess,
} from './coordinator-calls.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionRegister } from './session-register.ts';

export class SessionResumes<Data> {
  readonly #register: SessionRegister<Data>;

  constructor(register: SessionRegister<Data>) {
    this.#register = register;
  }

  /** L15: the epoch that the session must still have when it is resumed. */
  start({ sessionId, newcomer, attempt }: ResumeStart<Data>): number | undefined {
    const register = this.#register;
    const pending = this.#resolvePending(newcomer, attempt);
    if (pending === undefined) return undefined;
    const target = this.#resolveTarget(sessionId);
    if (target === undefined) return undefined;
    const now = register.now();
    const until = now + register.policy.loginTimeoutMs;
    if (!register.waits.begin(pending.sessionId, sessionId, until)) {
      register.count('login-not-expected');
      return undefined;
    }
    register.awaitResumes(sessionId, now);
    return target.epoch;
  }

  /** L16; refuses by itself (L17) when the session is not what it was at the start. */
  finish(success: ResumeSuccess<Data>): SessionRecord<Data> | undefined {
    const { sessionId, newcomer, attempt, expectedEpoch } = success;
    const register = this.#register;
    const pending = this.#resolvePending(newcomer, attempt);
    if (pending === undefined) return undefined;
    const isStarted = register.waits.targetOf(pending.sessionId) === sessionId;
    const target = isStarted ? this.#resolveTarget(sessionId) : undefined;
    if (target?.epoch === expectedEpoch) {
      return register.passOn(target, pending, { cause: 'resumed', now: register.now() });
    }
    if (target !== undefined) register.count('resume-epoch-changed');
    this.#refuse(pending, 'resume-refused');
    return undefined;
  }

  /** L17, or busy (L15). */
  refuse(refusal: ResumeRefusal<Data>): boolean {
    const { newcomer, attempt, retryAfterMs } = refusal;
    const register = this.#register;
    const pending = this.#resolvePending(newcomer, attempt);
    if (pending === undefined) return false;
    assert(retryAfterMs === undefined || retryAfterMs >= 0, 'a wait is no time ago');
    if (retryAfterMs === undefined) {
      this.#refuse(pending, 'resume-refused');
      return true;
    }
    const sessionId = refusal.sessionId ?? register.waits.targetOf(pending.sessionId);
    const target = sessionId && register.index.getBySession(sessionId);
    if (target) {
      register.apply(target, { kind: 'resume-postponed', retryAfterMs }, register.now());
    }
    register.count('resume-postponed');
    this.#refuse(pending, 'busy');
    return true;
  }

  /** L23. */
  restore(record: RestoredSession<Data>): SessionRecord<Data> | undefined {
    const { sessionId, playerId, worldId, epoch, data } = record;
    assert(Number.isSafeInteger(epoch) && epoch >= 1, 'a session that was kept was logged in');
    const register = this.#register;
    const { index } = register;
    const peerId = `restored:${sessionId}` as PeerId;
    if (index.getBySession(sessionId) ?? index.getByPlayer(playerId)) {
      register.count('restore-refused');
      return undefined;
    }
    register.count('session-restored');
    const player = { playerId, worldId, data };
    return register.begin({ sessionId, peerId, player }, { kind: 'restored', epoch });
  }

  #refuse(pending: SessionRecord<Data>, code: SessionCause): void {
    const register = this.#register;
    if (code === 'resume-refused') register.count('resume-refused');
    const { attempt } = pending;
    register.apply(pending, { kind: 'login-failed', attempt, code }, register.now());
  }

  /** L8: the newcomer, when it is this Resume of it that waits for an answer. */
  #resolvePending(
    newcomer: ManagedSession<Data>,
    attempt: number,
  ): SessionRecord<Data> | undefined {
    const record = this.#register.resolve(newcomer);
    if (record === undefined) return undefined;
    const { state, attemptKind } = record;
    const isPending = state === 'login-pending' && attemptKind === 'resume';
    if (isPending && record.attempt === attempt) return record;
    this.#register.count('login-answer-stale');
    return undefined;
  }

  #resolveTarget(sessionId: SessionId): SessionRecord<Data> | undefined {
    const target = this.#register.index.getBySession(sessionId);
    if (target !== undefined && isResumable(target)) return target;
    this.#register.count('resume-target-unknown');
    return undefined;
  }
}

/** L16. */
function isResumable({ state }: ManagedSession): boolean {
  return state === 'logged-in' || state === 'timed-out' || state === 'reconnecting';
}
