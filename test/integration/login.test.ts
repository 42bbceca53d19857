import { describe, expect, test } from 'vitest';
import { refuse } from '../../src/host/authentication.ts';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { HASTY, onlySession, openStage, PLAYER, refusalOf } from '../support/login-stage.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SETTINGS } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

describe.each(SETTINGS)('a refused login over $name', (kind) => {
  test('says the code, what to do about it, and leaves the connection for another login', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const peer = await knock({ secret: 'wrong' });
    expect(hook.last.credentials).toEqual({ secret: 'wrong' });
    hook.last.answer(refuse('banned', { retryable: true, retryAfterMs: 1_500, message: 'later' }));
    expect(await refusalOf(setting, peer)).toEqual({
      kind: 'login-rejected',
      code: 'banned',
      retryable: true,
      retryAfterMs: 1_500,
      message: 'later',
    });
    expect(onlySession(setting)).toMatchObject({ state: 'login-failed', lastCause: 'banned' });
    expect(setting.runtime.host.counters.loginsRefused).toBe(1);
    peer.login({});
    await setting.waitFor('the second attempt', () => hook.calls.length === 2);
    hook.last.answer(PLAYER);
    await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
    expect(onlySession(setting)).toMatchObject({ state: 'logged-in', playerId: 'ada', epoch: 1 });
    expect(onlySession(setting)?.data).toEqual({ name: 'Ada' });
  });

  test('is final when the attempts are used up, and not one attempt earlier', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const peer = await knock();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await setting.waitFor('the hook', () => hook.calls.length === attempt);
      expect(peer.isClosed).toBe(false);
      hook.last.answer(refuse('bad-credentials'));
      expect(await refusalOf(setting, peer)).toMatchObject({ code: 'bad-credentials' });
      peer.login({});
    }
    await setting.waitFor('the end', () => peer.isClosed);
    expect(peer.closeCode).toBe('login-failed');
    expect(peer.last('close')).toMatchObject({ code: 'login-failed', message: 'bad-credentials' });
    expect(hook.calls).toHaveLength(3);
    expect(setting.runtime.host.sessions.size).toBe(0);
  });

  test('of another protocol version is told ours, and the hook is not asked', async () => {
    const { setting, hook } = await openStage(kind);
    const peer = await setting.connectRaw();
    peer.login({}, 99);
    const refusal = await refusalOf(setting, peer);
    expect(refusal).toMatchObject({ code: 'version-mismatch', retryable: false });
    expect(refusal?.message).toContain(`version ${PROTOCOL_VERSION}`);
    expect(hook.calls).toHaveLength(0);
  });

  test.each(['{', 'undefined', ''])('with the credentials %j is malformed', async (credentials) => {
    const { setting, hook } = await openStage(kind);
    const peer = await setting.connectRaw();
    peer.send({ kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials });
    expect(await refusalOf(setting, peer)).toMatchObject({ code: 'malformed-credentials' });
    expect(hook.calls).toHaveLength(0);
  });

  test('with a code that a connection can end with ends that connection all the same', async () => {
    for (const code of ['merged', 'superseded', 'taken-over', 'left', 'liveness-timeout']) {
      const { setting, hook, knock } = await openStage(kind, {
        policy: { ...SPEC_CONFIG.policy, loginAttemptsMax: 1 },
      });
      const peer = await knock();
      hook.last.answer(refuse(code));
      expect(await refusalOf(setting, peer)).toMatchObject({ code });
      await setting.waitFor(`the end after ${code}`, () => peer.isClosed);
      expect(setting.runtime.host.sessions.size).toBe(0);
    }
  });
});

