/**
 * Guests: whoever knows a secret is the player that the secret names. The playerId is a hash of the
 * secret, never made from the name, so nobody takes a seat by typing somebody's name.
 * In: credentials as they came. Out: a proven player, or nothing.
 */
import { createHash } from 'node:crypto';
import { cleanPlayerName } from '../shared/player-name.ts';

/** What a guest's session carries as `session.data`. */
export interface GuestData {
  readonly name: string;
}

export interface ProvenGuest {
  readonly playerId: string;
  readonly data: GuestData;
}

/** At least 128 bits in lower-case hexadecimal, at most twice that. */
const SECRET_PATTERN = /^[0-9a-f]{32,64}$/;
/** 64 bits: enough that a million guests have no collision in practice, short enough to read. */
const PLAYER_ID_DIGITS = 16;

/** Undefined when the credentials are not `{ secret, name }` with a proper secret. */
export function proveGuest(credentials: unknown): ProvenGuest | undefined {
  if (typeof credentials !== 'object' || credentials === null) return undefined;
  const { secret, name } = credentials as Record<string, unknown>;
  if (typeof secret !== 'string' || !SECRET_PATTERN.test(secret)) return undefined;
  const digest = createHash('sha256').update(`holdfast-arena:${secret}`).digest('hex');
  return {
    playerId: digest.slice(0, PLAYER_ID_DIGITS),
    data: { name: cleanPlayerName(name) },
  };
}
