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
import type { PlainServerMessage } from './messages.ts';
import { decodeRoster, encodeRoster } from './roster-codec.ts';
import { closeBody, loginRejectedBody, resyncedBody } from './server-bodies.ts';
import { userMessageBody, userUpdateBody } from './user-message-body.ts';
import { decodeVerdictReport, encodeVerdictReport } from './verdict-report-codec.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

type Kind = PlainServerMessage['kind'];

type Codec<K extends Kind> = BodyCodec<Extract<PlainServerMessage, { kind: K }>>;

/** Two tables, because a browser loads the decoders alone. */
const ENCODERS: { readonly [K in Kind]: Pick<Codec<K>, 'encode'> } = {
  'login-accepted': { encode: encodeLoginAccepted },
  'login-rejected': loginRejectedBody,
  heartbeat: { encode: encodeHeartbeat },
  roster: { encode: encodeRoster },
  'input-ack': { encode: encodeInputAck },
  'combat-event': { encode: encodeCombatEvent },
  'verdict-report': { encode: encodeVerdictReport },
  close: closeBody,
  resynced: resyncedBody,
  'user-message': userMessageBody,
  'user-update': userUpdateBody,
};

const DECODERS: { readonly [K in Kind]: Pick<Codec<K>, 'decode'> } = {
  'login-accepted': { decode: decodeLoginAccepted },
  'login-rejected': loginRejectedBody,
  heartbeat: { decode: decodeHeartbeat },
  roster: { decode: decodeRoster },
  'input-ack': { decode: decodeInputAck },
  'combat-event': { decode: decodeCombatEvent },
  'verdict-report': { decode: decodeVerdictReport },
  close: closeBody,
  resynced: resyncedBody,
  'user-message': userMessageBody,
  'user-update': userUpdateBody,
};

/** The frame of a message, in fresh bytes. A value beyond its bounds is our own bug. */
export function encodeServerMessage(message: PlainServerMessage): Uint8Array {
  // The table pairs each kind with its own codec, which the compiler can't follow.
  const codec = ENCODERS[message.kind] as Pick<BodyCodec<PlainServerMessage>, 'encode'>;
  return codec.encode(message);
}

/**
 * What a frame from a server says, or why it says nothing. Never throws; keeps no view of it. By
 * itself a snapshot says nothing: `ServerFrameDecoder`.
 */
export function decodeServerMessage(frame: Uint8Array): PlainServerMessage | DecodeRejection {
  if (frame.length === 0) return decodeRejection('frame-empty');
  if (frame.length > WIRE_LIMITS.serverFrameBytesMax) return decodeRejection('frame-too-large');
  const kind = peekMessageKind(frame);
  if (kind === 'snapshot') return decodeRejection('unknown-baseline');
  if (kind === undefined || !isServerKind(kind)) return decodeRejection('unknown-kind');
  return DECODERS[kind].decode(frame);
}

function isServerKind(kind: MessageKind): kind is Kind {
  return kind in DECODERS;
}
