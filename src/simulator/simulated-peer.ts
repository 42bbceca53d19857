/**
 * One honest player: the production client on a node of its own, and what its player does. In:
 * orders to join, leave, lose the connection or the network, crash. Out: the client, its state. A
 * first login that fails, or a session that ends, is tried again where that makes sense, as a game
 * would.
 * Must not know: other peers, the server.
 */
import type { Client } from '../client/client.ts';
import { createConnect } from '../client/connect.ts';
import type { Prediction } from '../client/prediction.ts';
import type { TokenStorage } from '../client/token-storage.ts';
import type { RandomSource } from '../base/random-source.ts';
import type { Timer } from '../base/clock.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { SessionState } from '../session/session-state.ts';
import type { Behaviour } from './behaviour.ts';
import type { SimulatedLine } from './simulated-line.ts';
import { SimulatedNetworkStatus } from './simulated-network-status.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { VirtualNode } from './virtual-node.ts';

/** The simulated network takes any. */
export const URL_OF_SERVER = 'sim://holdfast';
/** How long a game waits before it tries once more, in ms. */
const TRY_AGAIN_MS = 500;

export interface SimulatedPeerOptions<Definitions extends MessageDefinitions> {
  readonly name: string;
  readonly playerId: string;
  readonly credentials: unknown;
  readonly hasSyncLane: boolean;
  readonly prediction: Prediction | undefined;
  readonly messages: Definitions | undefined;
  readonly behaviour: Behaviour<Definitions>;
  readonly node: VirtualNode;
  readonly network: SimulatedNetwork;
  /** The client's. */
  readonly random: RandomSource;
  /** The behaviour's. */
  readonly units: () => number;
  readonly onJoined: (peer: SimulatedPeer<Definitions>) => void;
  readonly onCrashed: (peer: SimulatedPeer<Definitions>, state: SessionState) => void;
  readonly onError: (error: unknown, where: string) => void;
}

/** How a peer's process dies. */
export interface CrashOptions {
  readonly tellsServer?: boolean;
  readonly forgets?: boolean;
}

