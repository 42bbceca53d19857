/** Which delivery promise each message has. `reliable`: ordered, complete. `sync`: latest wins. */
import type { ClientMessage, ServerMessage } from './messages.ts';

export type Lane = 'reliable' | 'sync';

/** The lane of each kind. */
export const MESSAGE_LANES = {
  login: 'reliable',
  leave: 'reliable',
  'heartbeat-answer': 'reliable',
  'move-input': 'sync',
  'shoot-input': 'reliable',
  resume: 'reliable',
  'snapshot-ack': 'sync',
  'login-accepted': 'reliable',
  'login-rejected': 'reliable',
  heartbeat: 'reliable',
  roster: 'reliable',
  snapshot: 'sync',
  'input-ack': 'sync',
  'combat-event': 'reliable',
  'verdict-report': 'reliable',
  close: 'reliable',
  resynced: 'reliable',
  'user-message': 'reliable',
  'user-update': 'sync',
} as const satisfies Record<(ClientMessage | ServerMessage)['kind'], Lane>;
