import { describe, expect, test } from 'vitest';
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import type { SessionId } from '../../src/protocol/ids.ts';
import { Disk } from '../support/disk.ts';
import { enter, fight, shoot, stateOf } from '../support/durable-play.ts';
import { Recorder } from '../support/recorder-rule.ts';
import { ServerProcess } from '../support/server-process.ts';

/** Kills the process when its last ticks are not on the disk, which is well again after that. */
async function killBehindDisk(process: ServerProcess, disk: Disk, ms: number): Promise<void> {
  disk.state = 'hanging';
  await process.passMs(ms);
  process.kill();
  disk.state = 'well';
}

describe('a server that is killed', () => {
  test('has everybody back in the same entity, as they were', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await fight(first);
    const before = stateOf(anna, 'ben');
    expect(before['hitPoints']).toBeLessThan(100);
    expect(Object.values(before)).not.toContain(undefined);
    expect(first.errors).toEqual([]);
    first.kill();

    const second = await ServerProcess.start(disk);
    expect(second.noticesOf('sessions-restored')).toMatchObject([{ count: 2, dropped: 0 }]);
    expect(second.noticesOf('world-restored')).toHaveLength(1);
    for (const session of second.host.sessions) {
      expect([session.state, session.lastCause]).toEqual(['reconnecting', 'server-restarted']);
    }
    const back = await second.resume(anna);
    const benBack = await second.resume(ben);
    await second.passMs(100);
    const accepted = anna.first('login-accepted');
    expect(back.first('login-accepted')).toMatchObject({
      sessionId: accepted?.sessionId,
      entity: accepted?.entity,
      epoch: 2,
      isResumed: true,
      reliableReceived: undefined,
    });
    expect(back.first('resynced')).toMatchObject({ ticksLost: 0, eventsMissed: undefined });
    expect(benBack.first('login-accepted')?.entity).toBe(ben.first('login-accepted')?.entity);
    expect(stateOf(back, 'ben')).toEqual(before);
    expect(stateOf(back, 'anna')).toEqual(stateOf(anna, 'anna'));
    expect(second.errors).toEqual([]);
    await second.stop();
  });

  test('remembers cooldowns: nobody shoots twice because it died', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    shoot(anna, 'ben');
    await first.passMs(60);
    first.kill();

    const second = await ServerProcess.start(disk);
    const back = await second.resume(anna);
    await second.passMs(60);
    shoot(back, 'ben');
    await second.passMs(120);
    expect(back.all('combat-event')).toMatchObject([{ event: 'shoot-rejected', code: 'cooldown' }]);
    await second.stop();
  });

  test('says how many ticks it has lost, to the player and to the operator', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    const keptTick = anna.serverTick;
    await killBehindDisk(first, disk, 300);
    const seenTick = anna.serverTick;

    const second = await ServerProcess.start(disk);
    const restored = second.noticesOf('world-restored')[0]?.tick ?? 0;
    expect(restored).toBeGreaterThanOrEqual(keptTick);
    expect(restored).toBeLessThan(seenTick);
    const ticksLost = seenTick - restored;
    const back = await second.resume(anna);
    expect(back.first('resynced')).toMatchObject({ fromTick: restored, ticksLost });
    await second.resume(ben);
    expect(second.noticesOf('ticks-lost')).toEqual([
      { kind: 'ticks-lost', worldId: 'field', ticks: ticksLost },
    ]);
    await second.passMs(60);
    expect(back.serverTick).toBeGreaterThan(restored);
    expect(back.serverTick).toBeLessThan(seenTick);
    await second.stop();
  });

  test('tells who stays away over two kills what the first has taken', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    await killBehindDisk(first, disk, 300);
    const seenTick = anna.serverTick;

    const second = await ServerProcess.start(disk);
    const restored = second.noticesOf('world-restored')[0]?.tick ?? 0;
    // The ticks that were lost run once more, without Anna.
    await second.passMs(1_000);
    const benBack = await second.resume(ben);
    await second.passMs(100);
    second.kill();

    const third = await ServerProcess.start(disk);
    const restoredAgain = third.noticesOf('world-restored')[0]?.tick ?? 0;
    expect(restoredAgain).toBeGreaterThan(seenTick);
    const back = await third.resume(anna);
    const ticksLost = seenTick - restored;
    expect(ticksLost).toBeGreaterThan(0);
    expect(back.first('resynced')).toMatchObject({ fromTick: restored, ticksLost });
    const benAgain = await third.resume(benBack);
    expect(benAgain.first('resynced')).toMatchObject({ fromTick: restoredAgain });
    await third.stop();
  });

  test('gives the entity back to who joined in a tick that was lost', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    await enter(first);
    const late = await first.login('cid');
    await killBehindDisk(first, disk, 200);

    const second = await ServerProcess.start(disk);
    const back = await second.resume(late);
    expect(back.first('login-accepted')).toMatchObject({ entity: 3, isResumed: true });
    const next = await second.login('dan');
    expect(next.first('login-accepted')?.entity).toBe(4);
    await second.stop();
  });

  test('lets nobody back whom the world has seen going', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { ben } = await enter(first);
    const record = await first.killAndEdit(async (_store, { sessions }) =>
      sessions.find(({ playerId }) => playerId === 'ben'),
    );
    const second = await ServerProcess.start(disk);
    const leaving = await second.resume(ben);
    leaving.send({ kind: 'leave' });
    await second.waitFor('ben is told', () => leaving.isClosed);
    await second.passMs(60);
    expect(leaving.closeCode).toBe('left');
    // As if the server had died before it could delete the record.
    await second.killAndEdit((store) => store.putSession(record!, { expectedEpoch: 0 }));

    const third = await ServerProcess.start(disk);
    expect([...third.host.sessions].map(({ playerId }) => playerId)).toEqual(['anna']);
    const refused = await third.resume(leaving);
    expect(refused.first('login-rejected')?.code).toBe('resume-refused');
    await third.killAndEdit(async (_store, { sessions }) => expect(sessions).toHaveLength(1));
  });

  test('gives everybody a full window, and forgets who does not come', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    await enter(first);
    first.kill();
    const second = await ServerProcess.start(disk);
    await second.passMs(4_900);
    expect(second.host.sessions.size).toBe(2);
    await second.passMs(200);
    expect(second.host.sessions.size).toBe(0);
    expect(second.host.worldCount).toBe(0);
    second.kill();
    const third = await ServerProcess.start(disk);
    expect(third.notices).toEqual([]);
    await third.stop();
  });

  test('takes one session of each player, whatever a store of somebody else says', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    await first.login('anna');
    await first.passMs(100);
    await first.killAndEdit(async (store, { sessions }) => {
      const other = { ...sessions[0]!, sessionId: 'other' as SessionId, entity: 9 };
      await store.putSession(other, { expectedEpoch: 0 });
    });
    const second = await ServerProcess.start(disk);
    expect(second.noticesOf('sessions-restored')).toMatchObject([{ count: 1, dropped: 1 }]);
    await second.passMs(20);
    await second.killAndEdit(async (_store, { sessions }) => expect(sessions).toHaveLength(1));
  });

  test('may die again at any moment of the next start', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await fight(first);
    first.kill();
    for (let death = 0; death < 3; death += 1) {
      const next = await ServerProcess.start(disk);
      await next.passMs(death * 30);
      next.kill();
    }
    const last = await ServerProcess.start(disk);
    const back = await last.resume(anna);
    await last.passMs(60);
    expect(stateOf(back, 'anna')).toEqual(stateOf(anna, 'anna'));
    await last.stop();
  });
});

