/** What the server made of one input. Every input gets exactly one. */
import type { InputRejectionCode } from '../protocol/codes.ts';

export type Verdict =
  | { readonly outcome: 'accepted' }
  /** Accepted, with a value brought into its bounds. */
  | { readonly outcome: 'clamped' }
  /** Its tick has run; for a shot: not newer than the last accepted one. */
  | { readonly outcome: 'stale' }
  /** An input for this tick is already there; the first copy wins. */
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'rejected'; readonly code: InputRejectionCode | (string & {}) };

export type VerdictOutcome = Verdict['outcome'];

export const ACCEPTED: Verdict = Object.freeze({ outcome: 'accepted' });
export const CLAMPED: Verdict = Object.freeze({ outcome: 'clamped' });
export const STALE: Verdict = Object.freeze({ outcome: 'stale' });
export const DUPLICATE: Verdict = Object.freeze({ outcome: 'duplicate' });

/** A rejection with one of our codes, or one of a user's own authority. */
export function rejected(code: InputRejectionCode | (string & {})): Verdict {
  return { outcome: 'rejected', code };
}
