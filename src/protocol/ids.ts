/**
 * The names that things have on the wire and in memory, each a branded string.
 * A PeerId names one connection, a SessionId a stay, a PlayerId a proven identity.
 */
import type { Branded } from '../base/branded.ts';
import { HoldfastError } from './holdfast-error.ts';

/** The remote identity of one connection; minted by the transport, never reused. */
export type PeerId = Branded<string, 'PeerId'>;
/** One peer's stay from first contact to removal; 128 random bits. */
export type SessionId = Branded<string, 'SessionId'>;
/** The proven identity that `authenticate` answered; unique per host. */
export type PlayerId = Branded<string, 'PlayerId'>;
/** One authoritative simulation; players of one world see each other. */
export type WorldId = Branded<string, 'WorldId'>;

/** Longest id that the wire carries, in UTF-16 units. */
export const ID_LENGTH_MAX = 64;

const LONE_SURROGATE = /\p{Surrogate}/u;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Whether the wire carries `text` as an id, unchanged: 1 to `ID_LENGTH_MAX` UTF-16 units,
 * well-formed, not beginning with a byte order mark.
 */
export function isId(text: string): boolean {
  return (
    text.length > 0 &&
    text.length <= ID_LENGTH_MAX &&
    text.charCodeAt(0) !== BYTE_ORDER_MARK &&
    !LONE_SURROGATE.test(text)
  );
}

/**
 * `text` as the id of a player, for look-ups such as `host.sessions.getByPlayer`. Whether there is
 * such a player it doesn't say. Throws HoldfastError `invalid-argument` for what can't be an id.
 */
export function toPlayerId(text: string): PlayerId {
  if (typeof text === 'string' && isId(text)) return text as PlayerId;
  const what = `well-formed text of 1 to ${ID_LENGTH_MAX} characters`;
  throw new HoldfastError('invalid-argument', `the id of a player is ${what}`);
}
