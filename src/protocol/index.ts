/**
 * Entry `holdfast/protocol`: what the bytes mean, for both ends and for tools that look at them.
 * Runs in browsers and in Node. The schema for other languages is in proto/.
 */
export { decodeClientMessage, encodeClientMessage } from './client-codec.ts';
export {
  CLOSE_CODES,
  type CloseCode,
  DECODE_REJECTION_CODES,
  type DecodeRejectionCode,
  INPUT_REJECTION_CODES,
  type InputRejectionCode,
  LOGIN_REJECTION_CODES,
  type LoginRejectionCode,
} from './codes.ts';
export { COUNTED_KINDS, type CountedKind, isCountedFrame } from './counted-messages.ts';
export type { DecodeRejection } from './decode-rejection.ts';
export {
  defineMessages,
  type MessageDefinition,
  type MessageDefinitions,
  type MessageInputOf,
  type MessageOf,
} from './define-messages.ts';
export {
  defineSnapshotFields,
  type SnapshotFieldDefinition,
  type SnapshotFieldDefinitions,
  type SnapshotFieldsOf,
} from './define-snapshot-fields.ts';
export {
  ERROR_CODES,
  type ErrorCode,
  HoldfastError,
  type HoldfastErrorOptions,
} from './holdfast-error.ts';
export {
  isId,
  type PeerId,
  type PlayerId,
  type SessionId,
  toPlayerId,
  type WorldId,
} from './ids.ts';
export { type Lane, MESSAGE_LANES } from './lanes.ts';
export { MESSAGE_KIND_BYTES, type MessageKind, peekMessageKind } from './message-kinds.ts';
export type {
  ClientMessage,
  Close,
  CombatEvent,
  Heartbeat,
  HeartbeatAnswer,
  InputAck,
  Leave,
  Login,
  LoginAccepted,
  LoginRejected,
  MoveInput,
  PlainServerMessage,
  PlayerState,
  Resume,
  Resynced,
  Roster,
  ServerMessage,
  ShootInput,
  Snapshot,
  SnapshotAck,
  SnapshotField,
  UserMessage,
  UserUpdate,
  VerdictReport,
} from './messages.ts';
export { decodeServerMessage, encodeServerMessage } from './server-codec.ts';
export { peekSnapshotTick } from './peek-snapshot-tick.ts';
export { ServerFrameDecoder } from './server-frame-decoder.ts';
export { SnapshotDecoder, type SnapshotDecoderOptions } from './snapshot-decoder.ts';
export { SnapshotHistory } from './snapshot-history.ts';
export { createUserMessage, tryParseUserMessage, type UserMessageProblem } from './user-message.ts';
export { PROTOCOL_VERSION } from './version.ts';
export { WIRE_LIMITS } from './wire-limits.ts';
