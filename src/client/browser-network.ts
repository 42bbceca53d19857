/**
 * The network status of a browser: `navigator.onLine` and its events, and the events of a page that
 * was hidden, frozen or kept in the back/forward cache. In: an address. Out: a NetworkStatus.
 * Must not know: sessions, connections. Works in workers too, which have no page.
 */
import type { NetworkStatus } from './network-status.ts';

/** This machine, which is there without any network. */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** For a server at `url`. Where the platform has none of these events, it is always online. */
export function browserNetworkTo(url: string): NetworkStatus {
  // Deliberate: browsers call a machine without a cable offline, and its own server is still there.
  const isLoopback = URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
  return {
    get isOnline() {
      return isLoopback || !saysOffline();
    },
    subscribe(listener) {
      const ended = new AbortController();
      const { signal } = ended;
      if (typeof globalThis.addEventListener === 'function') {
        globalThis.addEventListener('online', () => listener('online'), { signal });
        globalThis.addEventListener('offline', () => listener('offline'), { signal });
        globalThis.addEventListener('pageshow', () => listener('woke-up'), { signal });
      }
      if (typeof document !== 'undefined') {
        const handleVisibility = (): void => {
          if (document.visibilityState === 'visible') listener('woke-up');
        };
        document.addEventListener('visibilitychange', handleVisibility, { signal });
        document.addEventListener('resume', () => listener('woke-up'), { signal });
      }
      return () => ended.abort();
    },
  };
}

/** Node before 21 has no navigator; React Native has one without the word. */
function saysOffline(): boolean {
  if (typeof navigator === 'undefined') return false;
  const { onLine } = navigator as { readonly onLine?: boolean };
  return onLine === false;
}
