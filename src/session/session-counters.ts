/** What a coordinator has counted since it was made, by name; refusals under their own word. */
import { SESSION_REFUSALS } from './session-refusal.ts';
import type { SessionRefusal } from './session-refusal.ts';

const HAPPENINGS = [
  'session-created',
  'session-removed',
  'session-taken-over',
  'session-resumed',
  'session-restored',
  /** A Login that found its player in, under `takeover: 'reject'` (L18). */
  'takeover-rejected',
  /** A Resume that was refused, whatever for (L17). */
  'resume-refused',
  /** A Resume that was told to come back (L15). */
  'resume-postponed',
  /** A subscriber threw; the others still received. */
  'subscriber-error',
  /** Two evaluations lay further apart than `stallMsMax`. */
  'stall',
] as const;

export type SessionCounter = (typeof HAPPENINGS)[number] | SessionRefusal;
export type SessionCounters = Record<SessionCounter, number>;

export function createSessionCounters(): SessionCounters {
  const names: readonly SessionCounter[] = [...HAPPENINGS, ...SESSION_REFUSALS];
  return Object.fromEntries(names.map((name) => [name, 0])) as SessionCounters;
}
