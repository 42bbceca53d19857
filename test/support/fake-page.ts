/** What a browser lends to its pages, for tests of the client: a tab's storage, and locks. */
import type { SessionLocks } from '../../src/client/session-lock.ts';
import type { TokenStorage } from '../../src/client/token-storage.ts';

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
