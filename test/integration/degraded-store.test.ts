import { describe, expect, test } from 'vitest';
import { Disk } from '../support/disk.ts';
import { enter, shoot, stateOf } from '../support/durable-play.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ServerProcess } from '../support/server-process.ts';

function hitsSeenBy(peer: RawPeer): number {
  return peer.all('combat-event').filter(({ event }) => event === 'hit').length;
}

describe('while the disk fails', () => {
  test('nobody is let in on a promise, and those inside play on', async () => {
    const disk = new Disk();
    const server = await ServerProcess.start(disk);
    const { anna, ben } = await enter(server);
    disk.state = 'failing';
    const late = await server.connect();
    late.login({ playerId: 'cid' });
    await server.waitFor('an answer', () => late.first('login-rejected') !== undefined);
    expect(late.first('login-rejected')).toMatchObject({ code: 'busy', retryable: true });
    shoot(anna, 'ben');
    await server.passMs(200);
    expect(stateOf(ben, 'ben')['hitPoints']).toBe(75);
    expect(server.noticesOf('store-health')).toMatchObject([
      { health: 'degraded', reason: 'failing' },
    ]);

    disk.state = 'well';
    await server.passMs(600);
    expect(server.noticesOf('store-health').at(-1)).toMatchObject({ health: 'healthy' });
    late.login({ playerId: 'cid' });
    await server.waitFor('cid is in', () => late.first('login-accepted') !== undefined);
    server.kill();
    // All that came while it failed is there: a checkpoint has followed.
    const next = await ServerProcess.start(disk);
    const back = await next.resume(ben);
    await next.passMs(60);
    expect(stateOf(back, 'ben')['hitPoints']).toBe(75);
    expect(back.first('resynced')?.ticksLost).toBe(0);
    expect(next.host.sessions.size).toBe(3);
    await next.stop();
  });

  test.each(['failing', 'answerless'] as const)(
    'a resume waits, and the session is as it was: %s',
    async (state) => {
      const disk = new Disk();
      const server = await ServerProcess.start(disk);
      const { anna } = await enter(server);
      anna.drop();
      await server.passMs(20);
      disk.state = state;
      const early = await server.resume(anna);
      expect(early.first('login-rejected')).toMatchObject({ code: 'busy', retryable: true });
      disk.state = 'well';
      await server.passMs(1_000);
      const back = await server.resume(anna);
      expect(back.first('login-accepted')).toMatchObject({ epoch: 2, isResumed: true });
      server.kill();
      const next = await ServerProcess.start(disk);
      const again = await next.resume(back);
      expect(again.first('login-accepted')?.epoch).toBe(3);
      await next.stop();
    },
  );

  test('a server that stops to be continued says that it could not write', async () => {
    const disk = new Disk();
    const server = await ServerProcess.start(disk);
    await server.login('anna');
    disk.state = 'failing';
    await server.passMs(200);
    await server.stop('keep');
    const messages = server.errors.map((error) => String(error));
    expect(messages).toContainEqual(
      expect.stringContaining('the last of 1 of 1 worlds is not kept'),
    );
  });

  test('a death costs the ticks since, never a session', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const { anna, ben } = await enter(first);
    disk.state = 'failing';
    shoot(anna, 'ben');
    await first.passMs(400);
    expect(stateOf(anna, 'ben')['hitPoints']).toBe(75);
    first.kill();
    disk.state = 'well';
    const second = await ServerProcess.start(disk);
    const back = await second.resume(anna);
    await second.resume(ben);
    await second.passMs(60);
    expect(stateOf(back, 'ben')['hitPoints']).toBe(100);
    expect(back.first('resynced')?.ticksLost).toBeGreaterThan(0);
    expect(second.noticesOf('ticks-lost')).not.toEqual([]);
    await second.stop();
  });

  test('a world that closes is deleted as soon as it can be, before one of its name', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk);
    const anna = await first.login('anna');
    await first.passMs(500);
    disk.state = 'failing';
    first.host.evict([...first.host.sessions][0]!);
    await first.passMs(2_500);
    expect(first.host.worldCount).toBe(0);
    expect(anna.closeCode).toBe('evicted');
    disk.state = 'well';
    await first.passMs(1_000);
    const ben = await first.login('ben');
    await first.passMs(300);
    first.kill();
    const second = await ServerProcess.start(disk);
    expect([...second.host.sessions].map(({ playerId }) => playerId)).toEqual(['ben']);
    expect(second.noticesOf('world-not-restored')).toEqual([]);
    const back = await second.resume(ben);
    expect(back.first('login-accepted')).toMatchObject({ entity: 1, isResumed: true });
    expect(back.first('resynced')?.ticksLost).toBe(0);
    await second.stop();
  });
});

describe("with journal: 'ahead'", () => {
  test('an outcome is told when its tick is durable; snapshots wait for nobody', async () => {
    const disk = new Disk();
    disk.delayMs = 120;
    const server = await ServerProcess.start(disk, { journal: 'ahead' });
    const { anna, ben } = await enter(server);
    shoot(anna, 'ben');
    await server.waitFor('the hit shows', () => stateOf(ben, 'ben')['hitPoints'] === 75);
    expect(hitsSeenBy(ben)).toBe(0);
    await server.passMs(250);
    expect(hitsSeenBy(ben)).toBe(1);
    expect(server.noticesOf('outcomes-not-durable')).toEqual([]);
    await server.stop();
  });

  test('no outcome that was told is undone by a kill', async () => {
    const disk = new Disk();
    const first = await ServerProcess.start(disk, { journal: 'ahead' });
    const { anna, ben } = await enter(first);
    disk.state = 'hanging';
    shoot(anna, 'ben');
    await first.passMs(300);
    expect(stateOf(ben, 'ben')['hitPoints']).toBe(75);
    expect(hitsSeenBy(ben)).toBe(0);
    first.kill();
    disk.state = 'well';
    const second = await ServerProcess.start(disk, { journal: 'ahead' });
    const back = await second.resume(ben);
    await second.passMs(60);
    expect(stateOf(back, 'ben')['hitPoints']).toBe(100);
    await second.stop();
  });

  test.each([
    ['failing', 60],
    // A commit that takes longer than a second is called slow.
    ['hanging', 1_300],
  ] as const)('nobody waits for a disk that is %s, and the operator knows', async (state, ms) => {
    const disk = new Disk();
    const server = await ServerProcess.start(disk, { journal: 'ahead' });
    const { anna, ben } = await enter(server);
    disk.state = state;
    await server.passMs(ms);
    shoot(anna, 'ben');
    await server.passMs(400);
    expect(hitsSeenBy(ben)).toBe(1);
    expect(server.noticesOf('outcomes-not-durable')).toMatchObject([{ worldId: 'field' }]);
    server.kill();
  });

  test('a stop that keeps the sessions tells all that it held', async () => {
    const disk = new Disk();
    disk.delayMs = 120;
    const first = await ServerProcess.start(disk, { journal: 'ahead' });
    const { anna, ben } = await enter(first);
    shoot(anna, 'ben');
    await first.waitFor('the hit shows', () => stateOf(ben, 'ben')['hitPoints'] === 75);
    await first.stop('keep');
    expect(hitsSeenBy(ben)).toBe(1);
    const second = await ServerProcess.start(disk, { journal: 'ahead' });
    const back = await second.resume(ben);
    expect(back.first('resynced')).toBeUndefined();
    expect(hitsSeenBy(back)).toBe(0);
    await second.stop();
  });
});
