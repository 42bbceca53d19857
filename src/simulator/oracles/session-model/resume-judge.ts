/**
 * What a Resume has to come to: by the token that it shows, by how often the seat has moved, by
 * what the session is when its turn has come (L15 to L17). In: Resumes as they arrive, what the
 * coordinator was told of them. Out: duties of newcomers, and whether a session may pass on.
 */
import type { Resume } from '../../../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../../protocol/version.ts';
import type { HeardMove } from '../../session-log.ts';
import { Allowance } from './allowance.ts';
import type { ModelHost } from './model-host.ts';
import type { Duty, ModelSession, ShownToken } from './model-session.ts';

/** So long the newest connection may be silent before the token of the one before counts. */
const SILENCE_MS = 1_000;
const RESUMES_MAX = 3;
const SEAT_MOVES_BURST = 20;
const SEAT_MOVES_PER_SECOND = 1;

type Verdict =
  | { readonly kind: 'good'; readonly target: ModelSession; readonly shown: 'current' | 'previous' }
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'refused' }
  /** Whether somebody has spoken under the newest token is not known. */
  | { readonly kind: 'unknown'; readonly target: ModelSession };

export class ResumeJudge {
  readonly #host: ModelHost;
  readonly #seatMoves = new Map<string, Allowance>();

  constructor(host: ModelHost) {
    this.#host = host;
  }

  /** False: it has no place there (L3, L17). */
  begin(newcomer: ModelSession, resume: Resume, now: number): boolean {
    const { state } = newcomer;
    const mayTry = state === 'login-failed' && newcomer.mayBegin(newcomer.resumes < RESUMES_MAX);
    if (state !== 'transport-connected' && !mayTry) return false;
    const host = this.#host;
    const because = 'a Resume has come (L3)';
    host.owe(newcomer, { to: 'login-pending', cause: 'login-started', until: now, because });
    newcomer.nextAttempt = 'resume';
    const fail = (cause: string, why: string): void =>
      host.owe(newcomer, { to: 'login-failed', cause, until: now, because: why });
    if (resume.protocolVersion !== PROTOCOL_VERSION) {
      fail('version-mismatch', 'it speaks another version');
      return true;
    }
    const verdict = this.#judge(resume, now);
    switch (verdict.kind) {
      case 'refused':
        fail('resume-refused', 'its token is good for nothing (L17)');
        break;
      case 'not-yet':
        fail('busy', 'the newer token may yet arrive (L15)');
        break;
      case 'unknown':
        this.#allowAny(newcomer, verdict.target, resume);
        break;
      case 'good':
        this.#takeUp(newcomer, verdict, { resume, now });
        break;
    }
    return true;
  }

  /** A move of a session's seat is asked for: whether it may be. */
  mayMoveSeat(playerId: string, now: number): boolean {
    let moves = this.#seatMoves.get(playerId);
    if (moves === undefined) {
      moves = new Allowance(SEAT_MOVES_BURST, SEAT_MOVES_PER_SECOND, now);
      this.#seatMoves.set(playerId, moves);
    }
    return moves.spend(now);
  }

  /** Removed as its attempt began, by somebody who heard of it: nobody has looked at its token. */
  forgetResume({ duties, enteredAt }: ModelSession, now: number): void {
    const shown = duties.find(({ resumes }) => resumes !== undefined)?.resumes;
    if (shown === undefined || enteredAt !== now || this.#host.isDurable) return;
    const playerId = this.#host.sessions.get(shown.sessionId)?.playerId;
    if (playerId !== undefined) this.#seatMoves.get(playerId)?.giveBack();
  }

  /** The player has no seat any more. */
  forgetPlayer(playerId: string): void {
    this.#seatMoves.delete(playerId);
  }

  /** Whether this session may pass on to the newcomer, who has shown a token of it. */
  take(session: ModelSession, newcomer: ModelSession, move: HeardMove): string | undefined {
    const { tokens } = this.#host;
    const duty = newcomer.duties.find(({ resumes }) => resumes?.sessionId === session.sessionId);
    newcomer.duties = newcomer.duties.filter((each) => each !== duty);
    const shown = duty?.resumes;
    if (shown === undefined) return 'without a Resume that names it (L16)';
    const { look } = move;
    if (look.playerId !== session.playerId || look.worldId !== session.worldId) {
      return `as ${look.playerId} in ${look.worldId} (L16)`;
    }
    const kind = tokens.kindOf(session.sessionId, shown.token);
    if (kind !== 'current' && kind !== 'previous') return `for a token that is ${kind} (L16)`;
    tokens.rotate(session.sessionId, kind);
    return undefined;
  }

  /** Somebody was faster, or what is written is in doubt. */
  mayRefuse({ sessionId, token, isUnsure }: ShownToken, now: number): boolean {
    const { tokens, sessions, isDurable } = this.#host;
    if (isUnsure === true) return true;
    if (!isDurable) return false;
    if (sessions.get(sessionId)?.hasSeat !== true || this.#host.isDiskTroubled(now)) return true;
    const kind = tokens.kindOf(sessionId, token);
    return kind === 'spent' || kind === 'unknown' || !tokens.isSure(sessionId);
  }

  /** L15: the seat waits for the newcomer. */
  await(newcomer: ModelSession | undefined, target: ModelSession | undefined, now: number): void {
    if (newcomer === undefined || target === undefined) return;
    target.resumers.set(newcomer, now + this.#host.policy.loginTimeoutMs);
    newcomer.resuming = target;
  }

  /** L15: whoever was told to come back finds the seat. */
  postpone(target: ModelSession | undefined, retryAfterMs: number, now: number): void {
    if (target === undefined) return;
    const until = now + retryAfterMs + this.#host.policy.loginTimeoutMs;
    target.heldUntil = Math.max(target.heldUntil, until);
  }

  #judge({ sessionId, token }: Resume, now: number): Verdict {
    const { tokens, sessions } = this.#host;
    const target = sessions.get(sessionId);
    const kind = tokens.kindOf(sessionId, token);
    if (target?.hasSeat !== true || kind === 'spent' || kind === 'unknown') {
      return { kind: 'refused' };
    }
    if (kind === 'current') return { kind: 'good', target, shown: kind };
    if (!tokens.isSure(sessionId)) return { kind: 'unknown', target };
    const isHeard = target.state === 'logged-in' && target.connection.isOpen;
    if (isHeard && now < target.aliveAt + SILENCE_MS) return { kind: 'not-yet' };
    return { kind: 'good', target, shown: kind };
  }

  #takeUp(
    newcomer: ModelSession,
    { target, shown }: Extract<Verdict, { kind: 'good' }>,
    { resume, now }: { readonly resume: Resume; readonly now: number },
  ): void {
    const host = this.#host;
    const { sessionId, playerId = '' } = target;
    const { token } = resume;
    if (!host.isDurable && !this.mayMoveSeat(playerId, now)) {
      const because = 'its seat has moved too often';
      host.owe(newcomer, { to: 'login-failed', cause: 'busy', until: now, because });
      return;
    }
    host.owe(newcomer, {
      to: 'disconnected',
      cause: undefined,
      until: host.isDurable ? Infinity : now,
      because: `it has shown the ${shown} token of ${sessionId} (L16)`,
      resumes: { sessionId, token },
    });
  }

  #allowAny(newcomer: ModelSession, { sessionId }: ModelSession, { token }: Resume): void {
    const because = 'it may have shown a good token (L16)';
    const resumes = { sessionId, token, isUnsure: true };
    const duty: Duty = { to: 'disconnected', cause: undefined, until: Infinity, because, resumes };
    this.#host.owe(newcomer, duty);
  }
}
