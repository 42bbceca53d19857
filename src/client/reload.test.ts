/** A page that is reloaded goes on with its session; a copy of it disturbs nobody. */
import { describe, expect, test } from 'vitest';

import { createClientFixture, recordMoves } from '../../test/support/client-fixture.ts';
import { FakeLocks, FakePage, FakeStorage } from '../../test/support/fake-page.ts';
import type { FakePeer } from '../../test/support/fake-server.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import type { LoginAccepted, Resume } from '../protocol/messages.ts';
import type { ConnectOptions } from './client-options.ts';
import type { Client } from './client.ts';
import { createConnect } from './connect.ts';
import { NO_LOCKS } from './session-lock.ts';

const KEY = 'holdfast:ws://fake';

interface OpenOptions extends Partial<ConnectOptions> {
  /** The tab's storage; another tab has another one. */
  readonly tab?: FakeStorage;
  readonly hasLocks?: boolean;
}

/** One browser; a server whose tokens count up, and which takes the newest alone. */
async function createBrowser() {
  const { server, time } = await createClientFixture();
  const locks = new FakeLocks();
  const firstTab = new FakeStorage();
  const resumes: Resume[] = [];
  let tokens = 0;
  const accept = (peer: FakePeer, changes: Partial<LoginAccepted> = {}): void => {
    tokens += 1;
    peer.accept({ epoch: tokens, resumeToken: `token-${tokens}`, ...changes });
  };
  server.handleLogin = (peer) => accept(peer);
  server.handleResume = (peer, resume) => {
    resumes.push(resume);
    if (resume.token !== `token-${tokens}`) {
      peer.reject({ code: 'resume-refused', retryable: false });
      return;
    }
    for (const other of server.openPeers) if (other !== peer) other.close('superseded');
    accept(peer, { isResumed: true });
  };
  /** Loads a page that connects at once; `promise` settles while time moves. */
  const load = ({ tab = firstTab, hasLocks = true, ...options }: OpenOptions = {}) => {
    const page = new FakePage({ tab, locks, network: server.network.client });
    const connect = createConnect({
      clock: time,
      scheduler: time,
      random: new SeededRandom(1),
      reportError: (error) => {
        throw error;
      },
      createTransport: () => page.transport,
      tokenStorage: () => page.storage,
      locks: hasLocks ? page.locks : NO_LOCKS,
    });
    const promise = connect({ url: 'ws://fake', credentials: { name: 'anna' }, ...options });
    promise.catch(() => undefined);
    return { page, promise };
  };
  const open = async (options?: OpenOptions): Promise<{ page: FakePage; client: Client }> => {
    const { page, promise } = load(options);
    await time.advanceMs(0);
    return { page, client: await promise };
  };
  const keptToken = (tab = firstTab): string | undefined => {
    const text = tab.items.get(KEY);
    return text === undefined ? undefined : (JSON.parse(text) as { token: string }).token;
  };
  return { server, time, locks, tab: firstTab, resumes, accept, load, open, keptToken };
}