describe('a world that does not come back as it was', () => {
  test('goes on from its checkpoint where its rules are others now, which is said', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk, { checkpointIntervalMs: 60_000 });
    const { anna } = await enter(first);
    first.kill();
    const createAuthorities = createDefaultAuthorities({ movement: { speedMetresPerSecond: 1 } });
    const second = await ServerProcess.start(disk, { createAuthorities });
    const [loss] = second.noticesOf('world-not-restored');
    expect(loss).toMatchObject({ worldId: 'field', error: { code: 'replay-diverged' } });
    expect(second.noticesOf('world-restored')).toMatchObject([{ ticksReplayed: 0 }]);
    const back = await second.resume(anna);
    expect(back.first('login-accepted')?.entity).toBe(1);
    await second.passMs(600);
    second.kill();
    // What was written since is of one history.
    const third = await ServerProcess.start(disk, { createAuthorities });
    expect(third.noticesOf('world-not-restored')).toEqual([]);
    await third.stop();
  });

  test('begins anew where it has other rules, and everybody keeps session and entity', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    first.kill();
    const createAuthorities = createDefaultAuthorities({
      rules: () => [
        Object.assign(new Recorder(), {
          checkpoint: () => new Uint8Array(),
          restore: () => undefined,
        }),
      ],
    });
    const second = await ServerProcess.start(disk, { createAuthorities });
    expect(second.noticesOf('world-not-restored')).toMatchObject([
      { error: { code: 'world-state-foreign' } },
    ]);
    const benBack = await second.resume(ben);
    const annaBack = await second.resume(anna);
    expect(benBack.first('login-accepted')?.entity).toBe(2);
    expect(annaBack.first('login-accepted')?.entity).toBe(1);
    expect(annaBack.first('resynced')).toMatchObject({ fromTick: 0 });
    await second.stop();
  });
});

describe('a start that fails', () => {
  test('leaves the store as it was: rules that throw, a transport that does not start', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    first.kill();
    const broken = ServerProcess.start(disk, {
      createAuthorities: () => {
        throw new Error('not today');
      },
    });
    await expect(broken).rejects.toThrow('not today');
    const transport = {
      start: () => Promise.reject(new Error('no port')),
      stop: () => Promise.resolve(),
    };
    await expect(ServerProcess.start(disk, { transports: [transport] })).rejects.toThrow('no port');
    const last = await ServerProcess.start(disk);
    const back = await last.resume(anna);
    expect(back.first('login-accepted')?.isResumed).toBe(true);
    await last.stop();
  });

  test('because the store is in use says so, and the owner goes on', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const inUse = expect.objectContaining({ code: 'store-in-use' });
    await expect(ServerProcess.start(disk)).rejects.toEqual(inUse);
    const anna = await first.login('anna');
    expect(anna.isOpen).toBe(true);
    await first.stop();
  });
});
