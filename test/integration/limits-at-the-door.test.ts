import { describe, expect, test } from 'vitest';
import type { HostLimits } from '../../src/host/host-limits.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SETTINGS } from '../support/settings.ts';
import type { Setting } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

/** Logs in and answers the refusal's code, or `accepted`. */
async function tryLogin(setting: Setting, playerId: string, worldId: string): Promise<string> {
  const peer = await setting.connectRaw();
  peer.login({ playerId, worldId });
  const answer = () => peer.first('login-accepted') ?? peer.first('login-rejected');
  await setting.waitFor('an answer', () => answer() !== undefined);
  const message = answer()!;
  if (message.kind === 'login-accepted') return 'accepted';
  peer.drop();
  return `${message.code}${message.retryable ? ', retryable' : ''}`;
}

/** Connections that were refused for that reason; none was for another. */
function refusedFor(setting: Setting, reason: keyof HostLimits): number {
  const { connectionsRefused, connectionsRefusedByReason } = setting.runtime.host.counters;
  const count = connectionsRefusedByReason.get(reason);
  expect(connectionsRefused).toBe(count);
  return count;
}

async function connectMany(setting: Setting, count: number): Promise<RawPeer[]> {
  const peers: RawPeer[] = [];
  for (let index = 0; index < count; index += 1) peers.push(await setting.connectRaw());
  return peers;
}

describe.each(SETTINGS)('limits.connectionsMax over $name', (kind) => {
  test('lets that many connect, and another one only when one has gone', async () => {
    const setting = await openSetting(kind, { limits: { connectionsMax: 3 } });
    const { sessions } = setting.runtime.host;
    await connectMany(setting, 2);
    const third = await setting.loginRaw('bob');
    expect(refusedFor(setting, 'connectionsMax')).toBe(0);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    expect(refusedFor(setting, 'connectionsMax')).toBe(1);
    expect(sessions.size).toBe(3);
    third.drop();
    const bob = sessions.getByPlayer('bob' as PlayerId)!;
    // A seat that is held is no connection.
    await setting.waitFor('the loss', () => bob.state === 'reconnecting');
    expect((await setting.knockRaw()).isOpen).toBe(true);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    expect(refusedFor(setting, 'connectionsMax')).toBe(2);
  });
});

describe.each(SETTINGS)('limits.preLoginConnectionsMax over $name', (kind) => {
  test('counts who has not logged in yet, whatever their login is doing', async () => {
    const setting = await openSetting(kind, { limits: { preLoginConnectionsMax: 3 } });
    const [idle, pending, failed] = await connectMany(setting, 3);
    pending!.login({ playerId: 'hang' });
    failed!.login({ playerId: 'refuse' });
    await setting.waitFor('refusal', () => failed!.first('login-rejected') !== undefined);
    expect(refusedFor(setting, 'preLoginConnectionsMax')).toBe(0);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    expect(refusedFor(setting, 'preLoginConnectionsMax')).toBe(1);
    failed!.login({ playerId: 'bob' });
    await setting.waitFor('acceptance', () => failed!.first('login-accepted') !== undefined);
    expect((await setting.knockRaw()).isOpen).toBe(true);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    idle!.drop();
    await setting.waitFor('one is gone', () => setting.runtime.host.sessions.size === 3);
    expect((await setting.knockRaw()).isOpen).toBe(true);
    expect(refusedFor(setting, 'preLoginConnectionsMax')).toBe(2);
  });
});

