/**
 * Lets promises settle: one turn of the platform's own loop, in which the microtask queue runs to
 * its end, however deep the awaits are. Taken before a trap replaces it. Browsers have no
 * setImmediate; there a message to ourselves does the same.
 * Must not know: virtual time.
 */

const platform: {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel: typeof MessageChannel;
} = globalThis;
const { setImmediate: realSetImmediate, MessageChannel: RealMessageChannel } = platform;

/** Resolves when every promise that needs no timer and no I/O has settled. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    if (realSetImmediate !== undefined) {
      realSetImmediate(resolve);
      return;
    }
    const channel = new RealMessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(undefined);
  });
}
