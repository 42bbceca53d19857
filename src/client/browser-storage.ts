/**
 * What a browser lends to a page that wants to go on with its session after a reload: a storage of
 * the tab, and locks among its tabs. In: nothing. Out: the seams, on a platform without them their
 * stand-ins. Must not know: sessions, connections.
 */
import { NO_LOCKS } from './session-lock.ts';
import type { SessionLocks } from './session-lock.ts';
import type { TokenStorage } from './token-storage.ts';

/** Undefined in workers, and where the user forbids it. */
export function browserTokenStorage(): TokenStorage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Browsers have locks on secure origins only. */
export const browserLocks: SessionLocks = {
  request(name, onGranted) {
    const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
    if (locks === undefined) return NO_LOCKS.request(name, onGranted);
    const asking = new AbortController();
    let giveBack = (): void => asking.abort();
    const held = (): Promise<void> =>
      new Promise((resolve) => {
        giveBack = resolve;
        if (asking.signal.aborted) resolve();
        else onGranted();
      });
    locks.request(name, { signal: asking.signal }, held).catch(() => {
      // Given up by us, or the platform grants none here: then the server decides.
      if (!asking.signal.aborted) onGranted();
    });
    return () => giveBack();
  },
};
