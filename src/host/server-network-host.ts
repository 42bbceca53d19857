/**
 * The host: owns the tick loop, the links and the queues, and makes every call between the rooms.
 * In: transports' events, the tick. Out: bytes, and `sessions` for whoever wants to see or remove.
 * What it decides stands in its parts: admission, router, login desk, reactions, tick pass.
 */
import { randomHex } from '../base/random-source.ts';
import type { MessageDefinitions, MessageInputOf } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createUserMessage } from '../protocol/user-message.ts';
import type { SessionId, WorldId } from '../protocol/ids.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import { MultiSessionManager } from '../session/multi-session-manager.ts';
import type {
  ConnectionRefusal,
  ConnectionRequest,
  TransportConnection,
  TransportHandler,
} from '../transport/transport.ts';
import { admitConnection, admitByCapacity } from './connection-admission.ts';
import { createHostCore } from './create-host-core.ts';
import type { HostCore } from './host-core.ts';
import { failPeer, linkOf, reportUserError, tellOperator, forgetLink } from './host-core.ts';
import { HostCounters } from './host-counters.ts';
import type { HostOptions } from './host-options.ts';
import { HostStore } from './host-store.ts';
import { InboundRouter } from './inbound-router.ts';
import { LoginDesk } from './login-desk.ts';
import { ResumeDesk } from './resume-desk.ts';
import type { NamedFrame } from './room-outcomes.ts';
import { SessionReactions } from './session-reactions.ts';
import type { SuspicionKind } from './suspicion-limits.ts';
import { TickPass } from './tick-pass.ts';
import type { VerdictSummary } from './verdict-record.ts';

const SESSION_ID_BYTES = 16;
/** A shot waits for the second next tick at most. */
const LAST_TICKS = 2;

export interface StopOptions {
  /** Default `end`. */
  readonly sessions?: 'end' | 'keep';
}

/** What the host knows of one session beside the coordinator's handle. */
export interface SessionInspection {
  readonly address: string;
  readonly verdicts: VerdictSummary;
  /** What it is suspected of now (`onSuspicion`). */
  readonly suspicions: readonly SuspicionKind[];
  /** Bytes that wait for the peer's network; 0 without a connection. */
  readonly pendingBytes: number;
  /** Bytes of counted messages that the peer has not acknowledged. */
  readonly retransmitBytes: number;
  /** Sync messages that newer ones replaced before they could leave. */
  readonly coalescedMessages: number;
}

export class ServerNetworkHost<
  Data = unknown,
  Definitions extends MessageDefinitions = MessageDefinitions,
