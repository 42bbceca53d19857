/** Every target of the campaign, in the order in which they run. */
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { createClientSessionTarget } from './client-session-target.ts';
import { createCredentialsTarget } from './credentials-target.ts';
import { createDecoderTargets, createDifferentialTargets } from './decoder-targets.ts';
import { createSessionsTarget } from './sessions-target.ts';
import { createHostTarget } from './host-target.ts';
import { createWorldTarget } from './world-target.ts';
import { createUserMessageTarget } from './user-message-target.ts';
import { createWebSocketTarget } from './websocket-target.ts';

export function createTargets(production: Production): readonly FuzzTarget[] {
  return [
    ...createDecoderTargets(production),
    createUserMessageTarget(production),
    ...createDifferentialTargets(production),
    createCredentialsTarget(production),
    createWebSocketTarget(production),
    createSessionsTarget(production),
    createClientSessionTarget(production),
    createWorldTarget(production),
    createHostTarget(production),
  ];
}