/** One player: its computer, its line, its client, and what may happen to it. */
export class SimulatedPeer<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly name: string;
  readonly playerId: string;
  /** Its computer. */
  readonly node: VirtualNode;
  /** Its line to the server. */
  readonly line: SimulatedLine;
  readonly #options: SimulatedPeerOptions<Definitions>;
  readonly #networkStatus = new SimulatedNetworkStatus();
  /** As a browser's `sessionStorage`. */
  readonly #kept = new Map<string, string>();
  #client: Client<Definitions> | undefined;
  #lastError: unknown;
  #login: AbortController | undefined;
  #timer: Timer | undefined;

  constructor(options: SimulatedPeerOptions<Definitions>) {
    this.#options = options;
    this.name = options.name;
    this.playerId = options.playerId;
    this.node = options.node;
    this.line = options.network.line(options.name);
  }

  /** The newest that has ever been logged in. */
  get client(): Client<Definitions> | undefined {
    return this.#client;
  }

  /** Of the newest client; `disconnected` before there is one. */
  get state(): SessionState {
    return this.#client?.state ?? 'disconnected';
  }

  get isLoggedIn(): boolean {
    return this.state === 'logged-in';
  }

  /** Neither in nor on its way. */
  get isOut(): boolean {
    return this.#login === undefined && this.#timer === undefined && this.state === 'disconnected';
  }

  /** Why the last first login failed. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Connects after so long, unless it is in or on its way. */
  join(afterMs = 0): void {
    if (!this.isOut || this.node.isStopped) return;
    this.#timer = this.node.setTimer(afterMs, () => {
      this.#timer = undefined;
      this.#connect();
    });
  }

  /** Says goodbye, and comes back after `returnAfterMs` if that is given. */
  leave({ returnAfterMs }: { readonly returnAfterMs?: number } = {}): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const client = this.#client;
    if (this.#login !== undefined) {
      this.#login.abort(new Error('left'));
      // Whoever calls, the end of the login is this node's: it settles now, in every run.
      this.node.track(Promise.resolve());
    }
    if (client !== undefined && client.state !== 'disconnected') this.node.track(client.leave());
    if (returnAfterMs === undefined) return;
    this.#timer = this.node.setTimer(returnAfterMs, () => {
      this.#timer = undefined;
      if (this.isOut) this.#connect();
    });
  }

  /** Its connections break, and both sides learn it; the client comes back by itself. */
  dropConnection(): void {
    this.line.reset();
  }

  /** Nothing gets through, nobody is told by the line, and its platform says so to its client. */
  goOffline(): void {
    this.line.partition('both');
    this.#networkStatus.goOffline();
  }

  /** Ends that, and every other partition of the line. Does nothing unless it is offline. */
  goOnline(): void {
    if (this.#networkStatus.isOnline) return;
    this.line.heal();
    this.#networkStatus.goOnline();
  }

  /** Its platform says that it has woken up; to stand still, pause its node. */
  wakeUp(): void {
    this.#networkStatus.wakeUp();
  }

  /**
   * Its process dies at once. `tellsServer`: its computer is still up and says so; otherwise the
   * server notices by silence. Default true. `forgets`: what its platform kept for it, the token
   * with which it would resume, is gone, too. Default true.
   */
  crash({ tellsServer = true, forgets = true }: CrashOptions = {}): void {
    const { state } = this;
    if (forgets) this.#kept.clear();
    this.node.stop();
    this.line.die('client', tellsServer);
    this.#networkStatus.forgetListeners();
    this.#client = undefined;
    this.#login = undefined;
    this.#timer = undefined;
    this.#options.onCrashed(this, state);
  }

  /** A new process after a crash, which logs in, or resumes where it finds a token. */
  restart(): void {
    this.node.start();
    this.join();
  }

  /** Its page is loaded anew: another process, with what its platform kept for it. */
  reload(): void {
    this.crash({ forgets: false });
    this.restart();
  }

  get #tokenStorage(): TokenStorage {
    const kept = this.#kept;
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }

  #connect(): void {
    const { node, network, random, credentials, messages, hasSyncLane, name } = this.#options;
    const { prediction } = this.#options;
    const scheduler = node.createScheduler();
    const transport = network.createClient({ name, scheduler, hasSyncLane });
    const login = new AbortController();
    this.#login = login;
    const connect = createConnect({
      createTransport: () => transport,
      clock: node,
      scheduler,
      random,
      reportError: (error) => this.#options.onError(error, `peer ${name}`),
      networkTo: () => this.#networkStatus,
      tokenStorage: () => this.#tokenStorage,
    });
    const joined = connect<Definitions>({
      url: URL_OF_SERVER,
      credentials,
      // Given, so that the address may be of any kind.
      transport,
      signal: login.signal,
      ...(messages === undefined ? {} : { messages }),
      ...(prediction === undefined ? {} : { prediction }),
    });
    const settled = joined.then(
      (client) => this.#handleJoined(login, client),
      (error: unknown) => this.#handleRefused(login, error),
    );
    node.track(settled);
  }

  #handleJoined(login: AbortController, client: Client<Definitions>): void {
    if (login !== this.#login) return;
    const { behaviour, units: random, onJoined, onError } = this.#options;
    this.#login = undefined;
    this.#client = client;
    client.on('input-tick', ({ tick }) => behaviour({ client, tick, random, peer: this }));
    client.on('closed', ({ reason, retryable }) => {
      // A session that is over is no reason for its player not to begin another (C9).
      const isWorthIt = retryable || reason === 'resume-refused';
      if (client === this.#client && isWorthIt) this.#tryAgain();
    });
    try {
      onJoined(this);
    } catch (error) {
      onError(error, 'onJoined');
    }
  }

  #handleRefused(login: AbortController, error: unknown): void {
    if (login !== this.#login) return;
    this.#login = undefined;
    this.#lastError = error;
    if (error instanceof HoldfastError && error.retryable) this.#tryAgain();
  }

  #tryAgain(): void {
    this.#timer ??= this.node.setTimer(TRY_AGAIN_MS, () => {
      this.#timer = undefined;
      if (this.isOut) this.#connect();
    });
  }
}
