/** How the game's own messages look on the wire; the same from both ends, and in both lanes. */
import { fitsUserPayload, isMessageName } from './message-bounds.ts';
import type { UserMessage, UserUpdate } from './messages.ts';
import { createPlainCodec } from './plain-codec.ts';

export const userMessageBody = createPlainCodec<UserMessage>({
  kind: 'user-message',
  fields: { name: 'text', payload: 'text' },
  isMeant: ({ name, payload }) => isMessageName(name) && fitsUserPayload(payload),
});

export const userUpdateBody = createPlainCodec<UserUpdate>({
  kind: 'user-update',
  fields: { name: 'text', payload: 'text' },
  isMeant: ({ name, payload }) => isMessageName(name) && fitsUserPayload(payload),
});
