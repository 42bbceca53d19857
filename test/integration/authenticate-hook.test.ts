import { describe, expect, test } from 'vitest';
import type { Authenticate } from '../../src/host/authentication.ts';
import { refuse } from '../../src/host/authentication.ts';
import { HASTY, onlySession, openStage, PLAYER, refusalOf } from '../support/login-stage.ts';
import { openSetting } from '../support/open-setting.ts';
import { SETTINGS } from '../support/settings.ts';

function raise(error: unknown): never {
  throw error;
}

describe.each(SETTINGS)('an authenticate hook over $name', (kind) => {
  test.each<[string, Authenticate<{ name: string }>]>([
    ['throws', () => raise(new Error('database down'))],
    ['rejects', () => Promise.reject(new Error('database down'))],
    ['throws nothing', () => raise(undefined)],
    ['throws what has no text', () => raise(Object.create(null))],
  ])('that %s refuses this login, tells the operator, and nobody else', async (_, hook) => {
    const errors: string[] = [];
    const setting = await openSetting(kind, {
      authenticate: hook,
      onError: (_error, where) => errors.push(where),
    });
    const peer = await setting.connectRaw();
    peer.login({});
    expect(await refusalOf(setting, peer)).toMatchObject({
      code: 'authenticate-failed',
      retryable: true,
      message: '',
    });
    expect(errors).toEqual(['authenticate']);
    expect(setting.runtime.host.counters.userErrors).toBe(1);
    expect(onlySession(setting)?.state).toBe('login-failed');
  });

  test('that never answers costs the login its deadline: told, aborted, removed', async () => {
    const { setting, hook, knock } = await openStage(kind, HASTY);
    const peer = await knock();
    const moves: string[] = [];
    setting.runtime.host.sessions.subscribe(({ from, to, cause }) => {
      moves.push(`${from} → ${to} (${cause})`);
    });
    expect(hook.abortReason).toBeUndefined();
    expect(await refusalOf(setting, peer)).toMatchObject({ code: 'login-timeout' });
    expect(hook.abortReason).toBe('login-timeout');
    await setting.waitFor('the end', () => peer.isClosed);
    expect(peer.closeCode).toBe('login-timeout');
    expect(moves).toEqual([
      'login-pending → login-failed (login-timeout)',
      'login-failed → disconnected (login-timeout)',
    ]);
    hook.last.answer(PLAYER);
    await setting.passMs(20);
    expect(setting.runtime.host.sessions.size).toBe(0);
    expect(setting.runtime.host.worldCount).toBe(0);
  });

  test('that answers after the connection has gone is aborted and changes nothing', async () => {
    const { setting, hook, errors, knock } = await openStage(kind);
    const peer = await knock();
    peer.drop();
    await setting.waitFor('the loss', () => setting.runtime.host.sessions.size === 0);
    expect(hook.abortReason).toBe('transport-lost');
    hook.last.answer(PLAYER);
    await setting.passMs(20);
    expect(setting.runtime.host.sessions.size).toBe(0);
    expect(setting.runtime.host.worldCount).toBe(0);
    expect(setting.runtime.host.sessions.counters['dead-handle']).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test('that answers after stop is aborted and changes nothing', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const peer = await knock();
    const stopping = setting.runtime.stop();
    expect(hook.abortReason).toBe('server-stopped');
    hook.last.answer(PLAYER);
    await setting.until(stopping);
    await setting.waitFor('the end', () => peer.isClosed);
    expect(peer.closeCode).toBe('server-stopped');
    expect(peer.first('login-accepted')).toBeUndefined();
    expect(setting.runtime.host.sessions.size).toBe(0);
  });

  test('that fails because it was aborted is no error of the operator', async () => {
    const { setting, hook, errors, knock } = await openStage(kind, HASTY);
    const dropped = await knock();
    dropped.drop();
    await setting.waitFor('the loss', () => hook.abortReason !== undefined);
    hook.last.fail(hook.last.request.signal.reason);
    const late = await knock();
    await refusalOf(setting, late);
    hook.last.fail(hook.last.request.signal.reason);
    await setting.passMs(20);
    expect(errors).toEqual([]);
    expect(setting.runtime.host.counters.userErrors).toBe(0);
  });

  test('that answers in time is never aborted afterwards', async () => {
    const { setting, hook, knock } = await openStage(kind, HASTY);
    const peer = await knock();
    hook.last.answer(PLAYER);
    await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
    await setting.passMs(600);
    expect(onlySession(setting)?.state).toBe('logged-in');
    peer.drop();
    await setting.waitFor('the loss', () => onlySession(setting)?.state === 'reconnecting');
    expect(hook.abortReason).toBeUndefined();
  });

  test('learns who asks: address, origin', async () => {
    const { hook, knock } = await openStage(kind);
    await knock();
    expect(hook.last.request).toMatchObject({ address: '127.0.0.1', origin: undefined });
  });
});

const NONSENSE: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'ada'],
  ['a number', 7],
  ['no playerId', {}],
  ['an empty playerId', { playerId: '' }],
  ['a number as playerId', { playerId: 7 }],
  ['a playerId that is too long', { playerId: 'x'.repeat(65) }],
  ['a playerId that is no text on the wire', { playerId: '\ud800' }],
  ['a playerId that the wire would change', { playerId: '\ufeffada' }],
  ['an empty worldId', { playerId: 'ada', worldId: '' }],
  ['a number as worldId', { playerId: 'ada', worldId: 7 }],
  ['a worldId that is no text on the wire', { playerId: 'ada', worldId: '\udfff' }],
  [
    'an object that throws',
    {
      get playerId(): string {
        return raise(new Error('boo'));
      },
    },
  ],
];

