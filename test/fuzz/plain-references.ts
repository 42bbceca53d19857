/** The plain messages through generated code: what their codecs must equal. */
import { createBodyCodec } from '../../src/protocol/body-codec.ts';
import {
  LoginSchema,
  ResumeSchema,
  SnapshotAckSchema,
} from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import {
  CloseSchema,
  LoginRejectedSchema,
  ResyncedSchema,
} from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import { UserMessageSchema } from '../../src/protocol/generated/holdfast/v1/user_message_pb.ts';
import type { SessionId } from '../../src/protocol/ids.ts';
import {
  cutText,
  fitsUserPayload,
  isCode,
  isMessageName,
  isText,
} from '../../src/protocol/message-bounds.ts';
import type {
  Close,
  Login,
  LoginRejected,
  Resume,
  Resynced,
  SnapshotAck,
  UserMessage,
} from '../../src/protocol/messages.ts';

function bigOf(count: number | undefined): bigint | undefined {
  return count === undefined ? undefined : BigInt(count);
}

function numberOf(count: bigint | undefined): number | undefined {
  return count === undefined ? undefined : Number(count);
}

export const PLAIN_REFERENCES = {
  login: createBodyCodec<typeof LoginSchema, Login>({
    kind: 'login',
    schema: LoginSchema,
    toWire: ({ protocolVersion, credentials }) => ({ protocolVersion, credentials }),
    fromWire: ({ protocolVersion, credentials }) => ({
      kind: 'login',
      protocolVersion,
      credentials,
    }),
  }),
  resume: createBodyCodec<typeof ResumeSchema, Resume>({
    kind: 'resume',
    schema: ResumeSchema,
    toWire: ({ protocolVersion, sessionId, token, lastTick, reliableReceived }) => {
      const received = bigOf(reliableReceived);
      const optional = received === undefined ? {} : { reliableReceived: received };
      return { protocolVersion, sessionId, token, lastTick: BigInt(lastTick), ...optional };
    },
    fromWire: ({ protocolVersion, sessionId, token, lastTick, reliableReceived }) => ({
      kind: 'resume',
      protocolVersion,
      sessionId: sessionId as SessionId,
      token,
      lastTick: Number(lastTick),
      reliableReceived: numberOf(reliableReceived),
    }),
  }),
  snapshotAck: createBodyCodec<typeof SnapshotAckSchema, SnapshotAck>({
    kind: 'snapshot-ack',
    schema: SnapshotAckSchema,
    toWire: ({ tick, earlier }) => ({ tick: BigInt(tick), earlier }),
    fromWire: ({ tick, earlier }) => ({ kind: 'snapshot-ack', tick: Number(tick), earlier }),
  }),
  loginRejected: createBodyCodec<typeof LoginRejectedSchema, LoginRejected>({
    kind: 'login-rejected',
    schema: LoginRejectedSchema,
    toWire: ({ code, retryable, retryAfterMs, message }) => ({
      code,
      retryable,
      retryAfterMs: Math.min(Math.ceil(retryAfterMs), 2 ** 32 - 1),
      message: cutText(message),
    }),
    fromWire: ({ code, retryable, retryAfterMs, message }) =>
      isCode(code) && isText(message)
        ? { kind: 'login-rejected', code, retryable, retryAfterMs, message }
        : undefined,
  }),
  close: createBodyCodec<typeof CloseSchema, Close>({
    kind: 'close',
    schema: CloseSchema,
    toWire: ({ code, retryable, message }) => ({ code, retryable, message: cutText(message) }),
    fromWire: ({ code, retryable, message }) =>
      isCode(code) && isText(message) ? { kind: 'close', code, retryable, message } : undefined,
  }),
  resynced: createBodyCodec<typeof ResyncedSchema, Resynced>({
    kind: 'resynced',
    schema: ResyncedSchema,
    toWire: ({ fromTick, ticksLost, eventsMissed, reliableSent }) => {
      const missed = bigOf(eventsMissed);
      return {
        fromTick: BigInt(fromTick),
        ticksLost: BigInt(ticksLost),
        ...(missed === undefined ? {} : { eventsMissed: missed }),
        reliableSent: BigInt(reliableSent),
      };
    },
    fromWire: ({ fromTick, ticksLost, eventsMissed, reliableSent }) => ({
      kind: 'resynced',
      fromTick: Number(fromTick),
      ticksLost: Number(ticksLost),
      eventsMissed: numberOf(eventsMissed),
      reliableSent: Number(reliableSent),
    }),
  }),
  userMessage: createBodyCodec<typeof UserMessageSchema, UserMessage>({
    kind: 'user-message',
    schema: UserMessageSchema,
    toWire: ({ name, payload }) => ({ name, payload }),
    fromWire: ({ name, payload }) =>
      isMessageName(name) && fitsUserPayload(payload)
        ? { kind: 'user-message', name, payload }
        : undefined,
  }),
};
