import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { expectUntouched } from '../support/control-run.ts';
import { openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SETTINGS } from '../support/settings.ts';
import type { Setting, SettingKind } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

const REJECT = { policy: { ...SPEC_CONFIG.policy, takeover: 'reject' } } as const;

function sessionOf(setting: Setting, playerId: string): ManagedSession<{ name: string }> {
  const session = setting.runtime.host.sessions.getByPlayer(playerId as PlayerId);
  if (session === undefined) throw new Error(`no session of ${playerId}`);
  return session;
}

/** A second connection that logs in as bob and is told no. */
async function tryLogin(setting: Setting, worldId?: string): Promise<RawPeer> {
  const peer = await setting.connectRaw();
  peer.login({ playerId: 'bob', worldId });
  await setting.waitFor('a refusal', () => peer.first('login-rejected') !== undefined);
  return peer;
}

describe.each(SETTINGS)("takeover: 'reject' over $name", (kind: SettingKind) => {
  test('leaves the seat with the connection that lives, and says how long to wait', async () => {
    const setting = await openSetting(kind, REJECT);
    const { host } = setting.runtime;
    const older = await setting.loginRaw('bob');
    const session = sessionOf(setting, 'bob');
    await setting.passMs(300);

    const newer = await tryLogin(setting);
    const refusal = newer.first('login-rejected');
    expect(refusal).toMatchObject({ code: 'already-logged-in', retryable: true });
    expect(refusal?.retryAfterMs).toBeGreaterThan(0);
    expect(refusal?.retryAfterMs).toBeLessThanOrEqual(SPEC_CONFIG.policy.livenessTimeoutMs);
    expect(sessionOf(setting, 'bob')).toBe(session);
    expect(session).toMatchObject({ state: 'logged-in', epoch: 1 });
    expect(host.counters.loginsRefusedByCode.get('already-logged-in')).toBe(1);
    expect(host.sessions.counters['takeover-rejected']).toBe(1);

    // Whoever keeps the seat plays on.
    older.send(moveInput({ tick: older.serverTick + 2 }));
    await setting.waitFor('an ack', () => (older.last('input-ack')?.lastInputTick ?? 0) > 0);
    expect(older.isClosed).toBe(false);
    expect(newer.isClosed).toBe(false);
  });

  test('asks the older connection for a sign of life at once', async () => {
    const slow = { ...REJECT.policy, heartbeatIntervalMs: 3_000, livenessTimeoutMs: 8_000 };
    const setting = await openSetting(kind, { policy: slow });
    const older = await setting.loginRaw('bob');
    // Beyond the heartbeats with which every session begins.
    await setting.passMs(2_300);
    const before = older.all('heartbeat').length;
    await tryLogin(setting);
    await setting.waitFor('a heartbeat', () => older.all('heartbeat').length > before);
    expect(older.all('heartbeat')).toHaveLength(before + 1);
    const { lastLivenessAt } = sessionOf(setting, 'bob');
    if (kind.isExact) {
      await setting.passMs(10);
      expect(sessionOf(setting, 'bob').lastLivenessAt).toBeGreaterThanOrEqual(lastLivenessAt);
    }
  });

  test('gives way once the older one has been silent for too long', async () => {
    const setting = await openSetting(kind, REJECT);
    const older = await setting.loginRaw('bob');
    const first = sessionOf(setting, 'bob');
    older.answersHeartbeats = false;
    const newer = await tryLogin(setting);
    const waitMs = newer.first('login-rejected')!.retryAfterMs;
    // One tick more: silence is judged once per tick.
    await setting.passMs(waitMs + 60);
    newer.login({ playerId: 'bob' });
    await setting.waitFor('the login', () => newer.first('login-accepted') !== undefined);
    expect(newer.first('login-accepted')).toMatchObject({ sessionId: first.sessionId, epoch: 2 });
    await setting.waitFor('the older ends', () => older.isClosed);
  });

  test('gives way to who comes back after a loss, in the same seat', async () => {
    const setting = await openSetting(kind, REJECT);
    const older = await setting.loginRaw('bob');
    const first = sessionOf(setting, 'bob');
    older.drop();
    await setting.waitFor('the loss', () => first.state === 'reconnecting');
    const newer = await setting.loginRaw('bob');
    expect(newer.first('login-accepted')).toMatchObject({
      sessionId: first.sessionId,
      epoch: 2,
      entity: older.first('login-accepted')?.entity,
    });
  });

  test('creates no other world for who is not let in', async () => {
    const setting = await openSetting(kind, REJECT);
    await setting.loginRaw('bob', 'north');
    const newer = await tryLogin(setting, 'south');
    expect(newer.first('login-rejected')).toMatchObject({ code: 'already-logged-in' });
    expect(setting.runtime.host.worldCount).toBe(1);
  });

  test('uses up the attempts of the newcomer, whose connection is closed then', async () => {
    const setting = await openSetting(kind, REJECT);
    await setting.loginRaw('bob');
    const newer = await tryLogin(setting);
    for (const refusals of [2, 3]) {
      newer.login({ playerId: 'bob' });
      await setting.waitFor('no', () => newer.all('login-rejected').length === refusals);
    }
    await setting.waitFor('the end', () => newer.isClosed);
    expect(newer.closeCode).toBe('login-failed');
    expect(sessionOf(setting, 'bob')).toMatchObject({ state: 'logged-in', epoch: 1 });
  });

  test('lets the real client in as soon as the dead connection has been given up', async () => {
    const setting = await openSetting(kind, REJECT);
    const silence = { isOn: false };
    const first = await setting.connectPlayer('bob', { silence });
    const { sessionId } = first;
    silence.isOn = true;
    const second = await setting.connectPlayer('bob');
    expect(second).toMatchObject({ state: 'logged-in', sessionId, epoch: 2 });
    expect(second.stats.reconnects).toBe(0);
  });

  test('is nothing that anybody else could notice', async () => {
    await expectUntouched(
      kind,
      async (setting) => {
        await setting.loginRaw('bob');
        for (const world of ['field', 'elsewhere', 'field']) await tryLogin(setting, world);
      },
      { config: REJECT },
    );
  });
});