describe('a reloaded page', () => {
  test('goes on with the session, with a fresh memory', async () => {
    const { server, open, resumes, keptToken } = await createBrowser();
    const { page } = await open();
    expect(keptToken()).toBe('token-1');
    page.unload();
    const { client } = await open();
    expect(client).toMatchObject({ state: 'logged-in', lastCause: 'resumed', epoch: 2 });
    expect(client.stats.reconnects).toBe(0);
    expect(resumes).toEqual([
      expect.objectContaining({ token: 'token-1', lastTick: 0, reliableReceived: undefined }),
    ]);
    expect(server.peer.receivedOf('login')).toEqual([]);
    expect(keptToken()).toBe('token-2');
  });

  test('keeps the token of each connection, and reads the newest', async () => {
    const { server, time, open, keptToken } = await createBrowser();
    const { page } = await open();
    server.peer.drop();
    await time.advanceMs(101);
    expect(keptToken()).toBe('token-2');
    page.unload();
    expect((await open()).client.lastCause).toBe('resumed');
  });

  test('waits for the page before it to let go', async () => {
    const { time, open, load } = await createBrowser();
    const { page } = await open();
    const { promise } = load();
    await time.advanceMs(300);
    page.unload();
    await time.advanceMs(0);
    expect((await promise).lastCause).toBe('resumed');
  });

  test('logs in on the same connection when the session is over', async () => {
    const { server, open, accept, keptToken } = await createBrowser();
    const { page } = await open();
    page.unload();
    server.handleResume = (peer) => peer.reject({ code: 'resume-refused', retryable: false });
    server.handleLogin = (peer) => accept(peer, { sessionId: 'session-2' as never });
    const { client } = await open();
    expect(client).toMatchObject({ state: 'logged-in', sessionId: 'session-2' });
    expect(server.peers).toHaveLength(2);
    expect(server.peer.received.map(({ kind }) => kind)).toEqual(['resume', 'login']);
    expect(keptToken()).toBe('token-2');
  });

  test('that is refused both ways rejects with the word about the login', async () => {
    const { server, time, open, load, locks, keptToken } = await createBrowser();
    const { page } = await open();
    page.unload();
    server.handleResume = (peer) => peer.reject({ code: 'resume-refused', retryable: false });
    server.handleLogin = (peer) => peer.reject({ code: 'bad-credentials', retryable: false });
    const timers = time.pendingTimers;
    const { promise } = load();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ reason: 'bad-credentials' });
    expect([keptToken(), locks.held, time.pendingTimers]).toEqual([undefined, [], timers]);
  });

  test('with nothing to go on with asks once, whatever it is refused with', async () => {
    const { server, time, load } = await createBrowser();
    server.handleLogin = (peer) => peer.reject({ code: 'resume-refused', retryable: false });
    const { promise } = load();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ reason: 'resume-refused' });
    expect(server.peer.receivedOf('login')).toHaveLength(1);
  });

  test('that finds no server keeps its token for the next try', async () => {
    const { server, time, open, load, locks, keptToken } = await createBrowser();
    const { page } = await open();
    page.unload();
    server.isReachable = false;
    // Those of the page that is gone.
    const timers = time.pendingTimers;
    const { promise } = load();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ code: 'connection-failed', retryable: true });
    expect([keptToken(), locks.held, time.pendingTimers]).toEqual(['token-1', [], timers]);
    server.isReachable = true;
    expect((await open()).client.lastCause).toBe('resumed');
  });

  test('waits for a busy server, twice on one connection, and asks with the same token', async () => {
    const { server, time, open, load, accept } = await createBrowser();
    const { page } = await open();
    page.unload();
    const asked: string[] = [];
    server.handleResume = (peer, { token }) => {
      asked.push(token);
      if (asked.length === 3) accept(peer, { isResumed: true });
      else peer.reject({ code: 'busy', retryable: true, retryAfterMs: 700 });
    };
    const { promise } = load();
    await time.advanceMs(1_400);
    expect((await promise).lastCause).toBe('resumed');
    expect(asked).toEqual(['token-1', 'token-1', 'token-1']);
    expect(server.peers).toHaveLength(2);
  });

  test('gives up on a server that is busy a third time, and keeps its token', async () => {
    const { server, time, open, load, keptToken } = await createBrowser();
    const { page } = await open();
    page.unload();
    server.handleResume = (peer) => peer.reject({ code: 'busy', retryable: true });
    const { promise } = load();
    await time.advanceMs(250);
    await expect(promise).rejects.toMatchObject({ reason: 'busy', retryable: true });
    expect(server.peer.receivedOf('resume')).toHaveLength(3);
    expect(keptToken()).toBe('token-1');
  });

  test.each([
    ['other credentials', { credentials: { name: 'bert' } }],
    ['resume: false', { resume: false }],
    ['a storage of its own', { tokenStorage: new FakeStorage() }],
    ["tokenStorage: 'none'", { tokenStorage: 'none' as const }],
  ])('with %s logs in', async (_what, options) => {
    const { server, open, resumes } = await createBrowser();
    const { page } = await open();
    page.unload();
    await open(options);
    expect(resumes).toEqual([]);
    expect(server.peer.receivedOf('login')).toHaveLength(1);
  });
});

describe('a token', () => {
  test('is gone after leaving', async () => {
    const { time, open, locks, keptToken } = await createBrowser();
    const { client } = await open();
    expect(locks.held).toEqual(['holdfast:session-1']);
    const left = client.leave();
    await time.advanceMs(10);
    await left;
    expect([keptToken(), locks.held]).toEqual([undefined, []]);
  });

  test.each(['superseded', 'evicted', 'server-stopped'] as const)(
    'is gone after the end as %s',
    async (code) => {
      const { server, time, open, locks, keptToken } = await createBrowser();
      await open();
      server.peer.close(code);
      await time.advanceMs(10);
      expect([keptToken(), locks.held]).toEqual([undefined, []]);
    },
  );

  test('is gone when the window is over', async () => {
    const { server, time, open, keptToken } = await createBrowser();
    const { client } = await open();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(39_000);
    expect(keptToken()).toBe('token-1');
    await time.advanceMs(1_001);
    expect([client.state, keptToken()]).toEqual(['disconnected', undefined]);
  });

  test('that the server does not give leaves none behind', async () => {
    const { server, time, open, accept, locks, keptToken } = await createBrowser();
    await open();
    server.handleResume = (peer) => accept(peer, { isResumed: true, resumeToken: '' });
    server.peer.drop();
    await time.advanceMs(101);
    expect([keptToken(), locks.held]).toEqual([undefined, []]);
  });

  test('of a newer client of the same page is left alone by the older one', async () => {
    const { server, time, open, accept, keptToken } = await createBrowser();
    const { client: older } = await open();
    server.handleLogin = (peer) => {
      accept(peer);
      for (const other of server.openPeers) if (other !== peer) other.close('superseded');
    };
    const { client: newer } = await open({ resume: false });
    await time.advanceMs(10);
    expect([older.state, newer.state]).toEqual(['disconnected', 'logged-in']);
    expect(keptToken()).toBe('token-2');
  });

  test('that cannot be kept costs the session nothing', async () => {
    const { server, time, tab, open, resumes } = await createBrowser();
    tab.isForbidden = true;
    const { client } = await open();
    server.peer.drop();
    await time.advanceMs(101);
    expect([client.state, client.lastCause]).toEqual(['logged-in', 'resumed']);
    expect(resumes).toHaveLength(1);
  });
});

