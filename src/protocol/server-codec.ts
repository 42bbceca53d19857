/**
 * Server messages to frames and back: the kind byte, then the body. A server encodes, a client
 * decodes; it trusts its server more than a server its clients, and still nothing here throws.
 * Frame: docs/PROTOCOL.md.
 */
import type { BodyCodec } from './body-codec.ts';
import { decodeCombatEvent, encodeCombatEvent } from './combat-event-codec.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { decodeHeartbeat, encodeHeartbeat } from './heartbeat-codec.ts';
import { decodeInputAck, encodeInputAck } from './input-ack-codec.ts';
import { decodeLoginAccepted, encodeLoginAccepted } from './login-accepted-codec.ts';
import { type MessageKind, peekMessageKind } from './message-kinds.ts';
import type { ServerMessage, Snapshot } from './messages.ts';
import { decodeRoster, encodeRoster } from './roster-codec.ts';
import { closeBody, loginRejectedBody, resyncedBody } from './server-bodies.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts';
import { userMessageBody, userUpdateBody } from './user-message-body.ts';
import { decodeVerdictReport, encodeVerdictReport } from './verdict-report-codec.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

type Kind = ServerMessage['kind'];

const CODECS: { readonly [K in Kind]: BodyCodec<Extract<ServerMessage, { kind: K }>> } = {
  'login-accepted': { encode: encodeLoginAccepted, decode: decodeLoginAccepted },
  'login-rejected': loginRejectedBody,
  heartbeat: { encode: encodeHeartbeat, decode: decodeHeartbeat },
  roster: { encode: encodeRoster, decode: decodeRoster },
  snapshot: { encode: encodeSnapshotMessage, decode: decodeSnapshot },
  'input-ack': { encode: encodeInputAck, decode: decodeInputAck },
  'combat-event': { encode: encodeCombatEvent, decode: decodeCombatEvent },
  'verdict-report': { encode: encodeVerdictReport, decode: decodeVerdictReport },
  close: closeBody,
  resynced: resyncedBody,
  'user-message': userMessageBody,
  'user-update': userUpdateBody,
};

/** The frame of a message, in fresh bytes. A value beyond its bounds is our own bug. */
export function encodeServerMessage(message: ServerMessage): Uint8Array {
  // The table pairs each kind with its own codec, which the compiler can't follow.
  const codec = CODECS[message.kind] as BodyCodec<ServerMessage>;
  return codec.encode(message);
}

/** What a frame from a server says, or why it says nothing. Never throws; keeps no view of it. */
export function decodeServerMessage(frame: Uint8Array): ServerMessage | DecodeRejection {
  if (frame.length === 0) return decodeRejection('frame-empty');
  if (frame.length > WIRE_LIMITS.serverFrameBytesMax) return decodeRejection('frame-too-large');
  const kind = peekMessageKind(frame);
  if (kind === undefined || !isServerKind(kind)) return decodeRejection('unknown-kind');
  return CODECS[kind].decode(frame);
}

function isServerKind(kind: MessageKind): kind is Kind {
  return kind in CODECS;
}

function encodeSnapshotMessage({ tick, players }: Snapshot): Uint8Array {
  return encodeSnapshot(
    tick,
    players.map(({ entity }) => entity),
    players.map(({ fields }) => fields),
  );
}
