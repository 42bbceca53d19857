/**
 * The entry `holdfast/transport`: the contract, for those who bring a transport of their own, and
 * the server halves that ship. Clients come from `holdfast/client`.
 */
export type {
  ClientCloseInfo,
  ClientConnection,
  ClientConnectionHandler,
  ClientTransport,
  ConnectionRefusal,
  ConnectionRequest,
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from './transport.ts';
export type { ConditionFaults } from './condition-faults.ts';
export type { ConditionedOptions } from './conditioned-options.ts';
export type { ConditionedServer } from './conditioned-server.ts';
export { createConditionedServer } from './create-conditioned-server.ts';
export type {
  BurstLoss,
  Lanes,
  LinkConditions,
  LinkDirection,
  LinkDirections,
} from './link-conditions.ts';
export { createMemoryNetwork } from './memory-network.ts';
export type {
  MemoryClientConnection,
  MemoryClientOptions,
  MemoryClientTransport,
  MemoryNetwork,
  MemoryNetworkOptions,
} from './memory-network.ts';
export type { MemoryDelay, MemorySyncLane } from './memory-pipe.ts';
export { createWebSocketServer } from './websocket-server.ts';
export type {
  WebSocketCounters,
  WebSocketServerOptions,
  WebSocketTransportServer,
} from './websocket-server.ts';
export type { RequestHandler } from './websocket-http-listener.ts';
export type { WebSocketLimits } from './websocket-limits.ts';