describe('a duplicated tab', () => {
  test('is told so after half a second, and touches nothing', async () => {
    const { server, time, tab, open, load, keptToken } = await createBrowser();
    const { client } = await open();
    const moves = recordMoves(client);
    const copy = tab.copy();
    const { promise } = load({ tab: copy });
    await time.advanceMs(500);
    await expect(promise).rejects.toMatchObject({
      code: 'session-open-elsewhere',
      retryable: true,
    });
    await time.advanceMs(1_000);
    expect(server.peers).toHaveLength(1);
    expect([client.state, moves]).toEqual(['logged-in', []]);
    expect([keptToken(), keptToken(copy)]).toEqual(['token-1', 'token-1']);
  });

  test('may play once the first one has left, and logs in', async () => {
    const { server, time, tab, open } = await createBrowser();
    const { client } = await open();
    const copy = tab.copy();
    const left = client.leave();
    await time.advanceMs(10);
    await left;
    server.handleResume = (peer) => peer.reject({ code: 'resume-refused', retryable: false });
    const second = await open({ tab: copy });
    expect(second.client.lastCause).toBe('login-succeeded');
    expect(server.peer.received.map(({ kind }) => kind)).toEqual(['resume', 'login']);
  });

  test('that means it takes the seat with `resume: false`, and its own reload goes on', async () => {
    const { server, time, tab, locks, open, accept } = await createBrowser();
    const { client } = await open();
    const copy = tab.copy();
    server.handleLogin = (peer) => {
      accept(peer);
      for (const other of server.openPeers) if (other !== peer) other.close('superseded');
    };
    const second = await open({ tab: copy, resume: false });
    await time.advanceMs(10);
    expect([client.state, client.lastCause]).toEqual(['disconnected', 'superseded']);
    // The lock has passed on, so that a third page is told as well.
    expect(locks.held).toEqual(['holdfast:session-1']);
    second.page.unload();
    expect((await open({ tab: copy })).client.lastCause).toBe('resumed');
  });

  test('without locks gets the seat, and the first one is told by the server', async () => {
    const { time, tab, open, keptToken } = await createBrowser();
    const { client } = await open({ hasLocks: false });
    const copy = tab.copy();
    const second = await open({ tab: copy, hasLocks: false });
    await time.advanceMs(10);
    expect(client).toMatchObject({ state: 'disconnected', lastCause: 'superseded' });
    expect(second.client).toMatchObject({ state: 'logged-in', lastCause: 'resumed' });
    expect([keptToken(), keptToken(copy)]).toEqual([undefined, 'token-2']);
  });
});

describe('a page that waits for another one', () => {
  test('is ended by its signal, and nothing of it is left', async () => {
    const { server, time, tab, open, load, locks } = await createBrowser();
    const { page } = await open();
    const abort = new AbortController();
    const { promise } = load({ tab: tab.copy(), signal: abort.signal });
    await time.advanceMs(100);
    abort.abort(new Error('enough'));
    await expect(promise).rejects.toThrow('enough');
    page.unload();
    await time.advanceMs(1_000);
    expect([server.peers.length, locks.held]).toEqual([1, []]);
  });

  test('may run into the time for its login', async () => {
    const { server, time, tab, open, load } = await createBrowser();
    await open();
    const { promise } = load({ tab: tab.copy(), loginTimeoutMs: 200 });
    await time.advanceMs(200);
    await expect(promise).rejects.toMatchObject({ code: 'login-timeout' });
    await time.advanceMs(1_000);
    expect(server.peers).toHaveLength(1);
  });
});
