/**
 * Resumes: from the message to the coordinator's call. A session comes back to whoever shows its
 * token; how long that takes is the store's matter, so everything is looked at again at each turn.
 * Refusals look alike: nobody learns from one what there is. docs/RESUME.md draws the order.
 */
import type { Resume } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import { refusalFor, versionRefusal } from './authentication.ts';
import { linkOf, tellNotice } from './host-core.ts';
import type { HostCore } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';
import { rotateTokens } from './resume-tokens.ts';
import type { NewToken } from './resume-tokens.ts';
import { BUSY_RETRY_MS, claimSeat, isAwaiting } from './seat-claim.ts';
import type { SeatRecord } from './seat-claim.ts';
import type { KeepOutcome } from './session-archive.ts';

/** So long the newest connection may say nothing before the token of the one before counts. */
const SILENCE_MS = 1_000;

/** One Resume that waits for its answer. */
interface ResumeAttempt {
  readonly link: PeerLink;
  readonly attempt: number;
  readonly message: Resume;
  /** Of the token in it. */
  readonly tokenHash: Uint8Array;
}

/** The session that a token is good for, as it was when that was found. */
interface Verified {
  readonly target: ManagedSession;
  readonly shown: 'current' | 'previous';
}

/** What a Resume comes to if nothing changes until its record is durable. */
interface ResumePlan extends ResumeAttempt, Verified {
  readonly expectedEpoch: number;
  readonly token: NewToken;
}

export class ResumeDesk {
  readonly #core: HostCore;

  constructor(core: HostCore) {
    this.#core = core;
  }

  /** False when the session's state allows no Resume now. */
  handleResume(link: PeerLink, message: Resume): boolean {
    const { session } = link;
    const attempt = this.#core.sessions.notifyLoginStarted(session, 'resume');
    if (attempt === undefined) return false;
    if (!isAwaiting(link)) return true;
    this.#core.attemptsBegun += 1;
    link.attemptBegun = this.#core.attemptsBegun;
    const refusal = versionRefusal(message.protocolVersion);
    if (refusal !== undefined) {
      link.refusal = refusal;
      this.#core.sessions.notifyLoginFailed(session, { attempt, code: refusal.code });
      link.refusal = undefined;
      return true;
    }
    const tokenHash = this.#core.tokens.hashOf(message.token);
    const resume: ResumeAttempt = { link, attempt, message, tokenHash };
    const playerId = this.#verify(resume)?.target.playerId;
    if (playerId === undefined) return true;
    const isWanted = (): boolean => isAwaiting(link);
    this.#core.players.run(playerId, () => this.#begin(resume), isWanted);
    return true;
  }

  /** The player's turn has come. */
  #begin(resume: ResumeAttempt): void | Promise<void> {
    const { sessions, seatMoves, clock, counters, tokens } = this.#core;
    const { link, attempt } = resume;
    if (!isAwaiting(link)) return undefined;
    const verified = this.#verify(resume);
    const playerId = verified?.target.playerId;
    if (verified === undefined || playerId === undefined) return undefined;
    const waitMs = seatMoves.waitMs(playerId, clock.now());
    if (waitMs > 0) {
      counters.seatMovesRefused += 1;
      this.#postpone(resume, waitMs);
      return undefined;
    }
    const { sessionId } = verified.target;
    const expectedEpoch = sessions.notifyResumeStarted({
      sessionId,
      newcomer: link.session,
      attempt,
    });
    if (expectedEpoch === undefined) {
      this.#refuse(resume);
      return undefined;
    }
    const token = tokens.draw(link.connection.peerId);
    const plan: ResumePlan = { ...resume, ...verified, expectedEpoch, token };
    const settle = (outcome: KeepOutcome): boolean => this.#settle(plan, outcome);
    return claimSeat(this.#core, { link, ahead: this.#recordFor(plan), settle });
  }

