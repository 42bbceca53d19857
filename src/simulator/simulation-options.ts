/** What a simulation is made of. Everything but the seed and the peers has a default. */
import type { AuthorityInput, CreateAuthorities, InputLimits } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import type { World, WorldOptions } from '../authority/world.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { Prediction } from '../client/prediction.ts';
import type { Authenticated, AuthenticateRequest, RefusedLogin } from '../host/authentication.ts';
import type { HostLimits } from '../host/host-limits.ts';
import type { HostNotice } from '../host/host-notice.ts';
import type { Durability } from '../host/host-options.ts';
import type { ServerNetworkHost } from '../host/server-network-host.ts';
import type { SuspicionConfig } from '../host/suspicion-limits.ts';
import type { Suspicion } from '../host/suspicion.ts';
import type { MessageDefinitions, MessageOf } from '../protocol/define-messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import type { SessionState } from '../session/session-state.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { HostileActorKind } from './actors/create-hostile-actor.ts';
import type { Behaviour } from './behaviour.ts';
import type { LinkConditions } from '../transport/link-conditions.ts';
import type { NetworkTap } from './network-tap.ts';
import type { SimulatedPeer } from './simulated-peer.ts';
import type { Simulation } from './simulation.ts';

/** What is wrong with a line; either way alike, or each way on its own. */
export type LineFaults =
  | Partial<LinkConditions>
  | { readonly up: Partial<LinkConditions>; readonly down: Partial<LinkConditions> };

/** One honest player: a real client on a computer of its own. */
export interface PeerOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** Unique among the peers. */
  readonly name: string;
  /** Default: the name. */
  readonly playerId?: string;
  /** Default `main`. */
  readonly worldId?: string;
  /** What `authenticate` gets. Default `{ playerId, worldId }`. */
  readonly credentials?: unknown;
  /** When it connects, in ms after it was added. Default 0; `Infinity` = when told to. */
  readonly joinsAtMs?: number;
  /** Default: the simulation's. */
  readonly behaviour?: Behaviour<Definitions>;
  readonly faults?: LineFaults;
  /** Whether its transport has a sync lane of its own. Default: the simulation's. */
  readonly hasSyncLane?: boolean;
}

/** One peer that means no good: raw bytes from a computer of its own. */
export interface HostileOptions {
  /** Unique among the peers. */
  readonly name: string;
  readonly kind: HostileActorKind;
  /** With which `authenticate` lets it in. Default `{ playerId: name }`. */
  readonly credentials?: unknown;
  /** With which `authenticate` must not let it in, such as another player's without the proof. */
  readonly forgedCredentials?: readonly unknown[];
  /** When it begins, in ms after it was added. Default 0. */
  readonly joinsAtMs?: number;
  readonly faults?: LineFaults;
  readonly hasSyncLane?: boolean;
}

/** Looks at the whole simulation after each tick. A throw fails the simulation. */
export interface SimulationCheck<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly name: string;
  check(simulation: Simulation<Definitions>): void;
}

/** What a simulated hook may use instead of a real clock. */
export interface HookContext {
  /** Resolves after so many virtual ms. */
  readonly sleep: (durationMs: number) => Promise<void>;
  /** The server's own randomness for hooks, uniform in [0, 1). */
  readonly random: () => number;
}

export interface SimulationOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** A safe integer ≥ 0: equal seeds, equal runs. */
  readonly seed: number;
  /** Who takes part: options, names, or how many. */
  readonly peers: number | readonly (string | PeerOptions<Definitions>)[];
  /** Who means no good. Default: nobody. */
  readonly hostile?: readonly HostileOptions[];
  /** What is wrong with every line. Default: nothing. */
  readonly faults?: LineFaults;
  /** The rules of each world. Default: movement and combat in a bounded field. */
  readonly authorities?: CreateAuthorities;
  /** Makes what a peer does. Default: it walks and shoots. */
  readonly behaviour?: (name: string) => Behaviour<Definitions>;
  /** Default: takes `{ playerId, worldId }` at its word. */
  readonly authenticate?: (
    credentials: unknown,
    request: AuthenticateRequest,
    context: HookContext,
  ) => Authenticated | RefusedLogin | Promise<Authenticated | RefusedLogin>;
  /** What `defineMessages` made: the types of hooks and clients follow from it. */
  readonly messages?: Definitions;
  readonly onMessage?: (
    session: ManagedSession,
    message: MessageOf<NoInfer<Definitions>>,
    host: ServerNetworkHost<unknown, NoInfer<Definitions>>,
  ) => void;
  readonly onVerdict?: (session: ManagedSession, input: AuthorityInput, verdict: Verdict) => void;
  readonly onSuspicion?: (session: ManagedSession, suspicion: Suspicion) => void;
  /** What a hook, a rule, a behaviour or Holdfast itself threw. Default: the simulation fails. */
  readonly onError?: (error: unknown, where: string) => void;
  /** Each time a server process begins, before anybody connects. */
  readonly onHostCreated?: (host: ServerNetworkHost<unknown, NoInfer<Definitions>>) => void;
  /** Each time a peer's first login of a new client was accepted. */
  readonly onJoined?: (peer: SimulatedPeer<NoInfer<Definitions>>) => void;
  /** Each time a peer's process has died, with the state in which its client was. */
  readonly onCrashed?: (peer: SimulatedPeer<NoInfer<Definitions>>, state: SessionState) => void;
  readonly checks?: readonly SimulationCheck<NoInfer<Definitions>>[];
  readonly policy?: Partial<SessionPolicy>;
  readonly limits?: Partial<HostLimits>;
  readonly inputLimits?: Partial<InputLimits>;
  readonly suspicion?: SuspicionConfig;
  /** Default 20. */
  readonly tickRateHz?: number;
  /** How every peer's client shows itself: `predictMovement(…)`. Default: without prediction. */
  readonly prediction?: Prediction;
  /** Whether the peers' transports have a sync lane of its own. Default: one ordered stream. */
  readonly hasSyncLane?: boolean;
  /** Sees every message that is sent and delivered. */
  readonly tap?: NetworkTap;
  /** Makes each world, for whoever records what happens to it. */
  readonly createWorld?: (options: WorldOptions) => World;
  /** Default: made from the seed. */
  readonly streams?: RandomStreams;
  /**
   * Where sessions and worlds are kept; it outlives the server's processes, as a disk does.
   * Default: nowhere, and a process that dies takes everything along.
   */
  readonly store?: SimulationStore;
  /** As ServerRuntime has it. Default `behind`. */
  readonly journal?: Durability['journal'];
  /** As ServerRuntime has it. Default 250. */
  readonly checkpointIntervalMs?: number;
  /** What the server tells its operator beside errors. */
  readonly onNotice?: (notice: HostNotice) => void;
}

/** A MemoryStore, a FaultyStore, or one of your own that needs no real time. */
export interface SimulationStore extends SessionStore {
  /** The process that has it open has died. */
  crash?(): void;
}
