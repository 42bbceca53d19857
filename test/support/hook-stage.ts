/**
 * An `authenticate` hook that answers when the test says so. In: calls of the host. Out: the calls,
 * each waiting for `answer` or `fail`.
 */
import type { Authenticate, AuthenticateRequest } from '../../src/host/authentication.ts';

type HookAnswer = Awaited<ReturnType<Authenticate<{ name: string }>>>;

export interface HookCall {
  readonly credentials: unknown;
  readonly request: AuthenticateRequest;
  answer(answer: HookAnswer): void;
  fail(error: unknown): void;
}

export class HookStage {
  readonly calls: HookCall[] = [];

  readonly authenticate: Authenticate<{ name: string }> = (credentials, request) =>
    new Promise((answer, fail) => {
      this.calls.push({ credentials, request, answer, fail });
    });

  get last(): HookCall {
    const call = this.calls.at(-1);
    if (call === undefined) throw new Error('authenticate was not called');
    return call;
  }

  /** Why the newest call was told to stop; undefined = it was not. */
  get abortReason(): string | undefined {
    const { signal } = this.last.request;
    return signal.aborted ? (signal.reason as Error).message : undefined;
  }
}
