/** The browser's storage and locks, on stand-ins for its globals. */
import { afterEach, describe, expect, test, vi } from 'vitest';

import { browserLocks, browserTokenStorage } from './browser-storage.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the storage', () => {
  test('is that of the tab', () => {
    const sessionStorage = { getItem: () => null };
    vi.stubGlobal('sessionStorage', sessionStorage);
    expect(browserTokenStorage()).toBe(sessionStorage);
  });

  test('is none where there is none', () => {
    vi.stubGlobal('sessionStorage', undefined);
    expect(browserTokenStorage()).toBeUndefined();
  });
});

type Held = () => Promise<void>;

/** The browser's lock manager, whose answers the test gives. */
function stubLocks() {
  const requests: { name: string; signal: AbortSignal; grant: Held; refuse: () => void }[] = [];
  const request = (name: string, { signal }: { signal: AbortSignal }, held: Held) =>
    new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      const grant = (): Promise<void> => {
        const holding = held();
        holding.then(resolve, reject);
        return holding;
      };
      requests.push({ name, signal, grant, refuse: () => reject(new Error('SecurityError')) });
    });
  vi.stubGlobal('navigator', { locks: { request } });
  return requests;
}

/** Every promise that is settled has been heard. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

describe('a lock', () => {
  test('is held from the grant until it is given back', async () => {
    const requests = stubLocks();
    let grants = 0;
    const giveBack = browserLocks.request('holdfast:a', () => (grants += 1));
    expect([requests[0]?.name, grants]).toEqual(['holdfast:a', 0]);
    let isFree = false;
    const holding = requests[0]?.grant().then(() => (isFree = true));
    await settle();
    expect([grants, isFree]).toEqual([1, false]);
    giveBack();
    giveBack();
    await holding;
    await settle();
    expect([grants, isFree]).toEqual([1, true]);
  });

  test('that is no longer wanted is asked for no more', async () => {
    const requests = stubLocks();
    const giveBack = browserLocks.request('holdfast:a', () => expect.unreachable());
    giveBack();
    await settle();
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  test('that is granted in the moment in which it is given up is free at once', async () => {
    const requests = stubLocks();
    const giveBack = browserLocks.request('holdfast:a', () => expect.unreachable());
    giveBack();
    await requests[0]?.grant();
  });

  test('counts as granted where the platform refuses locks', async () => {
    const requests = stubLocks();
    let grants = 0;
    const giveBack = browserLocks.request('holdfast:a', () => (grants += 1));
    requests[0]?.refuse();
    await settle();
    expect(grants).toBe(1);
    giveBack();
  });

  test.each([
    ['an origin without locks', {}],
    ['a platform without a navigator', undefined],
  ])('counts as granted at once on %s', (_where, navigator) => {
    vi.stubGlobal('navigator', navigator);
    let grants = 0;
    browserLocks.request('holdfast:a', () => (grants += 1))();
    expect(grants).toBe(1);
  });
});
