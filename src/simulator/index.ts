/** The entry 'holdfast/simulator': a whole game in one thread, on virtual time. */
export { createSimulation } from './simulation.ts';
export type { Simulation, WaitOptions } from './simulation.ts';
export type {
  HookContext,
  HostileOptions,
  LineFaults,
  PeerOptions,
  SimulationCheck,
  SimulationOptions,
  SimulationStore,
} from './simulation-options.ts';
export type { Actor } from './actors/actor.ts';
export { HOSTILE_ACTOR_KINDS } from './actors/create-hostile-actor.ts';
export type { HostileActorKind } from './actors/create-hostile-actor.ts';
export { checkIndependence } from './check-independence.ts';
export { recordRun } from './record-run.ts';
export type { RecordedOptions, RunRecipe, SoloOptions } from './record-run.ts';
export type { PeerRole, PeerRun, RunDurability, RunError, RunResult } from './run-result.ts';
export type { Trace, TraceEntry, TraceEntryKind } from './trace.ts';
export { describeEntry, describeTrace } from './trace-difference.ts';
export type { OracleFinding, OracleId } from './oracles/oracle-finding.ts';
export { checkLegalLifecycle } from './oracles/check-legal-lifecycle.ts';
export type { LegalLifecycleOptions } from './oracles/check-legal-lifecycle.ts';
export { checkLiveness } from './oracles/check-liveness.ts';
export type { LivenessOptions } from './oracles/check-liveness.ts';
export { checkProjection } from './oracles/check-projection.ts';
export { checkRepeat } from './oracles/check-repeat.ts';
export { checkSubstitution } from './oracles/check-substitution.ts';
export { SimulationError } from './simulation-error.ts';
export type { SimulatedHost } from './simulated-host.ts';
export type { CrashOptions, SimulatedPeer } from './simulated-peer.ts';
export type { VirtualNode } from './virtual-node.ts';
export type { VirtualTime } from './virtual-time.ts';
export { combineBehaviours } from './behaviour.ts';
export type { Behaviour, BehaviourContext } from './behaviour.ts';
export { createChatter } from './chatter.ts';
export type { ChatterOptions } from './chatter.ts';
export { createFighter } from './fighter.ts';
export type { FighterOptions } from './fighter.ts';
export { createLeaver } from './leaver.ts';
export type { LeaverOptions } from './leaver.ts';
export { createWalker } from './walker.ts';
export { FaultyStore } from './faulty-store.ts';
export type { FaultyStoreOptions, StoreFaults } from './faulty-store.ts';
export { MemoryStore } from '../store/memory-store.ts';
export type { MemoryStoreOptions } from '../store/memory-store.ts';
export type { SimulatedNetwork } from './simulated-network.ts';
export type { SimulatedLine } from './simulated-line.ts';
export type { BurstLoss, LinkConditions, LinkDirection } from '../transport/link-conditions.ts';
export type { NetworkTap } from './network-tap.ts';
export type { Packet } from './packet.ts';
export { defineMessages } from '../protocol/define-messages.ts';
export type { MessageDefinitions } from '../protocol/define-messages.ts';
export { refuse } from '../host/authentication.ts';
export type { Authenticated, AuthenticateRequest } from '../host/authentication.ts';
