import { describe, expect, test } from 'vitest';
import { MultiSessionManager } from '../../src/session/multi-session-manager.ts';
import { SETTINGS } from '../support/settings.ts';

describe.each(SETTINGS)('R4 over $name', { timeout: 30_000 }, (kind) => {
  test('R4.S1 a started runtime exposes the coordinator of its host; nobody made one', async () => {
    const setting = await kind.start();
    try {
      const { host, address } = setting.runtime;
      expect(host.sessions).toBeInstanceOf(MultiSessionManager);
      expect(host.sessions.size).toBe(0);
      expect(address).not.toBe('');
      await setting.connectPlayer('ada');
      expect(host.sessions.getByPlayer('ada' as never)?.state).toBe('logged-in');
    } finally {
      await setting.stop();
    }
  });

  test('R4.S2 stopping clears every managed session, tells each client, and stays stopped', async () => {
    const setting = await kind.start();
    const { host } = setting.runtime;
    const waiting = await setting.connectRaw();
    const pending = await setting.connectRaw();
    pending.login({ playerId: 'hang' });
    const gone = await setting.loginRaw('gone');
    const bob = await setting.loginRaw('bob');
    gone.drop();
    const removed: string[] = [];
    const held = host.sessions.getByPlayer('gone' as never)!;
    await setting.waitFor('loss', () => held.state === 'reconnecting');
    await setting.waitFor('login', () =>
      [...host.sessions].some((s) => s.state === 'login-pending'),
    );
    host.sessions.subscribe(({ session, to, cause }) => {
      if (to === 'disconnected') removed.push(`${session.playerId ?? '-'} ${cause}`);
    });
    const stopping = setting.runtime.stop();
    expect(host.sessions.size).toBe(0);
    await setting.until(stopping);
    await setting.until(setting.runtime.stop());
    expect(removed).toEqual([
      '- server-stopped',
      '- server-stopped',
      'gone server-stopped',
      'bob server-stopped',
    ]);
    await setting.waitFor('all ends', () => [waiting, pending, bob].every((peer) => peer.isClosed));
    for (const peer of [waiting, pending, bob]) {
      expect(peer.last('close')).toMatchObject({ code: 'server-stopped' });
    }
    expect(host.sessions.observeTransportActivity('late' as never)).toBeUndefined();
  });
});
