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

const OUTCOMES: ReadonlySet<unknown> = new Set<VerdictOutcome>([
  'accepted',
  'clamped',
  'stale',
  'duplicate',
  'rejected',
]);
/** What the wire carries as a code, and a log can show. */
const CODE_PATTERN = /^[\x21-\x7e]{1,64}$/;

/** Whether a game's own rule has answered a verdict; a rejection needs a code that can be told. */
export function isVerdict(answer: unknown): answer is Verdict {
  if (answer === ACCEPTED || answer === CLAMPED) return true;
  if (typeof answer !== 'object' || answer === null) return false;
  const { outcome, code } = answer as { readonly outcome?: unknown; readonly code?: unknown };
  if (!OUTCOMES.has(outcome)) return false;
  return outcome !== 'rejected' || (typeof code === 'string' && CODE_PATTERN.test(code));
}

/** Whether both say the same. */
export function isSameVerdict(one: Verdict, other: Verdict): boolean {
  const code = one.outcome === 'rejected' ? one.code : undefined;
  return one.outcome === other.outcome && (other.outcome !== 'rejected' || other.code === code);
}

/** A rejection with one of our codes, or one of a user's own authority. */
export function rejected(code: InputRejectionCode | (string & {})): Verdict {
  return { outcome: 'rejected', code };
}
