import { describe, expect, test } from 'vitest';
import type { CommitFate } from '../../src/store/memory-engine.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ServerProcess } from '../support/server-process.ts';

const DISK_MS = 40;

/** A disk that takes its time, and fails when the test says so. */
class Disk {
  fate: CommitFate = {};
  readonly store = new MemoryStore({ drawFate: () => this.fate });
}

function notesOf(peer: RawPeer): string[] {
  return peer.all('user-message').map(({ payload }) => JSON.parse(payload) as string);
}

/** Anna and Ben; the disk is slow from now on. */
async function open(journal: 'ahead' | 'behind', limits = {}) {
  const disk = new Disk();
  const process = await ServerProcess.start(disk.store, { journal, limits });
  const anna = await process.login('anna');
  const ben = await process.login('ben');
  await process.waitFor('both', () => anna.entityOf('ben') !== undefined);
  await process.passMs(200);
  disk.fate = { delayMs: DISK_MS };
  return { disk, process, anna, ben };
}

/** A refusal that anna is told of at the next tick. Answers the tick that tells. */
function misfire({ anna }: { readonly anna: RawPeer }): void {
  const tick = anna.serverTick + 1;
  const targetPlayerId = 'nobody' as PlayerId;
  const aim = { directionX: 1, directionY: 0, viewTick: anna.serverTick };
  anna.send({ kind: 'shoot-input', tick, targetPlayerId, ...aim });
}

describe("with journal: 'ahead'", () => {
  test('an outcome leaves when its tick is durable, a snapshot at once', async () => {
    const scene = await open('ahead');
    const { process, anna } = scene;
    misfire(scene);
    const seen: string[] = [];
    anna.onMessage = (message) => {
      if (message.kind === 'snapshot') seen.push(`snapshot ${message.tick}`);
      if (message.kind === 'combat-event') seen.push(`event ${message.tick}`);
    };
    await process.waitFor('the refusal', () => anna.first('combat-event') !== undefined);
    const [tick] = anna.all('combat-event').map((event) => event.tick);
    expect(seen.indexOf(`snapshot ${tick}`)).toBeGreaterThanOrEqual(0);
    expect(seen.indexOf(`event ${tick}`)).toBeGreaterThan(seen.indexOf(`snapshot ${tick}`));
    expect(process.noticesOf('outcomes-not-durable')).toEqual([]);
    await process.stop();
  });

  test('what is said after an outcome comes after it, to everybody', async () => {
    const scene = await open('ahead');
    const { process, anna, ben } = scene;
    misfire(scene);
    await process.passMs(50);
    expect(anna.first('combat-event')).toBeUndefined();
    process.host.send('field', { name: 'note', payload: 'behind' });
    await process.waitFor(
      'the note',
      () => notesOf(ben).length === 1 && notesOf(anna).length === 1,
    );
    const kinds = anna.received.map(({ kind }) => kind);
    expect(kinds.indexOf('combat-event')).toBeLessThan(kinds.indexOf('user-message'));
    await process.stop();
  });

  test('nobody has seen an outcome that a kill undoes', async () => {
    const scene = await open('ahead');
    const { disk, process, anna } = scene;
    misfire(scene);
    await process.passMs(50);
    const { serverTick } = anna;
    process.kill();
    disk.fate = {};
    expect(anna.first('combat-event')).toBeUndefined();
    const next = await ServerProcess.start(disk.store, { journal: 'ahead' });
    const back = await next.resume(anna);
    const resynced = back.first('resynced');
    expect(resynced).toMatchObject({ eventsMissed: undefined, reliableSent: 0 });
    expect(resynced?.ticksLost).toBe(serverTick - resynced!.fromTick);
    expect(resynced?.ticksLost).toBeGreaterThan(0);
    await next.stop();
  });

  test('whoever comes back while a tick is held gets its outcomes once', async () => {
    const scene = await open('ahead');
    const { process, anna } = scene;
    misfire(scene);
    await process.passMs(50);
    expect(anna.first('combat-event')).toBeUndefined();
    anna.drop();
    const back = await process.resume(anna);
    await process.passMs(200);
    expect(back.all('combat-event')).toHaveLength(1);
    expect(back.all('resynced')).toEqual([]);
    await process.stop();
  });

  test('more than may wait leaves early, and the operator hears of it', async () => {
    const scene = await open('ahead', { heldOutcomeBytesMax: 100 });
    const { disk, process, ben } = scene;
    disk.fate = { delayMs: 900 };
    misfire(scene);
    await process.passMs(50);
    const said = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
    for (const payload of said) process.host.send('field', { name: 'note', payload });
    await process.passMs(10);
    expect(notesOf(ben)).toEqual(said);
    expect(process.host.counters.outcomesReleasedEarly).toBe(1);
    expect(process.noticesOf('outcomes-not-durable')).toMatchObject([{ worldId: 'field' }]);
    await process.stop();
  });
});

describe("with journal: 'behind'", () => {
  test('an outcome waits for no disk', async () => {
    const scene = await open('behind');
    scene.disk.fate = { delayMs: 900 };
    misfire(scene);
    await scene.process.passMs(60);
    expect(scene.anna.all('combat-event')).toHaveLength(1);
    await scene.process.stop();
  });
});
