/** Prediction over the production server: a player who turns and stops, seen frame by frame. */
import { expect, test } from 'vitest';

import { predictMovement } from '../../src/client/predict-movement.ts';
import type { Correction } from '../../src/client/prediction.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import type { LineFaults, SimulationOptions } from '../../src/simulator/simulation-options.ts';
import { longestStep, watchFrames } from '../support/frame-watch.ts';
import type { Frame } from '../support/frame-watch.ts';

/** Full speed. */
const METRES_PER_MS = 0.006;
const FRAME_MS = 1_000 / 60;

interface Start {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

interface Play {
  readonly simulation: Simulation;
  readonly frames: readonly Frame[];
  readonly corrections: readonly Correction[];
  /** Inputs with which a player who stood began to walk, and where it was seen then. */
  readonly starts: readonly Start[];
}

/** Ada walks about a second each way, with rests; she is logged in for two seconds. */
async function play(faults: LineFaults, options: Partial<SimulationOptions> = {}): Promise<Play> {
  const corrections: Correction[] = [];
  const starts: Start[] = [];
  let isWalking = false;
  const simulation: Simulation = await createSimulation({
    seed: 5,
    faults,
    prediction: predictMovement(),
    peers: [
      {
        name: 'ada',
        behaviour: ({ client, tick, random }) => {
          const wasWalking = isWalking;
          if (random() < 0.08) isWalking = !isWalking;
          const angle = Math.floor(tick / 40);
          const speed = isWalking ? 1 : 0;
          const self = client.self;
          const move = { directionX: speed * Math.cos(angle), directionY: speed * Math.sin(angle) };
          const isSent = client.sendMove({ ...move, yaw: 0 }) !== undefined;
          if (!isSent || self === undefined || wasWalking || !isWalking) return;
          starts.push({ at: simulation.time.now(), x: self.x, y: self.y });
        },
      },
    ],
    onJoined: (peer) => {
      peer.client?.on('correction', (correction) => corrections.push(correction));
    },
    ...options,
  });
  await simulation.waitUntil(() => simulation.peer('ada').isLoggedIn);
  await simulation.advanceMs(2_000);
  corrections.length = 0;
  starts.length = 0;
  return { simulation, frames: watchFrames(simulation, 'ada'), corrections, starts };
}

async function end(simulation: Simulation): Promise<void> {
  await simulation.stop();
  simulation.expectNoLeaks();
}

/** Until the first frame that shows her elsewhere, in ms, for each start. */
function firstFramesMs({ frames, starts }: Play): number[] {
  return starts.slice(0, -1).map(({ at, x, y }) => {
    const first = frames.find(
      (frame) => frame.at > at && Math.hypot(frame.x - x, frame.y - y) > 1e-6,
    );
    return (first?.at ?? Infinity) - at;
  });
}

test.each([
  ['no delay', {}],
  ['150 ms', { delayMs: 75 }],
  ['150 ms with jitter', { delayMs: 60, jitterMs: 30 }],
])('over %s nothing is ever corrected, and each move shows within a frame', async (_, faults) => {
  const played = await play(faults);
  await played.simulation.advanceMs(30_000);
  expect(played.corrections).toEqual([]);
  const firsts = firstFramesMs(played);
  expect(firsts.length).toBeGreaterThan(10);
  expect(Math.max(...firsts)).toBeLessThanOrEqual(FRAME_MS + 0.01);
  // The lead walks now and then, and what it changes fades while she walks.
  expect(longestStep(played.frames)).toBeLessThan(1.5 * FRAME_MS * METRES_PER_MS);
  await end(played.simulation);
});

test.each([0, 1, 5])('a gap of three ticks is predicted, where %i are held', async (ticks) => {
  const simulation = await createSimulation({
    seed: 5,
    faults: { delayMs: 60, jitterMs: 30 },
    prediction: predictMovement(),
    inputLimits: { inputHoldTicksMax: ticks },
    peers: [
      {
        name: 'ada',
        behaviour: ({ client, tick }) => {
          const angle = Math.floor(tick / 40);
          const move = { directionX: Math.cos(angle), directionY: Math.sin(angle), yaw: 0 };
          if (tick % 10 > 2) client.sendMove(move);
        },
      },
    ],
  });
  await simulation.waitUntil(() => simulation.peer('ada').client?.self !== undefined);
  await simulation.advanceMs(20_000);
  const stats = simulation.peer('ada').client?.stats;
  expect(stats?.predictedTicks).toBeGreaterThan(2);
  expect(stats?.correctionMetresMax).toBeLessThan(0.01);
  await end(simulation);
});

test('over a lossy line a correction is at most what a lost turn costs, and fades', async () => {
  const played = await play({ delayMs: 60, jitterMs: 30, lossRate: 0.02 }, { hasSyncLane: true });
  await played.simulation.advanceMs(60_000);
  const stats = played.simulation.peer('ada').client?.stats;
  expect(stats?.correctionMetresMax).toBeLessThan(1);
  expect(longestStep(played.frames)).toBeLessThan(3 * FRAME_MS * METRES_PER_MS);
  await end(played.simulation);
});

test('after a resume, a reload and a takeover oneself is where the server has it', async () => {
  const played = await play({ delayMs: 75 });
  const { simulation } = played;
  const ada = simulation.peer('ada');
  for (const leave of [
    () => ada.dropConnection(),
    () => ada.reload(),
    () => ada.crash({ forgets: true }),
  ]) {
    const { epoch } = ada.client ?? { epoch: 0 };
    leave();
    if (ada.node.isStopped) ada.restart();
    await simulation.waitUntil(() => ada.isLoggedIn && (ada.client?.epoch ?? 0) > epoch);
    await simulation.waitUntil(() => ada.client?.self !== undefined);
    await simulation.advanceMs(1_000);
    const { predictedTicks = 0, correctionMetresMax = 1 } = ada.client?.stats ?? {};
    expect(predictedTicks).toBeGreaterThan(3);
    expect(predictedTicks).toBeLessThan(12);
    expect(correctionMetresMax).toBeLessThan(0.01);
  }
  await end(simulation);
});

test.each([
  ['jitter', { delayMs: 35, jitterMs: 60 }],
  ['a stream that loses', { delayMs: 60, jitterMs: 30, lossRate: 0.02 }],
])('over %s another is never seen faster than 1.5 times the speed limit', async (_, faults) => {
  const simulation = await createSimulation({ seed: 7, faults, peers: ['ada', 'bob'] });
  await simulation.waitUntil(() => simulation.peer('ada').client?.players.size === 2);
  await simulation.advanceMs(2_000);
  const frames = watchFrames(simulation, 'ada', 'bob');
  await simulation.advanceMs(60_000);
  expect(frames.length).toBeGreaterThan(3_000);
  // Who respawns jumps, and may.
  const steps = frames.slice(1).map(({ x, y }, index) => {
    const { x: beforeX = 0, y: beforeY = 0 } = frames[index] ?? {};
    return Math.hypot(x - beforeX, y - beforeY);
  });
  const limit = 1.5 * FRAME_MS * METRES_PER_MS;
  const jumps = steps.filter((metres) => metres > limit + 0.001);
  expect(jumps.filter((metres) => metres < 1)).toEqual([]);
  expect(Math.max(...steps)).toBeGreaterThan(FRAME_MS * METRES_PER_MS);
  await end(simulation);
});
