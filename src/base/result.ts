/** The outcome of a `tryX` function: a value, or an error that is part of normal life. */
export type Result<Value, Problem> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Problem };