> {
  /** Every managed session, in every state. */
  readonly sessions: MultiSessionManager<Data>;
  readonly counters: HostCounters = new HostCounters();
  readonly #core: HostCore;
  /** Resolves when the host has stopped, whoever wished it. */
  readonly stopped: Promise<void>;
  #handleStopped: () => void = () => undefined;
  #starting: Promise<readonly string[]> | undefined;
  #stopping: Promise<void> | undefined;
  /** What the peers of a host that stops are told. */
  #farewell: 'server-stopped' | 'draining' = 'server-stopped';

  constructor(options: HostOptions) {
    const { clock, randomStreams, policy } = options;
    this.stopped = new Promise((resolve) => (this.#handleStopped = resolve));
    this.sessions = new MultiSessionManager<Data>({
      clock,
      policy,
      createSessionId: (peerId) =>
        randomHex(randomStreams(`session-id:${peerId}`), SESSION_ID_BYTES) as SessionId,
      onSubscriberError: (error) => reportUserError(this.#core, error, 'sessions.subscribe'),
    });
    this.#core = createHostCore(options, {
      sessions: this.sessions,
      counters: this.counters,
      onTick: (steps) => this.#pass.run(steps),
    });
    const router = new InboundRouter(this.#core, {
      login: new LoginDesk(this.#core),
      resume: new ResumeDesk(this.#core),
    });
    this.#handler = this.#createHandler(router);
    this.#pass = new TickPass(this.#core, router);
    this.#store = new HostStore(this.#core, () => void this.stop({ sessions: 'keep' }));
    const reactions = new SessionReactions(this.#core);
    this.sessions.subscribe((event) => {
      try {
        reactions.handleEvent(event);
      } catch (error) {
        this.counters.internalErrors += 1;
        tellOperator(this.#core, error, 'holdfast itself');
        this.sessions.remove(event.session, 'internal-error');
      }
    });
  }

  readonly #handler: TransportHandler;
  readonly #pass: TickPass;
  readonly #store: HostStore;

  /** Worlds that are open now. */
  get worldCount(): number {
    return this.#core.rooms.size;
  }

  /** Ticks that stalls of this process have cost. */
  get droppedTicks(): number {
    return this.#core.loop.droppedSteps;
  }

  /**
   * Brings back what a store has kept, starts the transports, then the ticks; resolves with their
   * addresses. When one can't start, those before it are stopped again and the error is passed on.
   */
  start(): Promise<readonly string[]> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /**
   * Ends every session with the cause `server-stopped`, tells the peers, stops the transports.
   * Idempotent; from inside a callback too: the sessions are gone when this call returns. With
   * `sessions: 'keep'` and a store they go on in the next process: their peers are told `draining`,
   * once everything is durable or the disk has been waited for long enough. The first call decides.
   */
  stop({ sessions = 'end' }: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#core.archive.isDurable ? this.#stop(sessions) : this.#stop('end');
    return this.#stopping;
  }

  /**
   * Sends a user message to one session, or to every player of a world; a reliable one is kept for
   * those who are away. False when the session is not logged in, or nobody is there to get it.
   * Throws HoldfastError for what is undefined.
   */
  send(
    target: ManagedSession<Data> | WorldId | string,
    message: MessageInputOf<Definitions>,
  ): boolean {
    const { messages } = this.#core.options;
    const { lane = 'reliable' } = messages.get(message.name) ?? {};
    const bytes = encodeServerMessage(createUserMessage(messages, message));
    const frame = { lane, bytes, name: message.name };
    return typeof target === 'string'
      ? this.#sendToWorld(target as WorldId, frame)
      : this.#sendToSession(target, frame);
  }

  /** Removes a session at once; the peer is told `evicted` and the reason. False if it was gone. */
  evict(session: ManagedSession<Data>, reason = 'evicted'): boolean {
    return this.sessions.remove(session, reason);
  }

  /** What became of a session's inputs, and how its connection does; undefined once removed. */
  inspect(session: ManagedSession<Data>): SessionInspection | undefined {
    const seat = this.#core.seats.get(session.sessionId);
    if (seat === undefined) return undefined;
    const queue = this.#core.links.get(session.peerId)?.queue;
    return {
      address: seat.address,
      verdicts: seat.verdicts.summary(),
      suspicions: seat.suspicion?.raised ?? [],
      pendingBytes: queue?.pendingBytes ?? 0,
      retransmitBytes: seat.stream.heldBytes,
      coalescedMessages: queue?.coalesced ?? 0,
    };
  }

  async #start(): Promise<readonly string[]> {
    const addresses: string[] = [];
    try {
      await this.#store.open();
      for (const transport of this.#core.options.transports) {
        this.#assertNotStopping();
        addresses.push(await transport.start(this.#handler));
      }
      this.#assertNotStopping();
    } catch (error) {
      const wasStopping = this.#core.isStopping;
      this.#stopping ??= this.#stop('abandon');
      await this.#stopping;
      // A transport that was starting when stop() came may have opened only after it.
      if (wasStopping) await this.#stopTransports();
      throw error;
    }
    // The first evaluation: a gap from here to the first tick is a stall like any other.
    this.sessions.evaluate();
    void this.#store.begin();
    this.#core.loop.start();
    return addresses;
  }

  async #stop(mode: 'end' | 'keep' | 'abandon'): Promise<void> {
    this.#core.isStopping = true;
    this.#core.loop.stop();
    if (mode === 'abandon') this.#store.abandon();
    if (mode === 'keep') {
      this.#farewell = 'draining';
      await this.#store.keepAll(() => this.#pass.run(LAST_TICKS));
    }
    this.sessions.stop(this.#farewell);
    // Deliberate: called from inside a subscriber, the peers are told only after it returns.
    await Promise.resolve();
    this.#pass.closeWorlds(new HoldfastError('already-stopped', 'the host has stopped'));
    this.#core.outbox.flush();
    await this.#store.settle();
    await Promise.all([this.#store.close(), this.#stopTransports()]);
    this.#handleStopped();
  }

  /** Never rejects: one that can't stop must not keep the others open, nor hide why we stop. */
  async #stopTransports(): Promise<void> {
    const stops = this.#core.options.transports.map(async (transport) => {
      try {
        await transport.stop();
      } catch (error) {
        tellOperator(this.#core, error, 'transport stop');
      }
    });
    await Promise.all(stops);
  }

  #assertNotStopping(): void {
    if (!this.#core.isStopping) return;
    throw new HoldfastError('already-stopped', 'stop() was called before start() was done');
  }

  #createHandler(router: InboundRouter): TransportHandler {
    const { links } = this.#core;
    return {
      admitConnection: (request: ConnectionRequest): ConnectionRefusal =>
        admitConnection(this.#core, request),
      handleOpen: (connection) => this.#handleOpen(connection),
      handleBytes: (connection, lane, bytes) => {
        const link = links.get(connection.peerId);
        // What comes while a stop waits for the disk is left to the next process.
        if (link === undefined || this.#core.isStopping) {
          this.counters.lateMessages += 1;
          return;
        }
        try {
          router.handleBytes(link, lane, bytes);
        } catch (error) {
          failPeer(this.#core, link, error);
        }
      },
      handleMalformed: (connection, code) => {
        const link = links.get(connection.peerId);
        if (link !== undefined) router.handleMalformed(link, code);
      },
      handleClosed: (connection) => this.#handleClosed(connection),
    };
  }

  #handleOpen(connection: TransportConnection): void {
    const { sessions, arrivals } = this.#core;
    const { peerId, address } = connection;
    this.counters.connectionsOpened += 1;
    // A transport that uses a PeerId again would put a stranger into somebody's session.
    const isNew = sessions.get(peerId) === undefined;
    if (isNew && admitByCapacity(this.#core, address) === undefined) {
      arrivals.set(peerId, connection);
      if (sessions.observeTransportActivity(peerId) !== undefined) return;
      arrivals.delete(peerId);
    }
    connection.close(this.#core.isStopping ? this.#farewell : 'server-full');
  }

  #handleClosed(connection: TransportConnection): void {
    const link = this.#core.links.get(connection.peerId);
    this.counters.connectionsClosed += 1;
    if (link === undefined) return;
    forgetLink(this.#core, link);
    link.abortLogin('transport-lost');
    this.#core.sessions.notifyTransportLost(link.session);
  }

  #sendToWorld(worldId: WorldId, frame: NamedFrame): boolean {
    const room = this.#core.rooms.get(worldId);
    if (room === undefined) return false;
    room.outcomes.tell(frame);
    return (frame.lane === 'reliable' ? room.seats : room.links).size > 0;
  }

  #sendToSession(session: ManagedSession<Data>, frame: NamedFrame): boolean {
    const room = this.#core.rooms.get(session.worldId);
    const link = linkOf(this.#core, session);
    if (room === undefined || link === undefined || session.state !== 'logged-in') return false;
    room.outcomes.tell(frame, link.seat);
    return true;
  }
}
