/**
 * The platform's `AbortSignal` in types that projects without the DOM's library and without Node's
 * types read too, such as a project that only simulates. In: nothing. Out: one type.
 */

/** As much of an `AbortSignal` as every platform has. */
interface LeastAbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** `AbortSignal` itself wherever the project's libraries declare it. */
export type PlatformAbortSignal = typeof globalThis extends {
  AbortSignal: { prototype: infer Signal };
}
  ? Signal
  : LeastAbortSignal;
