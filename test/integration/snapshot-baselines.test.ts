/** From which baseline a connection is told its snapshots, over ordered lanes and others. */
import { describe, expect, test } from 'vitest';

import { openMemory } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';

const UNORDERED = { syncLane: {} };

/** The last ages, the newest last. */
function lastAges({ baselineAges }: RawPeer, count: number): number[] {
  return baselineAges.slice(-count);
}

/** The newest snapshot as the world has it: a difference that went wrong would show. */
function seesItself(peer: RawPeer): boolean {
  const entity = peer.first('login-accepted')?.entity;
  return peer.last('snapshot')?.players.some((player) => player.entity === entity) === true;
}

async function openStage(network = {}) {
  const setting = await openMemory({}, network);
  const peer = await setting.loginRaw('ada');
  await setting.waitFor('snapshots', () => peer.baselineAges.length >= 5);
  return { setting, peer, counters: setting.runtime.host.counters };
}

describe('an ordered connection', () => {
  test('is told the whole first, and then what has changed since the last', async () => {
    const { peer } = await openStage();
    expect(peer.baselineAges.slice(0, 5)).toEqual([0, 1, 1, 1, 1]);
    expect(seesItself(peer)).toBe(true);
  });

  test('that has lost its way is told the whole once', async () => {
    const { setting, peer } = await openStage();
    peer.send({ kind: 'snapshot-ack', tick: 0, earlier: 0 });
    const before = peer.baselineAges.length;
    await setting.waitFor('more', () => peer.baselineAges.length >= before + 4);
    expect(lastAges(peer, 5).filter((age) => age === 0)).toHaveLength(1);
  });

  test('is told the whole first after a resume, by the same player and by another', async () => {
    const { setting, peer } = await openStage();
    const next = await setting.connectRaw();
    next.resume(peer);
    await setting.waitFor('the resume', () => next.baselineAges.length >= 3);
    expect(next.baselineAges.slice(0, 3)).toEqual([0, 1, 1]);
    const last = await setting.connectRaw();
    last.resume(next);
    await setting.waitFor('another', () => last.baselineAges.length >= 3);
    expect(last.baselineAges.slice(0, 3)).toEqual([0, 1, 1]);
  });

  test('that reads slowly goes on from what was written last', async () => {
    const network = { windowBytes: 64 };
    const setting = await openMemory({ limits: { syncBufferedBytesMax: 1 } }, network);
    const peer = await setting.loginRaw('ada');
    await setting.waitFor('snapshots', () => peer.baselineAges.length >= 3);
    peer.pauseReading();
    await setting.passMs(400);
    peer.resumeReading();
    const before = peer.baselineAges.length;
    await setting.waitFor('more', () => peer.baselineAges.length >= before + 6);
    const ticks = peer.all('snapshot').map(({ tick }) => tick);
    const gaps = ticks.map((tick, index) => tick - (ticks[index - 1] ?? tick));
    expect(Math.max(...gaps)).toBeGreaterThan(1);
    // A difference is from the one before it, or there is none that it could be from.
    const isRight = (age: number, index: number): boolean => age === gaps[index] || age === 0;
    expect(peer.baselineAges.map(isRight)).not.toContain(false);
    expect(setting.runtime.host.counters.slowConsumers).toBe(0);
  });
});

describe('a connection that may lose', () => {
  test('is told the whole until it acknowledges', async () => {
    const { setting, peer } = await openStage(UNORDERED);
    expect(new Set(peer.baselineAges)).toEqual(new Set([0]));
    const tick = peer.serverTick;
    peer.send({ kind: 'snapshot-ack', tick, earlier: 0 });
    await setting.waitFor('a rung', () => lastAges(peer, 1)[0] !== 0);
    const [age = 0] = lastAges(peer, 1);
    expect((peer.last('snapshot')?.tick ?? 0) - age).toBe(tick);
    expect(seesItself(peer)).toBe(true);
  });

  test('is told the whole again once what it has is too old', async () => {
    const { setting, peer } = await openStage(UNORDERED);
    peer.send({ kind: 'snapshot-ack', tick: peer.serverTick, earlier: 0b111 });
    await setting.waitFor('a rung', () => lastAges(peer, 1)[0] !== 0);
    await setting.passMs(21 * 50);
    expect(lastAges(peer, 1)).toEqual([0]);
  });

  test('that says it has what was never sent is not believed, and has a strike', async () => {
    const { setting, peer, counters } = await openStage(UNORDERED);
    peer.send({ kind: 'snapshot-ack', tick: peer.serverTick + 1_000, earlier: 0 });
    peer.send({ kind: 'snapshot-ack', tick: peer.serverTick, earlier: 0xffff_ffff });
    await setting.passMs(300);
    expect(counters.falseAcknowledgements).toBe(2);
    expect(new Set(peer.baselineAges)).toEqual(new Set([0]));
    for (let lies = 0; lies < 40; lies += 1) {
      peer.send({ kind: 'snapshot-ack', tick: Number.MAX_SAFE_INTEGER, earlier: 1 });
    }
    await setting.waitFor('the end', () => peer.isClosed);
    expect(peer.last('close')?.code).toBe('protocol-error');
  });

  test('with the shipped client acknowledges what comes, and nobody suspects it', async () => {
    const suspicions: unknown[] = [];
    const onSuspicion = (_: unknown, suspicion: unknown): void => void suspicions.push(suspicion);
    const setting = await openMemory({ onSuspicion }, UNORDERED);
    const client = await setting.connectPlayer('ada');
    const { counters } = setting.runtime.host;
    client.on('input-tick', () => client.sendMove({ directionX: 1, directionY: 0, yaw: 0 }));
    await setting.waitFor('snapshots', () => client.stats.snapshotsReceived >= 40);
    expect(client.stats.framesRejected).toBe(0);
    expect(counters.overBudgetMessages).toBe(0);
    expect(counters.falseAcknowledgements).toBe(0);
    expect(suspicions).toEqual([]);
    expect(client.stats.bytesReceived / client.stats.framesReceived).toBeLessThan(40);
  });
});

test('an acknowledgement before login is out of place', async () => {
  const setting = await openMemory();
  const peer = await setting.connectRaw();
  peer.send({ kind: 'snapshot-ack', tick: 0, earlier: 0 });
  await setting.passMs(100);
  expect(setting.runtime.host.counters.misplacedMessages).toBe(1);
});

test('whatever 30 receivers have, a world is encoded 9 times a tick at most', async () => {
  const setting = await openMemory({}, UNORDERED);
  const { counters } = setting.runtime.host;
  const peers: RawPeer[] = [];
  for (let index = 0; index < 30; index += 1) peers.push(await setting.loginRaw(`p${index}`));
  await setting.passMs(1_500);
  peers.forEach((peer, index) => {
    peer.send({ kind: 'snapshot-ack', tick: peer.serverTick - index, earlier: 0 });
  });
  const [ticks, encoded] = [counters.ticks, counters.snapshotsEncoded];
  await setting.passMs(500);
  const perTick = (counters.snapshotsEncoded - encoded) / (counters.ticks - ticks);
  expect(perTick).toBeGreaterThan(2);
  expect(perTick).toBeLessThanOrEqual(9);
});
