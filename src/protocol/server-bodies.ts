/** How the cold messages of servers look on the wire. */
import { createBodyCodec } from './body-codec.ts';
import {
  CloseSchema,
  LoginRejectedSchema,
  ResyncedSchema,
} from './generated/holdfast/v1/server_messages_pb.ts';
import { cutText, isCode, isText } from './message-bounds.ts';
import type { Close, LoginRejected, Resynced } from './messages.ts';

/** What the field holds: 49 days, which is as good as for ever. */
const RETRY_AFTER_MS_MAX = 2 ** 32 - 1;

export const loginRejectedBody = createBodyCodec<typeof LoginRejectedSchema, LoginRejected>({
  kind: 'login-rejected',
  schema: LoginRejectedSchema,
  toWire: ({ code, retryable, retryAfterMs, message }) => ({
    code,
    retryable,
    retryAfterMs: Math.min(Math.ceil(retryAfterMs), RETRY_AFTER_MS_MAX),
    message: cutText(message),
  }),
  fromWire: ({ code, retryable, retryAfterMs, message }) =>
    isCode(code) && isText(message)
      ? { kind: 'login-rejected', code, retryable, retryAfterMs, message }
      : undefined,
});

export const closeBody = createBodyCodec<typeof CloseSchema, Close>({
  kind: 'close',
  schema: CloseSchema,
  toWire: ({ code, retryable, message }) => ({ code, retryable, message: cutText(message) }),
  fromWire: ({ code, retryable, message }) =>
    isCode(code) && isText(message) ? { kind: 'close', code, retryable, message } : undefined,
});

export const resyncedBody = createBodyCodec<typeof ResyncedSchema, Resynced>({
  kind: 'resynced',
  schema: ResyncedSchema,
  toWire: ({ fromTick, ticksLost, eventsMissed, reliableSent }) => ({
    fromTick: BigInt(fromTick),
    ticksLost: BigInt(ticksLost),
    ...(eventsMissed === undefined ? {} : { eventsMissed: BigInt(eventsMissed) }),
    reliableSent: BigInt(reliableSent),
  }),
  fromWire: ({ fromTick, ticksLost, eventsMissed, reliableSent }) => ({
    kind: 'resynced',
    fromTick: Number(fromTick),
    ticksLost: Number(ticksLost),
    eventsMissed: eventsMissed === undefined ? undefined : Number(eventsMissed),
    reliableSent: Number(reliableSent),
  }),
});
