import { describe, expect, test } from 'vitest';
import { expectUntouched } from '../support/control-run.ts';
import { SETTINGS } from '../support/settings.ts';

describe.each(SETTINGS)('R3 over $name', { timeout: 30_000 }, (kind) => {
  test('R3.S1 a peer that disconnects takes only its own session with it', async () => {
    await expectUntouched(kind, async (setting) => {
      const { sessions } = setting.runtime.host;
      const peer = await setting.loginRaw('bob');
      const third = await setting.loginRaw('eve');
      const bob = sessions.getByPlayer('bob' as never)!;
      peer.drop();
      await setting.waitFor('loss', () => bob.state === 'reconnecting');
      expect(sessions.getByPlayer('eve' as never)?.state).toBe('logged-in');
      third.send({ kind: 'leave' });
      await setting.waitFor('leave', () => sessions.getByPlayer('eve' as never) === undefined);
      expect(bob.state).toBe('reconnecting');
      await setting.waitFor('window over', () => sessions.size === 1);
    });
  });

  test('R3.S1 an evicted peer is told, gone at once, and nobody else notices', async () => {
    await expectUntouched(kind, async (setting) => {
      const { host } = setting.runtime;
      const peer = await setting.loginRaw('bob');
      const bob = host.sessions.getByPlayer('bob' as never)!;
      expect(host.evict(bob, 'cheating')).toBe(true);
      expect(host.evict(bob, 'cheating')).toBe(false);
      expect(host.sessions.get(bob.peerId)).toBeUndefined();
      await setting.waitFor('the end', () => peer.isClosed);
      expect(peer.last('close')).toMatchObject({ code: 'evicted', message: 'cheating' });
      expect(peer.closeCode).toBe('evicted');
    });
  });

  test('R3.S1 late bytes of a removed peer create nothing', async () => {
    await expectUntouched(kind, async (setting) => {
      const { host } = setting.runtime;
      const peer = await setting.loginRaw('bob');
      const bob = host.sessions.getByPlayer('bob' as never)!;
      host.sessions.remove(bob, 'test');
      peer.login({ playerId: 'bob' });
      peer.send({ kind: 'leave' });
      await setting.waitFor('the end', () => peer.isClosed);
      await setting.passMs(100);
      expect([...host.sessions].map(({ playerId }) => playerId)).toEqual(['ada']);
    });
  });
});