describe.each(SETTINGS)('limits.sessionsPerAddressMax over $name', (kind) => {
  test('counts seats that are held too: dropping a connection frees no place', async () => {
    const setting = await openSetting(kind, { limits: { sessionsPerAddressMax: 2 } });
    const { sessions, counters } = setting.runtime.host;
    const bob = await setting.loginRaw('bob');
    await setting.loginRaw('eve');
    expect(await tryLogin(setting, 'ann', 'field')).toBe('address-full, retryable');
    bob.drop();
    const session = sessions.getByPlayer('bob' as PlayerId)!;
    await setting.waitFor('the loss', () => session.state === 'reconnecting');
    expect(await tryLogin(setting, 'ann', 'field')).toBe('address-full, retryable');
    await setting.waitFor('the window is over', () => !session.isAlive);
    expect(await tryLogin(setting, 'ann', 'field')).toBe('accepted');
    expect(counters.loginsRefusedByCode.get('address-full')).toBe(2);
  });

  test('a player comes back to the own seat however many the address holds', async () => {
    const setting = await openSetting(kind, { limits: { sessionsPerAddressMax: 1 } });
    const bob = await setting.loginRaw('bob');
    bob.drop();
    const session = setting.runtime.host.sessions.getByPlayer('bob' as PlayerId)!;
    await setting.waitFor('the loss', () => session.state === 'reconnecting');
    expect(await tryLogin(setting, 'bob', 'field')).toBe('accepted');
    expect(await tryLogin(setting, 'bob', 'meadow')).toBe('accepted');
  });

  test('counts connections on which nobody is proven apart from seats', async () => {
    const setting = await openSetting(kind, { limits: { sessionsPerAddressMax: 2 } });
    await setting.loginRaw('bob');
    const idle = await setting.connectRaw();
    expect((await setting.knockRaw()).isOpen).toBe(true);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    idle.drop();
    await setting.waitFor('one is gone', () => setting.runtime.host.sessions.size === 2);
    expect((await setting.knockRaw()).isOpen).toBe(true);
    expect(refusedFor(setting, 'sessionsPerAddressMax')).toBe(1);
  });
});

describe('limits.sessionsPerAddressMax over memory', () => {
  test('counts each address by itself, and a takeover moves the place with the player', async () => {
    const setting = await openMemory({ limits: { sessionsPerAddressMax: 1 } });
    const [here, there] = [{ address: '192.0.2.1' }, { address: '192.0.2.2' }];
    await setting.loginRaw('bob', 'field', here);
    expect((await setting.knockRaw(here)).isOpen).toBe(true);
    expect((await setting.knockRaw(here)).isOpen).toBe(false);
    await setting.loginRaw('bob', 'field', there);
    const stranger = await setting.connectRaw(there);
    stranger.login({ playerId: 'eve' });
    await setting.waitFor('refusal', () => stranger.first('login-rejected') !== undefined);
    expect(stranger.first('login-rejected')).toMatchObject({ code: 'address-full' });
    const bob = setting.runtime.host.sessions.getByPlayer('bob' as PlayerId)!;
    expect(setting.runtime.host.inspect(bob)?.address).toBe(there.address);
  });
});

describe.each(SETTINGS)('limits.worldsMax over $name', (kind) => {
  test('refuses to open one world more, and closing one makes room', async () => {
    const setting = await openSetting(kind, { limits: { worldsMax: 2 } });
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob', 'north');
    expect(await tryLogin(setting, 'eve', 'south')).toBe('accepted');
    expect(await tryLogin(setting, 'ann', 'west')).toBe('world-unavailable, retryable');
    expect(host.counters.loginsRefusedByCode.get('world-unavailable')).toBe(1);
    expect(await tryLogin(setting, 'ann', 'south')).toBe('accepted');
    expect(host.worldCount).toBe(2);
    bob.send({ kind: 'leave' });
    await setting.waitFor('the north is closed', () => host.worldCount === 1);
    expect(await tryLogin(setting, 'bob', 'west')).toBe('accepted');
    expect(await tryLogin(setting, 'kim', 'north')).toBe('world-unavailable, retryable');
  });
});

describe.each(SETTINGS)('limits.playersPerWorldMax over $name', (kind) => {
  test('counts seats, held ones included; who has one may always come back to it', async () => {
    const setting = await openSetting(kind, {
      limits: { playersPerWorldMax: 2 },
      policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 },
    });
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob', 'field');
    expect(await tryLogin(setting, 'eve', 'field')).toBe('accepted');
    expect(await tryLogin(setting, 'ann', 'field')).toBe('world-full, retryable');
    expect(await tryLogin(setting, 'ann', 'other')).toBe('accepted');
    bob.drop();
    const session = host.sessions.getByPlayer('bob' as PlayerId)!;
    await setting.waitFor('the loss', () => session.state === 'reconnecting');
    expect(await tryLogin(setting, 'ann', 'field')).toBe('world-full, retryable');
    expect(host.sessions.getByPlayer('ann' as PlayerId)?.worldId).toBe('other');
    expect(await tryLogin(setting, 'bob', 'field')).toBe('accepted');
    expect(await tryLogin(setting, 'eve', 'field')).toBe('accepted');
    host.evict(host.sessions.getByPlayer('eve' as PlayerId)!);
    expect(await tryLogin(setting, 'ann', 'field')).toBe('accepted');
    expect(host.counters.loginsRefusedByCode.get('world-full')).toBe(2);
    expect(host.counters.loginsRefused).toBe(2);
  });
});
