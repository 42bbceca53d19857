/** The browser's words for its network and its page, on stand-ins for its globals. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { browserNetworkTo } from './browser-network.ts';
import type { NetworkChange } from './network-status.ts';

const FAR = 'wss://game.example/play';

afterEach(() => vi.unstubAllGlobals());

function setOnline(onLine: boolean | undefined): void {
  vi.stubGlobal('navigator', onLine === undefined ? {} : { onLine });
}

describe('without a browser', () => {
  test('the network is online and never changes', () => {
    vi.stubGlobal('navigator', undefined);
    const network = browserNetworkTo(FAR);
    expect(network.isOnline).toBe(true);
    const unsubscribe = network.subscribe(() => expect.unreachable());
    unsubscribe();
    setOnline(undefined);
    expect(network.isOnline).toBe(true);
  });
});

describe('navigator.onLine', () => {
  test('is asked anew each time', () => {
    const network = browserNetworkTo(FAR);
    setOnline(false);
    expect(network.isOnline).toBe(false);
    setOnline(true);
    expect(network.isOnline).toBe(true);
  });

  test.each(['ws://localhost:7777', 'ws://127.0.0.1', 'wss://[::1]/play', 'ws://arena.localhost'])(
    'is not believed for this machine itself: %s',
    (url) => {
      setOnline(false);
      expect(browserNetworkTo(url).isOnline).toBe(true);
    },
  );

  test.each(['ws://192.168.0.7', 'ws://localhost.example', 'ws://1270.0.0.1.example', 'no url'])(
    'is believed for any other: %s',
    (url) => {
      setOnline(false);
      expect(browserNetworkTo(url).isOnline).toBe(false);
    },
  );
});

describe('events', () => {
  let page: EventTarget & { visibilityState: string };
  let scope: EventTarget;

  beforeEach(() => {
    scope = new EventTarget();
    page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
    vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope));
    vi.stubGlobal('document', page);
  });

  function hear(): { readonly changes: NetworkChange[]; readonly unsubscribe: () => void } {
    const changes: NetworkChange[] = [];
    const unsubscribe = browserNetworkTo(FAR).subscribe((change) => changes.push(change));
    return { changes, unsubscribe };
  }

  test('of the window and the page become changes', () => {
    const { changes } = hear();
    for (const name of ['offline', 'online', 'pageshow']) scope.dispatchEvent(new Event(name));
    page.dispatchEvent(new Event('resume'));
    expect(changes).toEqual(['offline', 'online', 'woke-up', 'woke-up']);
  });

  test('a page that is shown wakes up, one that is hidden does not', () => {
    const { changes } = hear();
    page.dispatchEvent(new Event('visibilitychange'));
    expect(changes).toEqual([]);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(changes).toEqual(['woke-up']);
  });

  test('are heard by nobody any more after the unsubscription', () => {
    const first = hear();
    const second = hear();
    first.unsubscribe();
    first.unsubscribe();
    scope.dispatchEvent(new Event('online'));
    page.dispatchEvent(new Event('resume'));
    expect([first.changes, second.changes]).toEqual([[], ['online', 'woke-up']]);
  });

  test('in a worker, which has no page, are those of its scope', () => {
    vi.stubGlobal('document', undefined);
    const { changes } = hear();
    scope.dispatchEvent(new Event('online'));
    expect(changes).toEqual(['online']);
  });
});
