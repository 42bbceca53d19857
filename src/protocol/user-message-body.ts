/** How the game's own messages look on the wire; the same from both ends, and in both lanes. */
import { createBodyCodec } from './body-codec.ts';
import { UserMessageSchema, UserUpdateSchema } from './generated/holdfast/v1/user_message_pb.ts';
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

export const userUpdateBody = createBodyCodec<typeof UserUpdateSchema, UserUpdate>({
  kind: 'user-update',
  schema: UserUpdateSchema,
  toWire: ({ name, payload }) => ({ name, payload }),
  fromWire: ({ name, payload }) =>
    isMessageName(name) && fitsUserPayload(payload)
      ? { kind: 'user-update', name, payload }
      : undefined,
});
