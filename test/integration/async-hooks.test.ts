/** Calls that are typed to answer at once, given async functions that fail: none is unhandled. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Authority } from '../../src/authority/authority.ts';
import { connect } from '../../src/client/index.node.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { openMemory } from '../support/open-setting.ts';
import { Saboteur } from '../support/saboteur.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { WEB_SOCKETS } from '../support/settings.ts';

const LATE = new Error('late');

/** Types let an async function in wherever nothing is to be answered. */
const failLate = (async () => {
  throw LATE;
}) as () => void;

/** What ends a process that doesn't listen for it. */
function watchRejections(): unknown[] {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  return unhandled;
}

async function openWith(rule: object) {
  const errors: unknown[] = [];
  const setting = await openMemory({
    onError: (error) => errors.push(error),
    createAuthorities: (context) => [
      ...SPEC_CONFIG.createAuthorities(context),
      Object.assign(new Saboteur(), rule) satisfies Authority,
    ],
  });
  return { setting, errors, unhandled: watchRejections() };
}

describe('an async function that fails', () => {
  test('as onError ends nothing', async () => {
    const unhandled = watchRejections();
    const setting = await openMemory({ onError: failLate, onMessage: failLate });
    const bob = await setting.loginRaw('bob');
    bob.send({ kind: 'user-message', name: 'note', payload: '"hello"' });
    await setting.waitFor('the end', () => bob.isClosed);
    await setting.passMs(100);
    expect(setting.runtime.host.counters.userErrors).toBe(2);
    expect(unhandled).toEqual([]);
  });

  test('as handleInput ends that peer alone', async () => {
    const { setting, unhandled } = await openWith({ handleInput: failLate });
    const [eve, bob] = [await setting.loginRaw('eve'), await setting.loginRaw('bob')];
    bob.send({ kind: 'user-message', name: 'note', payload: '"hello"' });
    await setting.waitFor('the end', () => bob.isClosed);
    await setting.passMs(100);
    expect(bob.last('close')).toMatchObject({ code: 'internal-error' });
    expect(eve.isClosed).toBe(false);
    expect(unhandled).toEqual([]);
  });

  test.each(['step', 'addPlayer'])('as %s ends that world, and says why', async (name) => {
    const { setting, errors, unhandled } = await openWith({ [name]: failLate });
    const bob = await setting.connectRaw();
    bob.login({ playerId: 'bob' });
    await setting.waitFor('the end', () => bob.isClosed);
    await setting.passMs(100);
    expect(bob.last('close')).toMatchObject({ code: 'world-failed' });
    expect(errors).toEqual([name === 'addPlayer' ? LATE : expect.any(TypeError)]);
    expect(unhandled).toEqual([]);
  });

  test('as createAuthorities refuses the login', async () => {
    const unhandled = watchRejections();
    const setting = await openMemory({
      createAuthorities: failLate as never,
      onError: () => undefined,
    });
    const bob = await setting.connectRaw();
    bob.login({ playerId: 'bob' });
    await setting.waitFor('an answer', () => bob.first('login-rejected') !== undefined);
    expect(bob.first('login-rejected')).toMatchObject({ code: 'world-unavailable' });
    expect(unhandled).toEqual([]);
  });

  test("as a client's listener is told to that client", async () => {
    const setting = await WEB_SOCKETS.start();
    onTestFinished(() => setting.stop());
    const unhandled = watchRejections();
    const errors: unknown[] = [];
    const client = await connect({
      url: setting.runtime.address,
      credentials: { playerId: 'bob' },
      onListenerError: (error) => errors.push(error),
    });
    client.on('state', failLate);
    await client.leave();
    await setting.waitFor('the error', () => errors.length > 0);
    expect(errors).toEqual([LATE]);
    expect(client.stats.listenerErrors).toBe(1);
    expect(unhandled).toEqual([]);
  });
});

test('an eviction for a reason that is no text ends the connection all the same', async () => {
  const setting = await openMemory({ onError: () => undefined });
  const { host } = setting.runtime;
  const bob = await setting.loginRaw('bob');
  host.evict(host.sessions.getByPlayer('bob' as PlayerId)!, null as unknown as string);
  await setting.waitFor('the end', () => bob.isClosed);
  expect(host.sessions.size).toBe(0);
});
