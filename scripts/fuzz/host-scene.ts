/**
 * One script's host behind a transport without a network: the script plays every event of it. In:
 * what the script says. Out: what the host wrote, checked as it comes: decodable messages, nothing
 * after a Close, one LoginAccepted per connection, Resynced only right behind it, no token twice.
 * Knows nothing of scripts.
 */
import type { Authenticate } from '../../src/host/authentication.ts';
import type { ServerNetworkHost } from '../../src/host/server-network-host.ts';
import type { CloseCode } from '../../src/protocol/codes.ts';
import type { PeerId, SessionId } from '../../src/protocol/ids.ts';
import type { Lane } from '../../src/protocol/lanes.ts';
import type { LoginAccepted } from '../../src/protocol/messages.ts';
import type { ServerFrameDecoder } from '../../src/protocol/server-frame-decoder.ts';
import type {
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from '../../src/transport/transport.ts';
import { createHash } from 'node:crypto';
import { createPrng } from '../../src/base/prng.ts';
import { FuzzTime } from './fuzz-time.ts';
import type { Production } from './production.ts';
import { TransitionCheck } from './transition-check.ts';

const TICK_RATE_HZ = 20;
/** Short, so that a script of a few hundred bytes lives through all of them. */
const POLICY = {
  loginTimeoutMs: 500,
  heartbeatIntervalMs: 100,
  livenessTimeoutMs: 400,
  reconnectWindowMs: 600,
  stallMsMax: 200,
};
const LIMITS = {
  connectionsMax: 6,
  preLoginConnectionsMax: 5,
  sessionsPerAddressMax: 4,
  messageBurst: 24,
  strikesMax: 6,
  reliableQueueBytesMax: 4_096,
  syncBufferedBytesMax: 512,
  worldsMax: 2,
  playersPerWorldMax: 3,
};

/** What a LoginAccepted left in somebody's hands. */
export interface Ticket {
  readonly sessionId: SessionId;
  readonly token: string;
}

/** The answers to a Resume; docs/PROTOCOL.md, "Counted messages". */
export const RESUME_OUTCOMES = ['continued', 'restarted', 'resynced', 'refused'] as const;
export type ResumeOutcome = (typeof RESUME_OUTCOMES)[number];

const TICKETS_MAX = 16;

export class StubConnection implements TransportConnection {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin = undefined;
  readonly isSyncOrdered = true;
  bufferedBytes = 0;
  /** The host has closed or dropped it; the transport hasn't said so yet. */
  isEnding = false;
  isOver = false;
  lastNonce = '';
  /** Counted messages that came on it. */
  received = 0;
  closeCode: CloseCode | undefined;
  readonly #production: Production;
  readonly #decoder: ServerFrameDecoder;
  readonly #scene: HostScene;
  #hasClose = false;
  #logins = 0;
  #last: string | undefined;

  constructor(production: Production, index: number, scene: HostScene) {
    this.peerId = `peer-${index}` as PeerId;
    this.address = index % 3 === 0 ? '10.0.0.2' : '10.0.0.1';
    this.#production = production;
    this.#decoder = new production.ServerFrameDecoder();
    this.#scene = scene;
  }

  write(payloads: readonly OutboundPayload[]): void {
    for (const { bytes } of payloads) this.#read(bytes);
  }

  close(code: CloseCode): void {
    this.closeCode ??= code;
    this.isEnding = true;
  }

  drop(): void {
    this.isEnding = true;
  }

  #read(bytes: Uint8Array): void {
    const scene = this.#scene;
    if (this.isEnding) scene.report('the host writes to a connection that it has ended');
    if (this.#hasClose) scene.report('the host writes after a Close');
    const message = this.#decoder.decode(bytes);
    if (this.#production.isCountedFrame(bytes)) this.received += 1;
    if (message.kind === 'rejected') scene.report(`the host sends what is ${message.code}`);
    else if (message.kind === 'heartbeat') this.lastNonce = message.nonce;
    else if (message.kind === 'close') this.#hasClose = true;
    else if (message.kind === 'login-accepted') {
      this.#logins += 1;
      scene.handleAccepted(message);
    } else if (message.kind === 'resynced') {
      scene.outcomes.add('resynced');
      if (this.#last !== 'login-accepted') scene.report('resynced is not behind login-accepted');
    } else if (message.kind === 'login-rejected' && message.code === 'resume-refused') {
      scene.outcomes.add('refused');
    }
    if (this.#logins > 1) scene.report('a connection is logged in twice');
    this.#last = message.kind;
  }
}

/** Credentials are `{ playerId, worldId, mode }`; the mode says how the hook behaves. */
interface Credentials {
  readonly playerId?: string;
  readonly worldId?: string;
  readonly mode?: number;
}

export type CreateHost = (
  ...options: ConstructorParameters<typeof ServerNetworkHost>
) => ServerNetworkHost;

export class HostScene implements TransportServer {
  readonly time = new FuzzTime();
  readonly host: ServerNetworkHost;
  readonly check: TransitionCheck;
  readonly connections: StubConnection[] = [];
  /** Logins whose hook waits until the script lets it answer. */
  readonly heldLogins: (() => void)[] = [];
  verdicts = 0;
  /** The newest tokens, spent ones among them, oldest first. */
  readonly tickets: Ticket[] = [];
  /** What resumes have come to so far. */
  readonly outcomes = new Set<ResumeOutcome>();
  readonly #tokens = new Set<string>();
  readonly #production: Production;
  #handler: TransportHandler | undefined;
  #problem: string | undefined;
  #opened = 0;

  constructor(production: Production, createHost: CreateHost) {
    this.#production = production;
    const policy = production.validateSessionPolicy(POLICY);
    const { livenessTimeoutMs } = policy;
    const random = createPrng(1);
    this.host = createHost({
      clock: this.time,
      scheduler: this.time,
      randomStreams: () => ({
        fillBytes(target) {
          for (let at = 0; at < target.length; at += 1) target[at] = Math.floor(random() * 256);
        },
      }),
      hashToken: (token) => createHash('sha256').update(token).digest(),
      onTokenReuse: 'refuse',
      transports: [this],
      authenticate: this.#authenticate,
      messages: createMessages(production),
      onMessage: (_, { name }) => {
        if (name === 'fault') throw new Error(GAME_ERROR);
      },
      onVerdict: () => {
        this.verdicts += 1;
        if (this.verdicts % 64 === 0) throw new Error(GAME_ERROR);
      },
      onSuspicion: () => {
        throw new Error(GAME_ERROR);
      },
      suspicion: production.validateSuspicionLimits({}, { tickRateHz: TICK_RATE_HZ }),
      onError: (error, where) => {
        if (where === 'holdfast itself') this.report(`${String(error)} in holdfast itself`);
      },
      createAuthorities: production.createDefaultAuthorities(),
      inputLimits: production.validateInputLimits(),
      policy,
      limits: production.validateHostLimits(LIMITS, {
        tickRateHz: TICK_RATE_HZ,
        livenessTimeoutMs,
      }),
      originPolicy: { allowedOrigins: [], allowNativeClients: true, isDevelopment: false },
      tickRateHz: TICK_RATE_HZ,
    });
    this.check = new TransitionCheck(production);
    this.host.sessions.subscribe(this.check.handleEvent);
  }

  async start(handler: TransportHandler): Promise<string> {
    this.#handler = handler;
    return 'stub://fuzz';
  }

  async stop(): Promise<void> {
    for (const connection of this.connections.slice()) this.end(connection);
  }

  open(): void {
    const handler = this.#started();
    this.#opened += 1;
    const connection = new StubConnection(this.#production, this.#opened, this);
    const { address } = connection;
    const request = { address, origin: undefined, requestedHost: undefined };
    if (handler.admitConnection(request) !== undefined) return;
    this.connections.push(connection);
    handler.handleOpen(connection);
  }

  deliver(connection: StubConnection, lane: Lane, bytes: Uint8Array): void {
    if (connection.isEnding || connection.isOver) return;
    this.#started().handleBytes(connection, lane, bytes);
    // A view that is kept shows.
    bytes.fill(0xaa);
  }

  deliverMalformed(connection: StubConnection, code: 'text-frame' | 'frame-too-large'): void {
    if (connection.isEnding || connection.isOver) return;
    this.#started().handleMalformed(connection, code);
  }

  end(connection: StubConnection): void {
    if (connection.isOver) return;
    connection.isOver = true;
    this.#started().handleClosed(connection);
    const index = this.connections.indexOf(connection);
    if (index !== -1) this.connections.splice(index, 1);
  }

  /** What the host ended is over, as its transport would say a moment later. */
  endWhatEnds(): void {
    const ending = this.connections.filter(({ isEnding }) => isEnding);
    for (const connection of ending) this.end(connection);
  }

  handleAccepted(accepted: LoginAccepted): void {
    const { sessionId, resumeToken: token, isResumed, reliableReceived } = accepted;
    if (isResumed) this.outcomes.add(reliableReceived === undefined ? 'restarted' : 'continued');
    if (token === '') return;
    if (this.#tokens.has(token)) this.report('the host gives the same token twice');
    this.#tokens.add(token);
    this.tickets.push({ sessionId, token });
    if (this.tickets.length > TICKETS_MAX) this.tickets.shift();
  }

  report(problem: string): void {
    this.#problem ??= problem;
  }

  assertSound(): void {
    if (this.#problem !== undefined) throw new Error(this.#problem);
    this.check.assertSound();
    const { counters, sessions } = this.host;
    if (counters.internalErrors > 0) throw new Error('an internal error was counted');
    if (this.check.liveCount !== sessions.size) throw new Error('sessions and events disagree');
    for (const session of sessions) {
      if (sessions.get(session.peerId) !== session) throw new Error('get() finds another handle');
      if (this.host.inspect(session) === undefined) throw new Error('a session has no seat');
    }
  }

  #started(): TransportHandler {
    if (this.#handler === undefined) throw new Error('the host has not started its transport');
    return this.#handler;
  }

  readonly #authenticate: Authenticate = (credentials) => {
    const { playerId, worldId, mode = 0 } = (credentials ?? {}) as Credentials;
    const answer = { playerId, ...(worldId === undefined ? {} : { worldId }) } as never;
    if (mode === 1) throw new Error(GAME_ERROR);
    if (mode === 2) return this.#production.refuse('bad-credentials');
    if (mode === 3) {
      return new Promise((resolve) => {
        this.heldLogins.push(() => resolve(answer));
      });
    }
    return answer;
  };
}

const GAME_ERROR = 'a hook of the game';

function createMessages({ defineMessages }: Production) {
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'fuzz',
      validate: (value: unknown) =>
        typeof value === 'string' ? { value } : { issues: [{ message: 'no' }] },
    },
  } as const;
  return defineMessages({
    chat: { lane: 'reliable', schema },
    cursor: { lane: 'sync', schema },
    fault: { lane: 'reliable', schema },
  });
}
