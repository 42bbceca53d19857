/**
 * For our own bugs only: what the wire can cause is a counted value, never an assertion.
 */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure';
}

/** Throws AssertionFailure with `message` when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message);
}

/** Makes the compiler object to a missing case; at run time it is our bug. */
export function assertNever(value: never): never {
  throw new AssertionFailure(`unexpected value: ${String(value)}`);
}
