/** What a host is made of. server/ fills in defaults and checks; here everything is present. */
import type { Clock, Scheduler } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { AuthorityInput, CreateAuthorities, InputLimits } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import type { World, WorldOptions } from '../authority/world.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { TransportServer } from '../transport/transport.ts';
import type { Authenticate } from './authentication.ts';
import type { HostLimits } from './host-limits.ts';
import type { HostNotice } from './host-notice.ts';
import type { OriginPolicy } from './origin-policy.ts';
import type { SuspicionLimits } from './suspicion-limits.ts';
import type { Suspicion } from './suspicion.ts';

/** A user message as its schema returned it. */
export interface ReceivedMessage {
  readonly name: string;
  readonly payload: unknown;
}

/** What outlives the process, and how much of it. */
export interface Durability {
  readonly store: SessionStore;
  /** `ahead`: what a tick tells reliably leaves when the tick is durable. */
  readonly journal: 'behind' | 'ahead';
  readonly checkpointIntervalMs: number;
}

export interface HostOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly randomStreams: RandomStreams;
  /** One way, and equal for equal tokens: what is kept of a resume token. */
  readonly hashToken: (token: string) => Uint8Array;
  /** When a spent resume token is shown: the session stays as it is, or it is evicted. */
  readonly onTokenReuse: 'refuse' | 'revoke';
  readonly transports: readonly TransportServer[];
  readonly authenticate: Authenticate;
  readonly messages: MessageDefinitions;
  /** A user message that no authority takes. A throw closes that peer with `internal-error`. */
  readonly onMessage: (session: ManagedSession, message: ReceivedMessage) => void;
  /** Every verdict, when it is given. A throw is reported and changes nothing. */
  readonly onVerdict:
    | ((session: ManagedSession, input: AuthorityInput, verdict: Verdict) => void)
    | undefined;
  /** A session came over a threshold of `suspicion` or fell below it. A throw is only reported. */
  readonly onSuspicion: ((session: ManagedSession, suspicion: Suspicion) => void) | undefined;
  /** What a hook, a subscriber or an authority of the user threw, and where. */
  readonly onError: (error: unknown, where: string) => void;
  /** What the operator should know beside errors. Default: nothing is told. */
  readonly onNotice?: (notice: HostNotice) => void;
  /** Absent: everything ends with the process. */
  readonly durability?: Durability | undefined;
  readonly createAuthorities: CreateAuthorities;
  /** Makes each world; for whoever records what happens to it. Default: a World. */
  readonly createWorld?: (options: WorldOptions) => World;
  readonly inputLimits: InputLimits;
  readonly policy: SessionPolicy;
  readonly limits: HostLimits;
  readonly suspicion: SuspicionLimits;
  readonly originPolicy: OriginPolicy;
  readonly tickRateHz: number;
}
