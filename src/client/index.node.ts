/**
 * Entry `holdfast/client` for Node: connects with `ws`, since Node 20 has no WebSocket of its own.
 * index.ts exports the same names for browsers.
 */
import type { ClientTransport } from '../transport/transport.ts';
import { createNodeWebSocketClientTransport } from '../transport/websocket-client-node.ts';
import type { NodeWebSocketClientOptions } from '../transport/websocket-client-node.ts';
import { browserPlatform } from './browser-platform.ts';
import { createConnect } from './connect.ts';
import type { Connect } from './connect.ts';

export type { Client, Move, Shot } from './client.ts';
export type {
  ClientClosedEvent,
  ClientEvents,
  ClientResyncedEvent,
  ClientSnapshotEvent,
  ClientStateEvent,
  InputTickEvent,
} from './client-events.ts';
export type { ConnectOptions } from './client-options.ts';
export { conditionedTransport } from './conditioned-transport.ts';
export type { ClientStats } from './client-stats.ts';
export type { NetworkChange, NetworkStatus } from './network-status.ts';
export type { PlayerView } from './player-view.ts';
export { predictMovement } from './predict-movement.ts';
export type { PredictMovementOptions } from './predict-movement.ts';
export type {
  Correction,
  PredictedConnection,
  Prediction,
  PredictionStats,
  SelfPredictor,
} from './prediction.ts';
export type { ShotEvent } from './shot-book.ts';
export type { TokenStorage } from './token-storage.ts';
export type { Clock, Scheduler, Timer } from '../base/clock.ts';
export type { RandomSource } from '../base/random-source.ts';
export { defineMessages } from '../protocol/define-messages.ts';
export type {
  MessageDefinition,
  MessageDefinitions,
  MessageInputOf,
  MessageOf,
} from '../protocol/define-messages.ts';
export { defineSnapshotFields } from '../protocol/define-snapshot-fields.ts';
export type {
  SnapshotFieldDefinition,
  SnapshotFieldDefinitions,
  SnapshotFieldsOf,
} from '../protocol/define-snapshot-fields.ts';
export { HoldfastError } from '../protocol/holdfast-error.ts';
export type { ErrorCode } from '../protocol/holdfast-error.ts';
export type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
export type { CombatEvent, VerdictReport } from '../protocol/messages.ts';
export type { SessionCause } from '../session/session-cause.ts';
export type { SessionState } from '../session/session-state.ts';
export type { ConditionFaults } from '../transport/condition-faults.ts';
export type { ConditionedClientTransport } from '../transport/conditioned-client.ts';
export type { ConditionedOptions } from '../transport/conditioned-options.ts';
export type {
  BurstLoss,
  Lanes,
  LinkConditions,
  LinkDirection,
  LinkDirections,
} from '../transport/link-conditions.ts';
export type {
  ClientConnection,
  ClientConnectionHandler,
  ClientTransport,
} from '../transport/transport.ts';

/** The default transport; pass a wrapped one to `connect` to look at or disturb its bytes. */
export function webSocketTransport(options?: NodeWebSocketClientOptions): ClientTransport {
  return createNodeWebSocketClientTransport(options);
}

/** Connects and logs in; see `ConnectOptions`. Rejects with a HoldfastError (docs/CLIENT.md). */
export const connect: Connect = createConnect({
  ...browserPlatform,
  createTransport: webSocketTransport,
});
