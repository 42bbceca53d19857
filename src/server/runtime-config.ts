/**
 * What a user gives to `ServerRuntime.start`, and how it is checked: every problem is a
 * HoldfastError('invalid-configuration') that names the option. Nothing is started here.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Clock, Scheduler } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { AuthorityInput, CreateAuthorities, InputLimits } from '../authority/authority.ts';
import { createDefaultAuthorities } from '../authority/default-authorities.ts';
import { validateInputLimits } from '../authority/input-limits.ts';
import type { Verdict } from '../authority/verdict.ts';
import type { Authenticate } from '../host/authentication.ts';
import type { HostLimits } from '../host/host-limits.ts';
import { validateHostLimits } from '../host/host-limits.ts';
import type { HostNotice } from '../host/host-notice.ts';
import type { Durability, HostOptions, ReceivedMessage } from '../host/host-options.ts';
import {
  nodeClock,
  nodeHashToken,
  nodeRandomStreams,
  nodeScheduler,
} from '../host/node-platform.ts';
import type { ServerNetworkHost } from '../host/server-network-host.ts';
import type { SuspicionConfig } from '../host/suspicion-limits.ts';
import { validateSuspicionLimits } from '../host/suspicion-limits.ts';
import type { Suspicion } from '../host/suspicion.ts';
import type { MessageDefinitions, MessageOf } from '../protocol/define-messages.ts';
import { defineMessages } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import { validateSessionPolicy } from '../session/session-policy.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { TransportServer } from '../transport/transport.ts';
import type { WebSocketLimits } from '../transport/websocket-limits.ts';
import { checkConfigShape } from './config-shape.ts';
import { createErrorReporter } from './error-reporter.ts';
import { createNoticeReporter } from './notice-reporter.ts';

export interface ServerConfig<
  Data = unknown,
  Definitions extends MessageDefinitions = MessageDefinitions,
> {
  /** Proves who logs in. Required. */
  readonly authenticate: Authenticate<Data>;
  /** TCP port; 0 = any free one. Default 7777. */
  readonly port?: number;
  /** Address to bind. Default `127.0.0.1`: say so when the world may come. */
  readonly hostname?: string;
  /**
   * Your own http or https server, listening already or later, instead of one on `port`: its
   * upgrades on `path` are Holdfast's, everything else of it stays yours, its end too.
   */
  readonly server?: HttpServer | HttpsServer;
  /** The user's own messages; the same definitions go to the clients. */
  readonly messages?: Definitions;
  /** A user message that no authority takes. A throw closes that peer with `internal-error`. */
  readonly onMessage?: (
    session: ManagedSession<Data>,
    message: MessageOf<Definitions>,
    host: ServerNetworkHost<Data, Definitions>,
  ) => void;
  /** Creates the rules of each world. Default: movement and combat in a bounded field. */
  readonly createAuthorities?: CreateAuthorities;
  /** Every verdict on every input. */
  readonly onVerdict?: (
    session: ManagedSession<Data>,
    input: AuthorityInput,
    verdict: Verdict,
  ) => void;
  /**
   * A session behaves as no honest client does, or does so no longer: once for each crossing of a
   * threshold of `suspicion`. Nothing else comes of it: what to do about it is the game's matter.
   */
  readonly onSuspicion?: (session: ManagedSession<Data>, suspicion: Suspicion) => void;
  /** What a hook, a subscriber or an authority threw. Default: one line on stderr, throttled. */
  readonly onError?: (error: unknown, where: string) => void;
  /** When a spent resume token is shown: `refuse` (default), or `revoke`: evict the session. */
  readonly onTokenReuse?: 'refuse' | 'revoke';
  /** What outlives the process, such as createLmdbStore makes it. Default: nothing. */
  readonly store?: SessionStore;
  /**
   * With `ahead` a tick tells nothing reliably before it is durable: no outcome that a client has
   * seen is undone. Default `behind`.
   */
  readonly journal?: 'behind' | 'ahead';
  /** Between two checkpoints of a world, 1 to 60 000 ms. Default 250. */
  readonly checkpointIntervalMs?: number;
  /** What came back from the store, and what did not. Default: lines on stderr, throttled. */
  readonly onNotice?: (notice: HostNotice) => void;
  readonly policy?: Partial<SessionPolicy>;
  readonly limits?: Partial<HostLimits>;
  readonly inputLimits?: Partial<InputLimits>;
  /** When `onSuspicion` is called. */
  readonly suspicion?: SuspicionConfig;
  /** Ticks per second, 1 to 128. Default 20. */
  readonly tickRateHz?: number;
  /** Web origins that may connect besides the server's own host. */
  readonly allowedOrigins?: readonly string[];
  /** Whether clients without an Origin header may connect. Default true. */
  readonly allowNativeClients?: boolean;
  /** Lets pages of localhost connect. Default: unless NODE_ENV is `production`. */
  readonly isDevelopment?: boolean;
  /** Addresses of proxies whose `x-forwarded-for` counts. Default none. */
  readonly trustedProxies?: readonly string[];
  /** The only path that WebSockets may ask for, such as `/play`. Default: every path. */
  readonly path?: string;
  /** Bounds of the WebSocket server itself: message size, fragments, handshakes, sockets. */
  readonly webSocketLimits?: Partial<WebSocketLimits>;
  /** Plain HTTP requests on the same port. Default: 426 Upgrade Required. */
  readonly handleRequest?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Instead of the WebSocket server on `port`. */
  readonly transports?: readonly TransportServer[];
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  readonly randomStreams?: RandomStreams;
}