describe.each(SETTINGS)('a hook that answers nonsense over $name', (kind) => {
  test.each(NONSENSE)('refuses the login: %s', async (_, answer) => {
    const { setting, hook, errors, knock } = await openStage(kind);
    const peer = await knock();
    hook.last.answer(answer as never);
    expect(await refusalOf(setting, peer)).toMatchObject({ code: 'authenticate-failed' });
    expect(errors.map(({ where }) => where)).toEqual(['authenticate']);
    expect(setting.runtime.host.worldCount).toBe(0);
    // The next attempt of the same connection is one like any other.
    peer.login({});
    await setting.waitFor('the hook', () => hook.calls.length === 2);
    hook.last.answer({ ...PLAYER, playerId: '__proto__' });
    await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
    expect(setting.runtime.host.sessions.getByPlayer('__proto__' as never)).toBe(
      onlySession(setting),
    );
  });

  test('that refuses with an ill-formed code is the operator’s to hear of', async () => {
    const { setting, hook, errors, knock } = await openStage(kind);
    const peer = await knock();
    hook.last.answer(refuse('Not A Code'));
    await refusalOf(setting, peer);
    expect(errors).toHaveLength(1);
  });

  test.each([
    [refuse('Not A Code'), { code: 'authenticate-failed' }],
    [refuse(''), { code: 'authenticate-failed' }],
    [refuse('x'.repeat(65)), { code: 'authenticate-failed' }],
    [refuse('constructor'), { code: 'constructor', retryable: false }],
    [refuse('busy', { retryAfterMs: Number.NaN }), { code: 'busy', retryAfterMs: 0 }],
    [refuse('busy', { retryAfterMs: -5 }), { code: 'busy', retryAfterMs: 0 }],
    [refuse('busy', { retryAfterMs: 1e300 }), { code: 'busy' }],
    [refuse('busy', { retryAfterMs: 2 ** 32 }), { code: 'busy' }],
    [refuse('busy', { message: `x${'\u{1f600}'.repeat(500)}` }), { code: 'busy' }],
  ])('refuses with what the wire can carry: %#', async (answer, expected) => {
    const { setting, hook, knock } = await openStage(kind);
    const peer = await knock();
    hook.last.answer(answer);
    expect(await refusalOf(setting, peer)).toMatchObject(expected);
    expect(onlySession(setting)?.state).toBe('login-failed');
  });
});
