/** What becomes of an absent player's entity, as a byte of kept state; 0 = the player is there. */
import type { GhostPolicy } from '../session/session-policy.ts';
import type { StateReader } from './state-reader.ts';

const CODES: readonly (GhostPolicy | undefined)[] = [
  undefined,
  'vulnerable',
  'protected',
  'removed',
];

export function ghostCodeOf(ghost: GhostPolicy | undefined): number {
  return CODES.indexOf(ghost);
}

/** Throws what the reader throws. */
export function readGhost(reader: StateReader): GhostPolicy | undefined {
  const code = reader.byte();
  reader.check(code < CODES.length, 'has a ghost of no known kind');
  return CODES[code];
}
