/**
 * One process of a server after the other over one store, in virtual time: each has a clock and a
 * network of its own, so that nothing of one that was killed ever happens again.
 * In: a store, what a test changes of the specification's server. Out: the runtime, raw peers.
 */
import type { HostNotice } from '../../src/host/host-notice.ts';
import type { ServerConfig } from '../../src/server/runtime-config.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import type { OpenedStore, SessionStore, StoreContents } from '../../src/store/session-store.ts';
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import type { MemoryClientTransport } from '../../src/transport/memory-network.ts';
import { RawPeer } from './raw-peer.ts';
import { SeededRandom } from './seeded-random.ts';
import { SPEC_CONFIG } from './spec-config.ts';
import type { SpecMessages } from './spec-config.ts';
import { VirtualTime } from './virtual-time.ts';

export type ProcessConfig = Partial<ServerConfig<{ name: string }, SpecMessages>>;

const WAIT_MS_MAX = 10_000;
let processesStarted = 0;

/** A store whose owner can die. */
type MortalStore = SessionStore & { crash(): void };

export class ServerProcess {
  readonly time = new VirtualTime();
  readonly notices: HostNotice[] = [];
  readonly errors: unknown[] = [];
  readonly runtime: ServerRuntime<{ name: string }, SpecMessages>;
  readonly #store: SessionStore | undefined;
  readonly #transport: MemoryClientTransport;

  /** Nothing runs before `start`. */
  constructor(store: SessionStore | undefined, config: ProcessConfig = {}) {
    processesStarted += 1;
    const seed = processesStarted;
    const { server, client } = createMemoryNetwork({
      scheduler: this.time,
      random: new SeededRandom(seed),
    });
    this.#store = store;
    this.#transport = client;
    this.runtime = new ServerRuntime<{ name: string }, SpecMessages>({
      ...SPEC_CONFIG,
      // Longer than a test takes to come back.
      policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 },
      transports: [server],
      clock: this.time,
      scheduler: this.time,
      randomStreams: (purpose) => new SeededRandom(seedOf(`${seed}/${purpose}`)),
      onNotice: (notice) => this.notices.push(notice),
      onError: (error) => this.errors.push(error),
      ...(store === undefined ? {} : { store }),
      ...config,
    });
  }

  static async start(
    store: SessionStore | undefined,
    config: ProcessConfig = {},
  ): Promise<ServerProcess> {
    const process = new ServerProcess(store, config);
    await process.until(process.runtime.start());
    return process;
  }

  get host() {
    return this.runtime.host;
  }

  noticesOf<Kind extends HostNotice['kind']>(kind: Kind): Extract<HostNotice, { kind: Kind }>[] {
    type Wanted = Extract<HostNotice, { kind: Kind }>;
    return this.notices.filter((notice): notice is Wanted => notice.kind === kind);
  }

  /** It dies here: what it had not committed is gone, and it says nothing any more. */
  kill(): void {
    (this.#store as MortalStore).crash();
  }

  /** It dies, and `edit` looks at what is left, or changes it, before anybody else does. */
  async killAndEdit<Value>(
    edit: (store: OpenedStore, contents: StoreContents) => Promise<Value>,
  ): Promise<Value> {
    this.kill();
    const { time } = this;
    const randomStreams = () => new SeededRandom(1);
    const opening = this.until(
      (this.#store as SessionStore).open({ scheduler: time, randomStreams }),
    );
    const { store, contents } = await opening;
    const value = await this.until(edit(store, contents));
    await this.until(store.close());
    return value;
  }

  async stop(sessions: 'end' | 'keep' = 'end'): Promise<void> {
    await this.until(this.runtime.stop({ sessions }));
  }

  async passMs(durationMs: number): Promise<void> {
    await this.time.advanceMs(durationMs);
  }

  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settled = promise.finally(() => (isSettled = true));
    settled.catch(() => undefined);
    for (let waitedMs = 0; !isSettled && waitedMs < WAIT_MS_MAX; waitedMs += 5) {
      await this.passMs(5);
    }
    if (!isSettled) throw new Error(`nothing settled within ${WAIT_MS_MAX} ms`);
    return settled;
  }

  async waitFor(what: string, isTrue: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isTrue(); waitedMs += 5) {
      if (waitedMs > WAIT_MS_MAX) throw new Error(`waited ${WAIT_MS_MAX} ms for: ${what}`);
      await this.passMs(5);
    }
  }

  async connect(): Promise<RawPeer> {
    const peer = new RawPeer(this.#transport, this.runtime.address);
    await this.waitFor('the raw connection is open', () => peer.isOpen);
    return peer;
  }

  async login(playerId: string, worldId = 'field'): Promise<RawPeer> {
    const peer = await this.connect();
    peer.login({ playerId, worldId });
    await this.waitFor(`${playerId} is accepted`, () => peer.first('login-accepted') !== undefined);
    return peer;
  }

  /** Comes back with what an earlier connection, of this process or one before, was told. */
  async resume(earlier: RawPeer, changes?: Parameters<RawPeer['resume']>[1]): Promise<RawPeer> {
    const peer = await this.connect();
    peer.resume(earlier, changes);
    await this.waitFor('an answer to the resume', () => {
      const answer = peer.first('login-accepted') ?? peer.first('login-rejected');
      return answer !== undefined || peer.isClosed;
    });
    return peer;
  }
}

function seedOf(purpose: string): number {
  let seed = 0;
  for (const character of purpose) seed = (seed * 31 + character.charCodeAt(0)) >>> 0;
  return seed;
}
