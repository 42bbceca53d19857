/** The entry 'holdfast': everything that a server needs. */
export { ServerRuntime } from './server-runtime.ts';
export type { ServerConfig } from './runtime-config.ts';
export { ServerNetworkHost } from '../host/server-network-host.ts';
export type { SessionInspection, StopOptions } from '../host/server-network-host.ts';
export { refuse } from '../host/authentication.ts';
export type { Authenticate, Authenticated, AuthenticateRequest } from '../host/authentication.ts';
export type { HostCounters } from '../host/host-counters.ts';
export type { HostNotice } from '../host/host-notice.ts';
export type { HostLimits } from '../host/host-limits.ts';
export type {
  SuspicionConfig,
  SuspicionKind,
  SuspicionLimits,
  SuspicionThresholds,
} from '../host/suspicion-limits.ts';
export type { Suspicion } from '../host/suspicion.ts';
export type { VerdictSummary } from '../host/verdict-record.ts';
export { defineMessages } from '../protocol/define-messages.ts';
export type { MessageDefinitions, MessageOf } from '../protocol/define-messages.ts';
export { defineSnapshotFields } from '../protocol/define-snapshot-fields.ts';
export type {
  SnapshotFieldDefinition,
  SnapshotFieldDefinitions,
} from '../protocol/define-snapshot-fields.ts';
export { toPlayerId } from '../protocol/ids.ts';
export type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
export { HoldfastError } from '../protocol/holdfast-error.ts';
export type { ErrorCode } from '../protocol/holdfast-error.ts';
export { MultiSessionManager } from '../session/multi-session-manager.ts';
export type { ManagedSession } from '../session/managed-session.ts';
export type { SessionEvent } from '../session/session-event.ts';
export type { SessionPolicy } from '../session/session-policy.ts';
export type { SessionState } from '../session/session-state.ts';
export type { SessionCause } from '../session/session-cause.ts';
export { MemoryStore } from '../store/memory-store.ts';
export type { MemoryStoreOptions } from '../store/memory-store.ts';
export type { CommitFate } from '../store/memory-engine.ts';
export type { SessionRecord, StoredReliableCounts, StoredTokens } from '../store/session-record.ts';
export type {
  OpenedStore,
  PutSessionCondition,
  SessionStore,
  StoreContents,
  StoreCounters,
  StoredEpoch,
  StoredTick,
  StoredWorld,
  StoreHealth,
  StoreHealthEvent,
  StoreOpening,
  StoreOpenOptions,
  StoreWitness,
} from '../store/session-store.ts';
export type { StoreLimits } from '../store/store-limits.ts';
