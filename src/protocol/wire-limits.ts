/**
 * Every bound of the wire, in one place: docs/PROTOCOL.md lists them, both decoders refuse what is
 * beyond, both encoders never produce it. Lengths are UTF-16 units, sizes are bytes of UTF-8.
 */
import { ID_LENGTH_MAX } from './ids.ts';

export const WIRE_LIMITS = {
  /** Largest frame a client may send. Room for the largest Login or user message, and no more. */
  clientFrameBytesMax: 4_096,
  /** Largest frame a server may send. A snapshot of 1,024 players with 16 short fields fits. */
  serverFrameBytesMax: 65_536,
  /** Session, player and world ids. */
  idLengthMax: ID_LENGTH_MAX,
  /** Close, refusal and rejection codes, ours and the user's. */
  codeLengthMax: 64,
  nonceLengthMax: 64,
  /** Resume tokens: base64url, of which 22 characters say 128 bits. */
  tokenLengthMax: 64,
  /** Explanations for people in LoginRejected and Close; longer ones are cut when encoded. */
  textLengthMax: 256,
  /** JSON text of the credentials. */
  credentialsBytesMax: 2_048,
  userMessageNameLengthMax: 64,
  /** JSON text of a user message's payload, in both directions. */
  userPayloadBytesMax: 2_048,
  /** Numbers that a player's state may have. */
  snapshotFieldsMax: 32,
  snapshotFieldNameLengthMax: 64,
  snapshotPlayersMax: 1_024,
  /** Players that enter, and as many that leave, in one Roster; `splitRoster` cuts longer ones. */
  rosterEntriesMax: 256,
  verdictEntriesMax: 16,
  /** Copies of earlier inputs in one MoveInput. */
  earlierMovesMax: 7,
} as const;