/** The host's options but for what needs the host itself. */
export type CheckedConfig = Omit<HostOptions, 'transports' | 'onMessage'> & {
  readonly onMessage: (
    session: ManagedSession,
    message: ReceivedMessage,
    host: ServerNetworkHost,
  ) => void;
};

/** Ticks that may be late before the gap between two evaluations counts as a stall. */
const STALL_TICKS_MIN = 2;

/** Sessions are evaluated once per tick: a shorter `stallMsMax` would find a stall in each. */
function checkPolicy(given: ServerConfig['policy'], tickRateHz: number): SessionPolicy {
  const policy = validateSessionPolicy(given ?? {});
  const stallMsMin = (STALL_TICKS_MIN * 1_000) / tickRateHz;
  if (policy.stallMsMax >= stallMsMin) return policy;
  if (given?.stallMsMax === undefined) return { ...policy, stallMsMax: stallMsMin };
  const rule = `is at least ${STALL_TICKS_MIN} ticks, which is ${stallMsMin}`;
  throw new HoldfastError('invalid-policy', `policy.stallMsMax ${rule}`);
}

const CHECKPOINT_INTERVAL_MS = 250;

function durabilityOf(config: ServerConfig): Durability | undefined {
  const { store, journal = 'behind', checkpointIntervalMs = CHECKPOINT_INTERVAL_MS } = config;
  return store && { store, journal, checkpointIntervalMs };
}

function writeLine(line: string): void {
  // Deliberate: who reads our words may go away; the server is not to die of it.
  if (!process.stderr.listeners('error').includes(ignore)) process.stderr.on('error', ignore);
  process.stderr.write(line);
}

function ignore(): void {}

/** Checks everything and fills in the defaults. `isDevelopmentDefault` comes from the process. */
export function checkConfig(config: ServerConfig, isDevelopmentDefault: boolean): CheckedConfig {
  checkConfigShape(config);
  const clock = config.clock ?? nodeClock;
  const tickRateHz = config.tickRateHz ?? 20;
  const policy = checkPolicy(config.policy, tickRateHz);
  return {
    clock,
    scheduler: config.scheduler ?? nodeScheduler,
    randomStreams: config.randomStreams ?? nodeRandomStreams,
    hashToken: nodeHashToken,
    onTokenReuse: config.onTokenReuse ?? 'refuse',
    authenticate: config.authenticate,
    messages: config.messages ?? defineMessages({}),
    onMessage: config.onMessage ?? (() => undefined),
    createAuthorities: config.createAuthorities ?? createDefaultAuthorities(),
    onVerdict: config.onVerdict,
    onSuspicion: config.onSuspicion,
    onError: config.onError ?? createErrorReporter(clock, writeLine),
    onNotice: config.onNotice ?? createNoticeReporter(clock, writeLine),
    durability: durabilityOf(config),
    policy,
    limits: validateHostLimits(config.limits ?? {}, {
      tickRateHz,
      livenessTimeoutMs: policy.livenessTimeoutMs,
    }),
    suspicion: validateSuspicionLimits(config.suspicion ?? {}, { tickRateHz }),
    inputLimits: validateInputLimits(config.inputLimits ?? {}),
    tickRateHz,
    originPolicy: {
      allowedOrigins: config.allowedOrigins ?? [],
      allowNativeClients: config.allowNativeClients ?? true,
      isDevelopment: config.isDevelopment ?? isDevelopmentDefault,
    },
  };
}
