import { describe, expect, test } from 'vitest';
import { WorldFixture } from '../../test/support/world-fixture.ts';
import { SnapshotDecoder } from '../protocol/snapshot-decoder.ts';
import { SnapshotFeed } from './snapshot-feed.ts';
import { SnapshotReceipts } from './snapshot-receipts.ts';

function stage(steps = 40) {
  const world = new WorldFixture({ players: { ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 } } });
  const step = (): void => {
    world.move('ann');
    world.step();
  };
  for (let count = 0; count < steps; count += 1) step();
  return { world: world.world, step, feed: new SnapshotFeed(world.world.snapshot.history) };
}

/** An ordered connection to which those ticks were written. */
function has(...ticks: readonly number[]): SnapshotReceipts {
  const receipts = new SnapshotReceipts(true);
  for (const tick of ticks) receipts.noteWritten(tick);
  return receipts;
}

describe('SnapshotFeed', () => {
  test('tells the whole to who has nothing, and what has changed to who has the one before', () => {
    const { world, feed, step } = stage();
    const decoder = new SnapshotDecoder(world.snapshotFields);
    const whole = feed.frameFor(has());
    expect(decoder.decode(whole.bytes)).toMatchObject({ tick: world.tick });
    const { tick } = world;
    step();
    const next = feed.frameFor(has(tick));
    expect(next.bytes.length).toBeLessThan(whole.bytes.length);
    const { rows, entities } = world.snapshot;
    const players = rows.map((fields, index) => ({ entity: entities[index], fields }));
    expect(decoder.decode(next.bytes)).toEqual({ kind: 'snapshot', tick: tick + 1, players });
  });

  test('receivers with one baseline share one frame, which is made once', () => {
    const { world, feed } = stage();
    const first = feed.frameFor(has(world.tick - 1));
    const before = feed.encodings;
    expect(feed.frameFor(has(world.tick - 1))).toBe(first);
    expect(feed.frameFor(has(3, world.tick - 1))).toBe(first);
    expect(feed.encodings).toBe(before);
    expect(first.stamp).toBe(world.tick);
  });

  test('whatever receivers have, 9 frames are made of a snapshot at most', () => {
    const { world, feed } = stage();
    for (let tick = 0; tick <= world.tick; tick += 1) feed.frameFor(has(tick));
    expect(feed.encodings).toBe(9);
  });

  test('takes the newest of what a receiver has', () => {
    const { world, feed } = stage();
    const receipts = new SnapshotReceipts(false);
    for (let tick = 1; tick < world.tick; tick += 1) receipts.noteWritten(tick);
    const { tick } = world;
    receipts.acknowledge({ tick: tick - 3, earlier: 0b10 });
    expect(feed.frameFor(receipts)).toBe(feed.frameFor(has(tick - 3)));
    expect(feed.frameFor(receipts)).not.toBe(feed.frameFor(has(tick - 2)));
  });

  test('the frames of a tick are gone with the next', () => {
    const { feed, step } = stage();
    const first = feed.frameFor(has());
    step();
    expect(feed.frameFor(has())).not.toBe(first);
  });
});
