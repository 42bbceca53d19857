/**
 * The server of a simulation: the production host on a node of its own, over one process after the
 * other. In: orders to start, crash, restart, stop. Out: the host and its sessions.
 * Must not know: peers, faults.
 */
import { createDefaultAuthorities } from '../authority/default-authorities.ts';
import { validateInputLimits } from '../authority/input-limits.ts';
import { assert } from '../base/assert.ts';
import type { RandomStreams } from '../base/random-source.ts';
import { refuse } from '../host/authentication.ts';
import type {
  Authenticate,
  Authenticated,
  AuthenticateRequest,
  RefusedLogin,
} from '../host/authentication.ts';
import { validateHostLimits } from '../host/host-limits.ts';
import type { HostOptions } from '../host/host-options.ts';
import { ServerNetworkHost } from '../host/server-network-host.ts';
import type { StopOptions } from '../host/server-network-host.ts';
import { validateSuspicionLimits } from '../host/suspicion-limits.ts';
import { defineMessages } from '../protocol/define-messages.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import { isId } from '../protocol/ids.ts';
import type { MultiSessionManager } from '../session/multi-session-manager.ts';
import { validateSessionPolicy } from '../session/session-policy.ts';
import type { HookContext, SimulationOptions } from './simulation-options.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import { TrackedSessionStore } from './tracked-store.ts';
import type { VirtualNode } from './virtual-node.ts';

/** As ServerRuntime's. */
const CHECKPOINT_INTERVAL_MS = 250;

export interface SimulatedHostOptions<Definitions extends MessageDefinitions> {
  readonly simulation: SimulationOptions<Definitions>;
  readonly node: VirtualNode;
  readonly network: SimulatedNetwork;
  readonly streams: RandomStreams;
  /** Randomness for hooks. */
  readonly random: () => number;
  readonly onError: (error: unknown, where: string) => void;
}

