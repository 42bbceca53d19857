/** How the cold messages of servers look on the wire. */
import { cutText, isCode, isText } from './message-bounds.ts';
import type { Close, LoginRejected, Resynced } from './messages.ts';
import { createPlainCodec } from './plain-codec.ts';

/** What the field holds: 49 days, which is as good as for ever. */
const RETRY_AFTER_MS_MAX = 2 ** 32 - 1;

export const loginRejectedBody = createPlainCodec<LoginRejected>({
  kind: 'login-rejected',
  fields: { code: 'text', retryable: 'bool', retryAfterMs: 'uint32', message: 'text' },
  fit: (message) => ({
    ...message,
    retryAfterMs: Math.min(Math.ceil(message.retryAfterMs), RETRY_AFTER_MS_MAX),
    message: cutText(message.message),
  }),
  isMeant: ({ code, message }) => isCode(code) && isText(message),
});

export const closeBody = createPlainCodec<Close>({
  kind: 'close',
  fields: { code: 'text', retryable: 'bool', message: 'text' },
  fit: (message) => ({ ...message, message: cutText(message.message) }),
  isMeant: ({ code, message }) => isCode(code) && isText(message),
});

export const resyncedBody = createPlainCodec<Resynced>({
  kind: 'resynced',
  fields: {
    fromTick: 'count',
    ticksLost: 'count',
    eventsMissed: 'optional-count',
    reliableSent: 'count',
  },
  isMeant: () => true,
});
