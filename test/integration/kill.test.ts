import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ServerProcess } from '../support/server-process.ts';

const FIELDS = ['x', 'y', 'hitPoints', 'kills', 'deaths'] as const;

/** Goes right from the next tick on. */
function move(peer: RawPeer, count = 3): void {
  for (let ahead = 1; ahead <= count; ahead += 1) {
    const tick = peer.serverTick + ahead;
    peer.send({ kind: 'move-input', tick, directionX: 1, directionY: 0, yaw: 0 });
  }
}

function shoot(peer: RawPeer, targetPlayerId: string): void {
  const tick = peer.serverTick + 1;
  const aim = { targetPlayerId, directionX: 1, directionY: 0, viewTick: peer.serverTick };
  peer.send({ kind: 'shoot-input', tick, ...aim });
}

function stateOf(peer: RawPeer, playerId: string) {
  return Object.fromEntries(FIELDS.map((name) => [name, peer.fieldOf(playerId, name)]));
}

/** anna has hit ben, and has gone some way. */
async function fight(process: ServerProcess): Promise<{ anna: RawPeer; ben: RawPeer }> {
  const anna = await process.login('anna');
  const ben = await process.login('ben');
  await process.passMs(100);
  move(ben, 8);
  await process.passMs(500);
  shoot(anna, 'ben');
  move(anna);
  await process.passMs(400);
  return { anna, ben };
}

describe('a server that is killed', () => {
  test('has everybody back in the same entity, as they were', async () => {
    const store = new MemoryStore();
    const first = await ServerProcess.start(store);
    const { anna, ben } = await fight(first);
    const before = stateOf(anna, 'ben');
    expect(before['hitPoints']).toBeLessThan(100);
    expect(Object.values(before)).not.toContain(undefined);
    expect(first.errors).toEqual([]);
    first.kill();

    const second = await ServerProcess.start(store);
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
});
