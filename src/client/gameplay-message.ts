/** The messages that count only while logged in; the others are about the connection itself. */
import type { ServerMessage } from '../protocol/messages.ts';

export type GameplayMessage = Exclude<
  ServerMessage,
  { readonly kind: 'login-accepted' | 'login-rejected' | 'close' }
>;
