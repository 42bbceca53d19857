import { describe, expect, test } from 'vitest';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import { Disk } from '../support/disk.ts';
import { enter, fight, shoot, stateOf } from '../support/durable-play.ts';
import { ServerProcess } from '../support/server-process.ts';

describe('a server that is stopped and keeps its sessions', () => {
  test('tells the peers that it is draining, and comes back without a loss', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await fight(first);
    const before = stateOf(anna, 'ben');
    await first.stop('keep');
    expect([anna.closeCode, ben.closeCode]).toEqual(['draining', 'draining']);
    expect(anna.last('close')).toMatchObject({ code: 'draining', retryable: true });
    expect(first.host.sessions.size).toBe(0);

    const second = await ServerProcess.start(disk);
    const [restored] = second.noticesOf('world-restored');
    expect(restored?.tick).toBeGreaterThanOrEqual(anna.serverTick);
    expect(restored?.ticksReplayed).toBe(0);
    const back = await second.resume(anna);
    expect(back.first('login-accepted')).toMatchObject({ isResumed: true, epoch: 2, entity: 1 });
    expect(back.first('login-accepted')?.reliableReceived).toBeDefined();
    expect(back.first('resynced')).toBeUndefined();
    await second.passMs(60);
    expect(stateOf(back, 'ben')).toEqual(before);
    expect(second.noticesOf('ticks-lost')).toEqual([]);
    await second.stop();
  });

  test('has run every shot that it has counted, and takes none twice', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    const { tick } = anna.last('snapshot')!;
    await first.waitFor('the next tick', () => anna.serverTick > tick);
    shoot(anna, 'ben');
    await first.passMs(5);
    expect(anna.serverTick).toBe(tick + 1);
    const stopping = first.stop('keep');
    // This one comes too late, and is not counted: its client sends it again.
    shoot(anna, 'ben');
    await stopping;

    const second = await ServerProcess.start(disk);
    const back = await second.resume(ben);
    const annaBack = await second.resume(anna);
    await second.passMs(60);
    expect(stateOf(back, 'ben')['hitPoints']).toBe(75);
    expect(annaBack.first('login-accepted')?.reliableReceived).toBe(1);
    await second.stop();
  });

  test('says exactly how many events somebody misses whose connection was gone', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    ben.drop();
    await first.passMs(20);
    first.host.send('field', { name: 'note', payload: 'one' });
    first.host.send('field', { name: 'note', payload: 'two' });
    await first.passMs(100);
    await first.stop('keep');

    const second = await ServerProcess.start(disk);
    const benBack = await second.resume(ben);
    expect(benBack.first('resynced')).toMatchObject({ ticksLost: 0, eventsMissed: 2 });
    const annaBack = await second.resume(anna);
    expect(annaBack.first('resynced')).toBeUndefined();
    expect(anna.all('user-message')).toHaveLength(2);
    await second.stop();
  });

  test('keeps what is counted, whatever a subscriber says as the sessions end', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    first.host.sessions.subscribe(({ to, session }) => {
      const payload = `${session.playerId} is gone`;
      if (to === 'disconnected') first.host.send('field', { name: 'note', payload });
    });
    await first.stop('keep');

    const second = await ServerProcess.start(disk);
    for (const peer of [anna, ben]) {
      const back = await second.resume(peer);
      expect(back.first('login-accepted')?.reliableReceived).toBe(0);
      expect(back.first('resynced')).toBeUndefined();
    }
    await second.stop();
  });

  test('keeps nobody who is evicted while it writes', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    disk.delayMs = 500;
    await first.passMs(100);
    const stopping = first.runtime.stop({ sessions: 'keep' });
    await first.passMs(100);
    const session = [...first.host.sessions].find(({ playerId }) => playerId === 'ben');
    expect(first.host.evict(session!, 'evicted')).toBe(true);
    await first.until(stopping);
    expect([anna.closeCode, ben.closeCode]).toEqual(['draining', 'evicted']);

    disk.delayMs = 0;
    const second = await ServerProcess.start(disk);
    expect([...second.host.sessions].map(({ playerId }) => playerId)).toEqual(['anna']);
    const back = await second.resume(anna);
    await second.passMs(60);
    const { entity } = ben.first('login-accepted')!;
    expect(back.last('roster')?.left).toEqual([entity]);
    expect(back.last('snapshot')?.players).toHaveLength(1);
    await second.stop();
  });

  test('has its counts believed once: a successor that is killed has counted on', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    await first.stop('keep');
    const second = await ServerProcess.start(disk);
    await second.resume(ben);
    await second.login('cid');
    second.host.send('field', { name: 'note', payload: 'anna has to hear of this' });
    await second.passMs(300);
    second.kill();

    const third = await ServerProcess.start(disk);
    const back = await third.resume(anna);
    expect(back.first('login-accepted')?.reliableReceived).toBeUndefined();
    expect(back.first('resynced')).toMatchObject({ eventsMissed: undefined });
    expect(back.first('roster')?.entered.map(({ playerId }) => playerId)).toContain('cid');
    await third.stop();
  });

  test('has them believed once by a start that leaves room for who logs in, too', async () => {
    const disk = new Disk({ waitingSessionWritesMax: 600 });
    const first = await ServerProcess.start(disk);
    await first.login('anna');
    await first.passMs(100);
    await first.killAndEdit(async (store, { sessions }) => {
      for (let number = 2; number < 1_400; number += 1) {
        const sessionId = `session-${number}` as SessionId;
        const playerId = `player-${number}` as PlayerId;
        const worldId = `world-${number % 100}` as WorldId;
        const ids = { sessionId, playerId, worldId, entity: number };
        const reliable = { sent: 1, received: 0 };
        const put = store.putSession({ ...sessions[0]!, ...ids, reliable }, { expectedEpoch: 0 });
        if (number % 500 === 0) await put;
      }
    });
    const second = await ServerProcess.start(disk);
    await second.login('ben');
    await second.passMs(100);
    expect(second.noticesOf('store-health')).toEqual([]);
    await second.killAndEdit(async (_store, { sessions }) => {
      expect(sessions).toHaveLength(1_400);
      expect(sessions.filter(({ reliable }) => reliable !== undefined)).toEqual([]);
    });
  });

  test('has its counts believed where a start between has failed', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    await first.stop('keep');
    const transport = {
      start: () => Promise.reject(new Error('no port')),
      stop: () => Promise.resolve(),
    };
    await expect(ServerProcess.start(disk, { transports: [transport] })).rejects.toThrow('no port');
    const third = await ServerProcess.start(disk);
    const back = await third.resume(anna);
    expect(back.first('login-accepted')?.reliableReceived).toBe(0);
    expect(back.first('resynced')).toBeUndefined();
    await third.stop();
  });

  test('counts as killed where the disk does not take the last ticks', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    disk.state = 'failing';
    await first.stop('keep');
    expect(anna.closeCode).toBe('draining');
    expect(first.noticesOf('store-health')).toMatchObject([{ health: 'degraded' }]);

    disk.state = 'well';
    const second = await ServerProcess.start(disk);
    const back = await second.resume(anna);
    expect(back.first('login-accepted')?.reliableReceived).toBeUndefined();
    expect(back.first('resynced')).toMatchObject({ eventsMissed: undefined });
    await second.stop();
  });

  test('stops within seconds though the disk hangs', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    disk.state = 'hanging';
    await first.passMs(60);
    const startedAt = first.time.now();
    await first.stop('keep');
    expect(first.time.now() - startedAt).toBeLessThan(10_000);
    expect(anna.closeCode).toBe('draining');
    expect(first.errors).not.toEqual([]);
  });

  test('tells everybody that it is draining, though the disk holds up a login of theirs', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    disk.state = 'hanging';
    await first.passMs(100);
    const elsewhere = await first.connect();
    elsewhere.login({ playerId: 'anna' });
    await first.passMs(50);
    await first.stop('keep');
    const codes = [anna, ben, elsewhere].map(({ closeCode }) => closeCode);
    expect(codes).toEqual(['draining', 'draining', 'draining']);

    // The disk still holds on to it: its process ends now.
    first.kill();
    disk.state = 'well';
    const second = await ServerProcess.start(disk);
    const back = await second.resume(anna);
    expect(back.first('login-accepted')?.isResumed).toBe(true);
    await second.stop();
  });

  test('turns newcomers away meanwhile, for now and not for good', async () => {
    const disk = new Disk();
    disk.delayMs = 50;
    const first = await ServerProcess.start(disk);
    await first.login('anna');
    const late = await first.connect();
    const stopping = first.stop('keep');
    late.login({ playerId: 'ben' });
    await stopping;
    expect(late.first('login-accepted')).toBeUndefined();
    expect(late.closeCode).toBe('draining');
  });

  test('without a store ends them, as there is nobody to take them up', async () => {
    const server = await ServerProcess.start(undefined);
    const anna = await server.login('anna');
    await server.stop('keep');
    expect(anna.closeCode).toBe('server-stopped');
  });
});