  #recordFor({ target, shown, token, expectedEpoch }: ResumePlan): SeatRecord | undefined {
    const before = this.#core.archive.recordOf(target.sessionId);
    if (before === undefined) return undefined;
    const tokens = rotateTokens(this.#core.tokens.of(target.sessionId), shown, token.hash);
    const record = { ...before, epoch: expectedEpoch + 1, tokens, reliable: undefined };
    return { record, before, condition: { expectedEpoch: before.epoch } };
  }

  /** The record is durable, or there is none; whether the seat has passed to the newcomer. */
  #settle(plan: ResumePlan, outcome: KeepOutcome): boolean {
    const { sessions, tokens } = this.#core;
    const { link, attempt, message, tokenHash, target, shown, expectedEpoch, token } = plan;
    const { sessionId } = target;
    const newcomer = link.session;
    const success = { sessionId, newcomer, attempt, expectedEpoch };
    // Too late (L8): the coordinator counts it.
    if (!isAwaiting(link)) return sessions.resume(success) !== undefined;
    if (outcome === 'failed' || outcome === 'unstorable') {
      this.#postpone(plan, BUSY_RETRY_MS);
      return false;
    }
    const isUnchanged = target.isAlive && tokens.judge(sessionId, tokenHash) === shown;
    if (outcome === 'raced' || !isUnchanged || !this.#hasPlace(target)) {
      this.#refuse(plan);
      return false;
    }
    tokens.set(sessionId, rotateTokens(tokens.of(sessionId), shown, token.hash));
    const { lastTick, reliableReceived } = message;
    link.grant = {
      resumeToken: token.text,
      entity: undefined,
      resume: { lastTick, reliableReceived, isPreviousToken: shown === 'previous' },
    };
    return sessions.resume(success) !== undefined;
  }

  #hasPlace({ worldId, playerId }: ManagedSession): boolean {
    const world = this.#core.rooms.get(worldId)?.world;
    return playerId !== undefined && world?.entityOf(playerId) !== undefined;
  }

  /** Undefined: the Resume has been answered with no, or with not yet. */
  #verify(resume: ResumeAttempt): Verified | undefined {
    const { sessions, tokens } = this.#core;
    const { sessionId } = resume.message;
    const shown = tokens.judge(sessionId, resume.tokenHash);
    const target = sessions.getBySession(sessionId);
    if (target === undefined || shown === 'unknown') {
      this.#refuse(resume);
      return undefined;
    }
    if (shown === 'spent') {
      this.#refuse(resume);
      this.#reportReuse(target);
      return undefined;
    }
    const waitMs = shown === 'previous' ? this.#previousWaitMs(target) : 0;
    if (waitMs <= 0) return { target, shown };
    this.#postpone(resume, waitMs);
    return undefined;
  }

  /** How long until nobody can be taken to have the newer token; nobody has spoken under it. */
  #previousWaitMs(target: ManagedSession): number {
    if (linkOf(this.#core, target) === undefined) return 0;
    return target.lastLivenessAt + SILENCE_MS - this.#core.clock.now();
  }

  #reportReuse(target: ManagedSession): void {
    const { counters, options, sessions } = this.#core;
    const { sessionId, playerId } = target;
    counters.tokensReused += 1;
    if (playerId !== undefined)
      tellNotice(this.#core, { kind: 'token-reused', sessionId, playerId });
    if (options.onTokenReuse === 'revoke') sessions.remove(target, 'token-reused');
  }

  #refuse({ link, attempt }: ResumeAttempt): void {
    this.#core.sessions.notifyResumeRefused({ newcomer: link.session, attempt });
  }

  /** The Resume is as good as any, at another time. */
  #postpone({ link, attempt, message }: ResumeAttempt, waitMs: number): void {
    const retryAfterMs = Math.ceil(waitMs);
    const { sessionId } = message;
    link.refusal = refusalFor('busy', { retryAfterMs });
    const newcomer = link.session;
    this.#core.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs, sessionId });
    link.refusal = undefined;
  }
}
