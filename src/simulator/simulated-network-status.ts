/**
 * What the platform of a simulated computer says of its network, at the word of a script. In:
 * orders. Out: the NetworkStatus of a client. Must not know: the line; who goes offline cuts it.
 */
import type { NetworkChange, NetworkStatus } from '../client/network-status.ts';

export class SimulatedNetworkStatus implements NetworkStatus {
  readonly #listeners = new Set<(change: NetworkChange) => void>();
  #isOnline = true;

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Who listens now; a client does while it comes back, and else not. */
  get listenerCount(): number {
    return this.#listeners.size;
  }

  subscribe(listener: (change: NetworkChange) => void): () => void {
    const own = (change: NetworkChange): void => listener(change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  goOffline(): void {
    this.#isOnline = false;
    this.#tell('offline');
  }

  goOnline(): void {
    this.#isOnline = true;
    this.#tell('online');
  }

  wakeUp(): void {
    this.#tell('woke-up');
  }

  /** The process that listened is dead. */
  forgetListeners(): void {
    this.#listeners.clear();
  }

  #tell(change: NetworkChange): void {
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener(change);
  }
}
