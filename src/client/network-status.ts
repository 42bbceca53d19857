/**
 * What a platform says of its way to the network, as the client sees it: a hint that saves waiting
 * and battery, never a proof of anything. In: nothing. Out: the interface, and the status of a
 * platform that says nothing. Must not know: the platform, connections.
 */

/** `woke-up`: nobody can say how long the program stood still, or what was lost meanwhile. */
export type NetworkChange = 'online' | 'offline' | 'woke-up';

export interface NetworkStatus {
  /** False only when it is certain that nothing can be reached. */
  readonly isOnline: boolean;
  /** Calls back at each change until the returned function is called, which may happen twice. */
  subscribe(listener: (change: NetworkChange) => void): () => void;
}

/** For platforms without a word for it, such as Node. */
export const SILENT_NETWORK: NetworkStatus = {
  isOnline: true,
  subscribe: () => () => undefined,
};
