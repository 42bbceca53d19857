/** How the game's own messages look on the wire; the same from both ends. */
import { createBodyCodec } from './body-codec.ts';
import { UserMessageSchema } from './generated/holdfast/v1/user_message_pb.ts';
import { fitsUserPayload, isMessageName } from './message-bounds.ts';
import type { UserMessage, UserUpdate } from './messages.ts';

export const userMessageBody = createBodyCodec<typeof UserMessageSchema, UserMessage>({
  kind: 'user-message',
  schema: UserMessageSchema,
  toWire: ({ name, payload }) => ({ name, payload }),
  fromWire: ({ name, payload }) =>
    isMessageName(name) && fitsUserPayload(payload)
      ? { kind: 'user-message', name, payload }
      : undefined,
});

/** The same body; the kind tells the lane. */
export const userUpdateBody = createBodyCodec<typeof UserMessageSchema, UserUpdate>({
  kind: 'user-update',
  schema: UserMessageSchema,
  toWire: ({ name, payload }) => ({ name, payload }),
  fromWire: ({ name, payload }) =>
    isMessageName(name) && fitsUserPayload(payload)
      ? { kind: 'user-update', name, payload }
      : undefined,
});