/** The server: one process after the other on one computer, and the host that runs there now. */
export class SimulatedHost<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly node: VirtualNode;
  readonly tickRateHz: number;
  readonly #options: SimulatedHostOptions<Definitions>;
  #host: ServerNetworkHost<unknown, Definitions>;
  #isRunning = false;

  constructor(options: SimulatedHostOptions<Definitions>) {
    this.#options = options;
    this.node = options.node;
    this.tickRateHz = options.simulation.tickRateHz ?? 20;
    this.#host = this.#createHost();
  }

  /** The process that runs, or ran last. */
  get host(): ServerNetworkHost<unknown, Definitions> {
    return this.#host;
  }

  /** The coordinator of that process. */
  get sessions(): MultiSessionManager {
    return this.#host.sessions;
  }

  /** Ticks that this process has run. */
  get ticks(): number {
    return this.#host.counters.ticks;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** True when the last process died of `crash`. */
  get hasCrashed(): boolean {
    return !this.#isRunning && this.node.isStopped;
  }

  async start(): Promise<void> {
    assert(!this.#isRunning, 'the server runs already');
    this.#isRunning = true;
    const starting = this.#host.start();
    this.node.track(starting);
    try {
      await starting;
    } catch (error) {
      this.#isRunning = false;
      throw error;
    }
  }

  /**
   * The process dies at once, without a word. `tellsClients`: its computer is up and refuses what
   * still comes for it; otherwise clients notice by silence. Default true.
   */
  crash({ tellsClients = true }: { readonly tellsClients?: boolean } = {}): void {
    this.node.stop();
    this.#isRunning = false;
    this.#options.simulation.store?.crash?.();
    this.#options.network.crashServer(tellsClients);
  }

  /**
   * A new process, with nothing of the old one but what a store has kept. After `crash` or `stop`.
   * Rejects as a start does; then nothing runs.
   */
  async restart(): Promise<void> {
    assert(!this.#isRunning, 'the server runs already');
    if (!this.node.isStopped) this.node.stop();
    // A process that has ended holds nothing, also where the disk hung as it closed.
    this.#options.simulation.store?.crash?.();
    this.node.start();
    this.#host = this.#createHost();
    await this.start();
  }

  /**
   * In good order: every session is told. With `sessions: 'keep'` and a store they go on in the
   * next process. Resolves when time has moved on far enough.
   */
  async stop(options: StopOptions = {}): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    const stopping = this.#host.stop(options);
    this.node.track(stopping);
    await stopping;
  }

  #createHost(): ServerNetworkHost<unknown, Definitions> {
    const { simulation, network } = this.#options;
    const scheduler = this.node.createScheduler();
    const host: ServerNetworkHost<unknown, Definitions> = new ServerNetworkHost({
      ...this.#checkedOptions(),
      clock: this.node,
      scheduler,
      transports: [network.createServer({ scheduler })],
      onMessage: (session, message) => simulation.onMessage?.(session, message, host),
    });
    simulation.onHostCreated?.(host);
    return host;
  }

  #checkedOptions(): Omit<HostOptions, 'clock' | 'scheduler' | 'transports' | 'onMessage'> {
    const { simulation, streams, onError } = this.#options;
    const { tickRateHz } = this;
    const policy = validateSessionPolicy(simulation.policy ?? {});
    const { livenessTimeoutMs } = policy;
    return {
      randomStreams: streams,
      // Deliberate: nothing of Node in here, and nobody reads what a simulation keeps.
      hashToken: (token) => new TextEncoder().encode(token),
      onTokenReuse: 'refuse',
      authenticate: this.#createAuthenticate(),
      messages: simulation.messages ?? defineMessages({}),
      onVerdict: simulation.onVerdict,
      onSuspicion: simulation.onSuspicion,
      suspicion: validateSuspicionLimits(simulation.suspicion ?? {}, { tickRateHz }),
      onError,
      createAuthorities: simulation.authorities ?? createDefaultAuthorities(),
      ...(simulation.createWorld === undefined ? {} : { createWorld: simulation.createWorld }),
      inputLimits: validateInputLimits(simulation.inputLimits ?? {}),
      policy,
      limits: validateHostLimits(simulation.limits ?? {}, { tickRateHz, livenessTimeoutMs }),
      originPolicy: { allowedOrigins: [], allowNativeClients: true, isDevelopment: true },
      tickRateHz,
      ...this.#durability(),
      ...(simulation.onNotice === undefined ? {} : { onNotice: simulation.onNotice }),
    };
  }

  #durability(): Pick<HostOptions, 'durability'> {
    const { store, journal = 'behind', checkpointIntervalMs } = this.#options.simulation;
    if (store === undefined) return {};
    const tracked = new TrackedSessionStore(store, (promise) => this.node.track(promise));
    const intervalMs = checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS;
    return { durability: { store: tracked, journal, checkpointIntervalMs: intervalMs } };
  }

  /**
   * The user's hook, with the promises that it makes settled as it goes. It may outlive the process
   * that asked it: nothing that it answers then is heard.
   */
  #createAuthenticate(): Authenticate {
    const { simulation, random } = this.#options;
    const { authenticate = trustCredentials } = simulation;
    const { node } = this;
    const context: HookContext = { sleep: (durationMs) => node.sleep(durationMs), random };
    return (credentials, request) => {
      try {
        const given = authenticate(credentials, request, context);
        const answer = given instanceof Promise ? node.hear(given) : given;
        // Nobody waits any more for the answer to an attempt that was given up.
        node.track(Promise.race([answer, aborted(request)]));
        return answer;
      } catch (error) {
        // The host hears of it in a promise, too.
        node.track(Promise.resolve());
        throw error;
      }
    };
  }
}

function aborted({ signal }: AuthenticateRequest): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Takes whoever names a player and a world at their word. */
function trustCredentials(credentials: unknown): Authenticated | RefusedLogin {
  const { playerId, worldId = 'main' } = Object(credentials) as Readonly<Record<string, unknown>>;
  if (!isIdText(playerId) || !isIdText(worldId)) return refuse('bad-credentials');
  return { playerId, worldId };
}

function isIdText(value: unknown): value is string {
  return typeof value === 'string' && isId(value);
}
