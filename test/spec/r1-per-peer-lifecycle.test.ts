import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/protocol/ids.ts';
import { expectUntouched } from '../support/control-run.ts';
import { SETTINGS } from '../support/settings.ts';

describe.each(SETTINGS)('R1 over $name', { timeout: 30_000 }, (kind) => {
  test('R1.S1 two peers are two sessions, and the life of one never shows in the other', async () => {
    await expectUntouched(kind, async (setting, witness) => {
      const { sessions } = setting.runtime.host;
      const own = sessions.getByPlayer('ada' as never)!;
      const peer = await setting.connectRaw();
      await setting.waitFor('two sessions', () => sessions.size === 2);
      const other = [...sessions].find((session) => session !== own)!;
      expect(other.sessionId).not.toBe(own.sessionId);
      expect(other.peerId).not.toBe(own.peerId);
      expect([own.state, other.state]).toEqual(['logged-in', 'transport-connected']);
      expect(sessions.get(other.peerId)).toBe(other);
      expect(sessions.get(own.peerId)).toBe(own);
      expect(sessions.get('nobody' as PeerId)).toBeUndefined();

      peer.login({ playerId: 'refuse' });
      await setting.waitFor('refusal', () => peer.first('login-rejected') !== undefined);
      expect([own.state, other.state]).toEqual(['logged-in', 'login-failed']);

      peer.login({ playerId: 'bob' });
      await setting.waitFor('acceptance', () => peer.first('login-accepted') !== undefined);
      expect([own.state, other.state]).toEqual(['logged-in', 'logged-in']);
      expect(sessions.getByPlayer('bob' as never)).toBe(other);

      peer.drop();
      await setting.waitFor('loss', () => other.state === 'reconnecting');
      expect(own.state).toBe('logged-in');
      expect(witness.client.state).toBe('logged-in');
    });
  });
});