describe.each(SETTINGS)('before and beside a login over $name', (kind) => {
  test('a second Login is refused while the first is pending and after it succeeded', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const { host } = setting.runtime;
    const peer = await knock({ n: 1 });
    peer.login({ n: 2 });
    await setting.waitFor('the count', () => host.counters.misplacedMessages === 1);
    expect(hook.calls).toHaveLength(1);
    hook.last.answer(PLAYER);
    await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
    const session = onlySession(setting);
    peer.login({ n: 3 });
    await setting.waitFor('the count', () => host.counters.misplacedMessages === 2);
    expect(hook.calls).toHaveLength(1);
    expect(onlySession(setting)).toBe(session);
    expect(session).toMatchObject({ state: 'logged-in', epoch: 1 });
    expect(host.sessions.counters['login-not-expected']).toBe(2);
    expect(peer.all('login-rejected')).toEqual([]);
  });

  test('gameplay and messages are refused, counted, and nowhere kept for later', async () => {
    const heard: unknown[] = [];
    const { setting, hook } = await openStage(kind, {
      onMessage: (_session, message) => heard.push(message),
    });
    const { host } = setting.runtime;
    const peer = await setting.connectRaw();
    const tooEarly = [
      moveInput({ tick: 2 }),
      shootInput({ tick: 2 }),
      { kind: 'user-message', name: 'note', payload: '"early"' },
    ] as const;
    for (const message of tooEarly) peer.send(message);
    peer.login({});
    await setting.waitFor('the hook', () => hook.calls.length === 1);
    for (const message of tooEarly) peer.send(message);
    await setting.waitFor('the counts', () => host.counters.misplacedMessages === 6);
    const verdicts = () => host.inspect(onlySession(setting)!)?.verdicts;
    expect(verdicts()?.counts).toMatchObject({ accepted: 0, rejected: 6 });
    expect(verdicts()?.rejectedByCode).toEqual({ 'not-logged-in': 6 });
    hook.last.answer(PLAYER);
    await setting.waitFor('snapshots', () => peer.all('snapshot').length > 3);
    expect(verdicts()?.counts).toMatchObject({ accepted: 0, rejected: 6 });
    expect(peer.all('combat-event')).toEqual([]);
    expect(peer.all('verdict-report')).toEqual([]);
    expect(heard).toEqual([]);
    const places = peer.all('snapshot').map(({ players }) => players[0]?.fields.slice(0, 2));
    expect(new Set(places.map(String)).size).toBe(1);
  });

  test('a player named in a message means nothing: the shooter is the session', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const peer = await knock({ playerId: 'victim', role: 'admin' });
    hook.last.answer({ playerId: 'mallory', data: { name: 'm' } });
    await setting.waitFor('a snapshot', () => peer.serverTick > 0);
    expect(peer.first('login-accepted')?.playerId).toBe('mallory');
    // Unknown field 15 of the wire: "victim", as a client of another version might send it.
    const claim = Uint8Array.of(0x7a, 6, ...Buffer.from('victim'));
    const shot = encodeClientMessage(shootInput({ tick: peer.serverTick + 1 }));
    peer.sendBytes(Uint8Array.of(...shot, ...claim));
    await setting.waitFor('the shot', () => peer.first('combat-event') !== undefined);
    expect(peer.first('combat-event')).toMatchObject({
      event: 'shot-missed',
      shooterId: 'mallory',
    });
  });

  test('a connection that never logs in ends at the deadline, whatever it says until then', async () => {
    const { setting, hook } = await openStage(kind, HASTY);
    const silent = await setting.connectRaw();
    const failed = await setting.connectRaw();
    failed.login({});
    await setting.waitFor('the hook', () => hook.calls.length === 1);
    hook.last.answer(refuse('bad-credentials'));
    await setting.waitFor('the ends', () => silent.isClosed && failed.isClosed);
    expect([silent.closeCode, failed.closeCode]).toEqual(['login-timeout', 'login-failed']);
    expect(failed.last('close')).toMatchObject({ message: 'bad-credentials' });
    expect(setting.runtime.host.sessions.size).toBe(0);
  });

  test('a Leave ends the connection in good order, whatever the login is doing', async () => {
    const { setting, hook, knock } = await openStage(kind);
    const pending = await knock();
    const silent = await setting.connectRaw();
    for (const peer of [pending, silent]) peer.send({ kind: 'leave' });
    await setting.waitFor('the ends', () => pending.isClosed && silent.isClosed);
    expect([pending.closeCode, silent.closeCode]).toEqual(['left', 'left']);
    expect(hook.abortReason).toBe('left');
    expect(setting.runtime.host.sessions.size).toBe(0);
  });
});

describe.each(SETTINGS)('after failed logins over $name', (kind) => {
  test('no session, seat, world or place at the door is left behind', async () => {
    const { setting, hook, knock } = await openStage(kind, {
      ...HASTY,
      limits: {
        connectionsMax: 1,
        preLoginConnectionsMax: 1,
        sessionsPerAddressMax: 1,
        worldsMax: 1,
        playersPerWorldMax: 1,
      },
    });
    const { sessions } = setting.runtime.host;
    const endings: ((peer: RawPeer) => void)[] = [
      (peer) => peer.drop(),
      () => undefined,
      (peer) => peer.send({ kind: 'leave' }),
      () => sessions.remove(onlySession(setting)!, 'test'),
      () => setting.runtime.host.evict(onlySession(setting)!),
      (peer) => {
        hook.last.answer(refuse('bad-credentials'));
        peer.drop();
      },
      (peer) => {
        hook.last.answer(PLAYER);
        peer.send({ kind: 'leave' });
      },
    ];
    for (const end of endings) {
      const peer = await knock();
      end(peer);
      await setting.waitFor('the end', () => peer.isClosed || sessions.size === 0);
      await setting.waitFor('nobody', () => sessions.size === 0);
      hook.last.answer(PLAYER);
      await setting.passMs(60);
      expect(setting.runtime.host.worldCount).toBe(0);
    }
    const peer = await knock();
    hook.last.answer(PLAYER);
    await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
    expect(sessions.size).toBe(1);
  });
});