describe('a server that is stopped', () => {
  test('leaves nothing in its store', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna } = await enter(first);
    await first.stop();
    expect(anna.closeCode).toBe('server-stopped');
    await first.killAndEdit(async (_store, contents) =>
      expect(contents).toEqual({ sessions: [], worlds: [] }),
    );
  });

  test('is told once how: the first word counts', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    await enter(first);
    void first.runtime.stop({ sessions: 'keep' });
    await first.stop('end');
    const second = await ServerProcess.start(disk);
    expect(second.host.sessions.size).toBe(2);
    await second.stop();
  });

  test('before it has opened its store leaves that alone', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    await enter(first);
    first.kill();
    const second = new ServerProcess(disk);
    const starting = second.runtime.start();
    starting.catch(() => undefined);
    await second.stop();
    await expect(starting).rejects.toMatchObject({ code: 'already-stopped' });
    const third = await ServerProcess.start(disk);
    expect(third.host.sessions.size).toBe(2);
    await third.stop();
  });

  test('by the loss of its store lets its players go to the new owner', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const anna = await first.login('anna');
    let isStopped = false;
    void first.runtime.stopped.then(() => (isStopped = true));
    disk.loseOwner();
    await first.passMs(3_000);
    expect(isStopped).toBe(true);
    expect(anna.closeCode).toBe('draining');
    expect(first.noticesOf('store-health')).toMatchObject([{ health: 'lost' }]);
  });
});
