/**
 * Client messages to frames and back: the kind byte, then the body. A client encodes, a server
 * decodes what anybody may have sent. Frame: docs/PROTOCOL.md.
 */
import type { BodyCodec } from './body-codec.ts';
import { leaveBody, loginBody, resumeBody, snapshotAckBody } from './client-bodies.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { decodeHeartbeatAnswer, encodeHeartbeatAnswer } from './heartbeat-answer-codec.ts';
import { HoldfastError } from './holdfast-error.ts';
import { fitsCredentials } from './message-bounds.ts';
import { type MessageKind, peekMessageKind } from './message-kinds.ts';
import type { ClientMessage } from './messages.ts';
import { decodeMoveInput, encodeMoveInput } from './move-input-codec.ts';
import { decodeShootInput, encodeShootInput } from './shoot-input-codec.ts';
import { userMessageBody, userUpdateBody } from './user-message-body.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

type Kind = ClientMessage['kind'];

type Codec<K extends Kind> = BodyCodec<Extract<ClientMessage, { kind: K }>>;

/** Two tables, because a browser loads the encoders alone. */
const ENCODERS: { readonly [K in Kind]: Pick<Codec<K>, 'encode'> } = {
  login: loginBody,
  resume: resumeBody,
  leave: leaveBody,
  'heartbeat-answer': { encode: encodeHeartbeatAnswer },
  'move-input': { encode: encodeMoveInput },
  'snapshot-ack': snapshotAckBody,
  'shoot-input': { encode: encodeShootInput },
  'user-message': userMessageBody,
  'user-update': userUpdateBody,
};

const DECODERS: { readonly [K in Kind]: Pick<Codec<K>, 'decode'> } = {
  login: loginBody,
  resume: resumeBody,
  leave: leaveBody,
  'heartbeat-answer': { decode: decodeHeartbeatAnswer },
  'move-input': { decode: decodeMoveInput },
  'snapshot-ack': snapshotAckBody,
  'shoot-input': { decode: decodeShootInput },
  'user-message': userMessageBody,
  'user-update': userUpdateBody,
};

/**
 * The frame of a message, in fresh bytes. Throws HoldfastError `message-too-large` for credentials
 * that are; any other value beyond its bounds is our own bug.
 */
export function encodeClientMessage(message: ClientMessage): Uint8Array {
  if (message.kind === 'login' && !fitsCredentials(message.credentials)) {
    const limit = WIRE_LIMITS.credentialsBytesMax;
    throw new HoldfastError('message-too-large', `credentials take more than ${limit} bytes`);
  }
  // The table pairs each kind with its own codec, which the compiler can't follow.
  const codec = ENCODERS[message.kind] as Pick<BodyCodec<ClientMessage>, 'encode'>;
  return codec.encode(message);
}

/** What a frame from a client says, or why it says nothing. Never throws; keeps no view of it. */
export function decodeClientMessage(frame: Uint8Array): ClientMessage | DecodeRejection {
  if (frame.length === 0) return decodeRejection('frame-empty');
  if (frame.length > WIRE_LIMITS.clientFrameBytesMax) return decodeRejection('frame-too-large');
  const kind = peekMessageKind(frame);
  if (kind === undefined || !isClientKind(kind)) return decodeRejection('unknown-kind');
  return DECODERS[kind].decode(frame);
}

function isClientKind(kind: MessageKind): kind is Kind {
  return kind in DECODERS;
}
