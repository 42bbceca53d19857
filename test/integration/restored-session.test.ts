import { describe, expect, test } from 'vitest';
import { crc32 } from '../../src/base/crc32.ts';
import type { ComebackStage } from '../support/comeback-stage.ts';
import { openComebackStage } from '../support/comeback-stage.ts';
import type { DurableStage } from '../support/durable-stage.ts';
import { DURABLE_POLICY, openDurable, seatBob } from '../support/durable-stage.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import type { SettingConfig } from '../support/settings.ts';
import { MEMORY } from '../support/settings.ts';
import { moveInput } from '../support/world-fixture.ts';

/** The host stops and keeps its sessions; another one goes on with its store. */
async function succeed(stage: DurableStage, config: SettingConfig = {}): Promise<ComebackStage> {
  await stage.setting.until(stage.setting.runtime.stop({ sessions: 'keep' }));
  const { store } = stage.disk;
  // Another process draws other ids.
  const randomStreams = (purpose: string) =>
    new SeededRandom(crc32(new TextEncoder().encode(`successor: ${purpose}`)));
  const policy = DURABLE_POLICY;
  return openComebackStage(MEMORY, { policy, store, randomStreams, ...config });
}

/** Bob has lost the connection, and everything of it is on the disk. */
async function loseBob(stage: DurableStage): Promise<RawPeer> {
  const bob = await seatBob(stage);
  await stage.drop(bob, 'bob');
  return bob;
}

describe('a session of an earlier process', () => {
  test('has a seat and no connection, takes no place at the door and none at an address', async () => {
    const before = await openDurable();
    const bob = await loseBob(before);
    const limits = { preLoginConnectionsMax: 1, sessionsPerAddressMax: 1 };
    const { setting, host, sessionOf } = await succeed(before, { limits });
    const session = sessionOf('bob');
    expect(session).toMatchObject({
      sessionId: bob.first('login-accepted')?.sessionId,
      state: 'reconnecting',
      lastCause: 'server-restarted',
      epoch: 1,
    });
    expect(host.inspect(session)).toMatchObject({ address: '', pendingBytes: 0 });
    const eve = await setting.loginRaw('eve');
    expect(eve.isClosed).toBe(false);
    await setting.waitFor('a snapshot', () => eve.fieldOf('bob', 'x') !== undefined);
    expect(eve.fieldOf('bob', 'isSuspended')).toBe(1);
    const { entity } = bob.first('login-accepted')!;
    expect(eve.entityOf('bob')).toBe(entity);
    expect(eve.first('login-accepted')?.entity).toBeGreaterThan(entity);
  });

  test('comes back by the token that its player holds, into the same entity', async () => {
    const before = await openDurable();
    const bob = await loseBob(before);
    const after = await succeed(before);
    const back = await after.comeBack(bob);
    const { sessionId, entity } = bob.first('login-accepted')!;
    expect(back.first('login-accepted')).toMatchObject({ sessionId, entity, epoch: 2 });
    expect(after.host.inspect(after.sessionOf('bob'))?.address).not.toBe('');
    back.send(moveInput({ tick: back.serverTick + 2 }));
    await after.setting.waitFor('an ack', () => back.first('input-ack') !== undefined);
    expect(await after.answerOf(await after.resume(bob))).toMatchObject({
      code: 'resume-refused',
    });
  });

  test('knows the token whose successor was never heard of, and those that are spent', async () => {
    const before = await openDurable();
    const first = await seatBob(before);
    const second = await before.comeBack(first);
    await before.setting.passMs(200);
    const mute = await before.setting.connectRaw();
    mute.answersHeartbeats = false;
    mute.resume(second);
    await before.answerOf(mute);
    const after = await succeed(before);
    expect(await after.answerOf(await after.resume(first))).toMatchObject({
      code: 'resume-refused',
    });
    expect(after.notices.map(({ kind }) => kind)).toContain('token-reused');
    const back = await after.comeBack(second);
    expect(back.first('login-accepted')).toMatchObject({ epoch: 4 });
  });

  test('is taken over by a login, which counts at its address from then on', async () => {
    const before = await openDurable();
    const bob = await loseBob(before);
    const after = await succeed(before, { limits: { sessionsPerAddressMax: 1 } });
    const newer = await after.setting.loginRaw('bob');
    const { sessionId, entity } = bob.first('login-accepted')!;
    expect(newer.first('login-accepted')).toMatchObject({ sessionId, entity, epoch: 2 });
    const other = await after.setting.connectRaw();
    other.login({ playerId: 'eve' });
    expect(await after.answerOf(other)).toMatchObject({ code: 'address-full' });
  });

  test('that nobody comes for ends with its window, and its record with it', async () => {
    const before = await openDurable();
    await loseBob(before);
    const policy = { ...DURABLE_POLICY, reconnectWindowMs: 400 };
    const { setting, host } = await succeed(before, { policy });
    await setting.passMs(350);
    expect(host.sessions.size).toBe(1);
    await setting.passMs(200);
    expect(host.sessions.size).toBe(0);
    expect(host.worldCount).toBe(0);
    expect(await before.disk.sessions()).toEqual([]);
  });
});
