import { describe, expect, it } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { SessionEvent } from '../../src/session/session-event.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';
import { SETTINGS } from '../support/settings.ts';

describe.each(SETTINGS)('at first contact ($name)', (kind) => {
  it('a subscriber sees where the connection comes from', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const addresses: (string | undefined)[] = [];
    host.sessions.subscribe(({ session, to }) => {
      if (to === 'transport-connected') addresses.push(host.inspect(session)?.address);
    });

    await setting.connectRaw();

    expect(addresses).toEqual([expect.stringMatching(/./)]);
  });

  it('a subscriber can evict: the peer is told why, and its place is free again', async () => {
    const setting = await openSetting(kind, { limits: { sessionsPerAddressMax: 1 } });
    const { host } = setting.runtime;
    const evict = ({ session, to }: SessionEvent<{ name: string }>): void => {
      if (to === 'transport-connected') host.evict(session, 'banned');
    };
    const unsubscribe = host.sessions.subscribe(evict);
    for (let visit = 0; visit < 3; visit += 1) {
      const peer = await setting.knockRaw();
      await setting.waitFor('the peer is turned out', () => peer.isClosed);
      expect(peer.last('close')).toMatchObject({ code: 'login-failed', message: 'banned' });
      await setting.waitFor(
        'the end of the connection',
        () => host.counters.connectionsClosed === visit + 1,
      );
    }
    unsubscribe();

    await setting.loginRaw('ann');

    expect(host.sessions.size).toBe(1);
  });

  it('a subscriber can stop the host: nobody stays', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    host.sessions.subscribe(() => void host.stop());

    const peer = await setting.knockRaw();
    await setting.waitFor('the peer is told', () => peer.isClosed);

    expect(peer.last('close')).toMatchObject({ code: 'server-stopped' });
    expect(host.sessions.size).toBe(0);
  });
});

it('a PeerId that comes a second time is turned away, and its session goes on', async () => {
  const transport = new ScriptedTransport();
  const setting = await openMemory({ transports: [transport] });
  const { host } = setting.runtime;
  const first = transport.open('peer-1');
  first.login({ playerId: 'ann' });
  await setting.waitFor(
    'ann is in',
    () => host.sessions.getByPlayer('ann' as PlayerId) !== undefined,
  );

  const second = transport.open('peer-1');

  expect(second.closeCode).toBe('server-full');
  expect(first.closeCode).toBeUndefined();
  expect(host.sessions.size).toBe(1);
  expect(host.inspect(host.sessions.getByPlayer('ann' as PlayerId)!)).toBeDefined();
});
