/** Which delivery promise each message has. `reliable`: ordered, complete. `sync`: latest wins. */
import type { ClientMessage, ServerMessage } from './messages.ts';

export type Lane = 'reliable' | 'sync';

/** The kinds whose lane is fixed; a user message's lane stands in its definition. */
export const MESSAGE_LANES = {
  login: 'reliable',
  leave: 'reliable',
  'heartbeat-answer': 'reliable',
  'move-input': 'sync',
  'shoot-input': 'reliable',
  'login-accepted': 'reliable',
  'login-rejected': 'reliable',
  heartbeat: 'reliable',
  roster: 'reliable',
  snapshot: 'sync',
  'input-ack': 'sync',
  'combat-event': 'reliable',
  'verdict-report': 'reliable',
  close: 'reliable',
  'user-message': 'reliable',
} as const satisfies Record<(ClientMessage | ServerMessage)['kind'], Lane>;
