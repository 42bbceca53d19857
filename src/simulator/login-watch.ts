/**
 * Stands before the game's `authenticate` and writes down what it answers, and when. In: the hook,
 * a session log. Out: the same hook. Must not know: who waits for the answer.
 */
import type { Clock } from '../base/clock.ts';
import { RefusedLogin } from '../host/authentication.ts';
import { isId } from '../protocol/ids.ts';
import type { LoginAnswer, SessionLog } from './session-log.ts';

const WORLD_ID_DEFAULT = 'main';

interface Aborting {
  addEventListener(kind: 'abort', listener: () => void): void;
}

export class LoginWatch {
  readonly #log: SessionLog;
  readonly #clock: Clock;
  #asks = 0;

  constructor(log: SessionLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  watch<Given extends unknown[], Answer>(
    hook: (...given: Given) => Answer,
  ): (...given: Given) => Answer {
    return (...given) => {
      this.#asks += 1;
      const ask = this.#asks;
      this.#log.note({ kind: 'login-asked', at: this.#clock.now(), ask });
      signalOf(given)?.addEventListener('abort', () => {
        this.#log.note({ kind: 'login-aborted', at: this.#clock.now(), ask });
      });
      try {
        const answer = hook(...given);
        if (answer instanceof Promise) this.#await(ask, answer);
        else this.#note(ask, meaningOf(answer));
        return answer;
      } catch (error) {
        this.#note(ask, meaningOfThrown(error));
        throw error;
      }
    };
  }

  #await(ask: number, answer: Promise<unknown>): void {
    answer.then(
      (settled) => this.#note(ask, meaningOf(settled)),
      (error: unknown) => this.#note(ask, meaningOfThrown(error)),
    );
  }

  #note(ask: number, answer: LoginAnswer): void {
    this.#log.note({ kind: 'login-answered', at: this.#clock.now(), ask, answer });
  }
}

/** The hook's second argument carries it. */
function signalOf([, request]: readonly unknown[]): Aborting | undefined {
  return (request as { readonly signal?: Aborting } | undefined)?.signal;
}

function meaningOfThrown(error: unknown): LoginAnswer {
  return error instanceof RefusedLogin ? meaningOf(error) : { kind: 'failed' };
}

function meaningOf(answer: unknown): LoginAnswer {
  if (answer instanceof RefusedLogin) return { kind: 'refused', code: answer.refusal.code };
  if (typeof answer !== 'object' || answer === null) return { kind: 'failed' };
  const { playerId, worldId = WORLD_ID_DEFAULT } = answer as Readonly<Record<string, unknown>>;
  if (!isIdText(playerId) || !isIdText(worldId)) return { kind: 'failed' };
  return { kind: 'proven', playerId, worldId };
}

function isIdText(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}
