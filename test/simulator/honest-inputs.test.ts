/** How many inputs an honest player loses on a bad line whose lane for them loses packets. */
import { expect, test } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';

const NAMES = ['ada', 'bob', 'cleo', 'dan'];
/** 100 ± 30 ms one way, a packet in twenty lost. */
const BAD_LINE = { delayMs: 70, jitterMs: 60, lossRate: 0.05 };
const LOST_RATIO_MAX = 0.001;

/** Ticks of inputs that each player sent within half a minute, and those that ran. */
async function play(seed: number, lossRate: number) {
  const sent = new Set<string>();
  const ran = new Set<string>();
  let isCounting = false;
  const simulation = await createSimulation({
    seed,
    peers: NAMES,
    hasSyncLane: true,
    faults: { ...BAD_LINE, lossRate },
    behaviour:
      (name) =>
      ({ client }) => {
        const tick = client.sendMove({ directionX: 1, directionY: 0, yaw: 0 });
        if (isCounting && tick !== undefined) sent.add(`${name} ${tick}`);
      },
    onVerdict: ({ playerId }, input, { outcome }) => {
      const isMove = input.kind === 'move-input' && outcome === 'accepted';
      if (isMove) ran.add(`${playerId} ${input.tick}`);
    },
  });
  await simulation.advanceMs(5_000);
  isCounting = true;
  await simulation.advanceMs(30_000);
  isCounting = false;
  await simulation.advanceMs(1_000);
  await simulation.stop();
  const lost = [...sent].filter((each) => !ran.has(each));
  return { sent: sent.size, lost: lost.length };
}

// Together: a run of half a minute has three packets in a row lost once or never, as chance will.
test('at 100 ± 30 ms and 5 percent of loss at most a thousandth is lost', async () => {
  let [allSent, allLost] = [0, 0];
  for (const seed of [1, 2, 3]) {
    const { sent, lost } = await play(seed, BAD_LINE.lossRate);
    expect(sent).toBeGreaterThan(2_300);
    allSent += sent;
    allLost += lost;
  }
  expect(allLost / allSent).toBeLessThanOrEqual(LOST_RATIO_MAX);
});

test('what is counted sees a loss: where half of all packets is lost, copies do not help', async () => {
  const { sent, lost } = await play(1, 0.5);
  expect(lost / sent).toBeGreaterThan(LOST_RATIO_MAX);
});
