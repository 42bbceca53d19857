/** What a browser lends to its pages, for tests of the client: a tab's storage, and locks. */
import type { SessionLocks } from '../../src/client/session-lock.ts';
import type { TokenStorage } from '../../src/client/token-storage.ts';
import type { ClientConnection, ClientTransport } from '../../src/transport/transport.ts';

/** The `sessionStorage` of one tab. */
export class FakeStorage implements TokenStorage {
  readonly items = new Map<string, string>();
  /** Every call throws, as where the user forbids storages. */
  isForbidden = false;

  getItem(key: string): string | null {
    this.#check();
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#check();
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.#check();
    this.items.delete(key);
  }

  /** What a duplicated tab begins with. */
  copy(): FakeStorage {
    const copy = new FakeStorage();
    for (const [key, value] of this.items) copy.items.set(key, value);
    return copy;
  }

  #check(): void {
    if (this.isForbidden) throw new Error('storage is forbidden here');
  }
}

/** The locks that all pages of one origin share; granted in order of asking, at once if free. */
export class FakeLocks implements SessionLocks {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Names that somebody holds. */
  get held(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  request(name: string, onGranted: () => void): () => void {
    const queue = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, queue);
    queue.push(onGranted);
    if (queue.length === 1) onGranted();
    return () => this.#giveBack(name, onGranted);
  }

  #giveBack(name: string, asked: () => void): void {
    const queue = this.#waiting.get(name) ?? [];
    const index = queue.indexOf(asked);
    if (index === -1) return;
    queue.splice(index, 1);
    if (queue.length === 0) this.#waiting.delete(name);
    else if (index === 0) queue[0]?.();
  }
}

/** One life of a page, from its load to its end; after that nothing of it happens any more. */
export class FakePage {
  readonly #tab: FakeStorage;
  readonly #locks: FakeLocks;
  readonly #network: ClientTransport;
  readonly #releases: (() => void)[] = [];
  readonly #connections: ClientConnection[] = [];
  #isGone = false;

  constructor(browser: { tab: FakeStorage; locks: FakeLocks; network: ClientTransport }) {
    this.#tab = browser.tab;
    this.#locks = browser.locks;
    this.#network = browser.network;
  }

  readonly transport: ClientTransport = {
    connect: (url, handler) => {
      const connection = this.#network.connect(url, {
        handleOpen: () => this.#while(() => handler.handleOpen()),
        handleBytes: (lane, bytes) => this.#while(() => handler.handleBytes(lane, bytes)),
        handleClosed: (info) => this.#while(() => handler.handleClosed(info)),
      });
      if (this.#isGone) connection.drop();
      this.#connections.push(connection);
      return connection;
    },
  };

  readonly storage: TokenStorage = {
    getItem: (key) => this.#tab.getItem(key),
    setItem: (key, value) => this.#while(() => this.#tab.setItem(key, value)),
    removeItem: (key) => this.#while(() => this.#tab.removeItem(key)),
  };

  readonly locks: SessionLocks = {
    request: (name, onGranted) => {
      const release = this.#locks.request(name, () => this.#while(onGranted));
      this.#releases.push(release);
      return release;
    },
  };

  /** Reloaded, closed or crashed: no goodbye. */
  unload(): void {
    this.#isGone = true;
    for (const connection of this.#connections) connection.drop();
    for (const release of this.#releases) release();
  }

  #while(act: () => void): void {
    if (!this.#isGone) act();
  }
}
