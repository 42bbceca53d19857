/**
 * What has to hold of a predicting client, whichever build it is from: simulated play, seen frame
 * by frame. In: a build. Out: what is wrong with it.
 */
import type * as Client from '../../src/client/index.node.ts';
import type * as Simulator from '../../src/simulator/index.ts';

export interface PredictionBuild {
  readonly predictMovement: typeof Client.predictMovement;
  readonly createSimulation: typeof Simulator.createSimulation;
}

const FRAME_MS = 1_000 / 60;
/** Twice what full speed allows in a frame: a change of the lead fades. */
const STEP_METRES_MAX = 2 * 6 * (FRAME_MS / 1_000);
const FAULTS = { delayMs: 60, jitterMs: 30 };

export async function loadPredictionBuild(dist: URL): Promise<PredictionBuild> {
  const [{ predictMovement }, { createSimulation }] = await Promise.all([
    import(new URL('client/index.node.js', dist).href) as Promise<typeof Client>,
    import(new URL('simulator/index.js', dist).href) as Promise<typeof Simulator>,
  ]);
  return { predictMovement, createSimulation };
}

/** A walk with pauses between inputs, a resume in the middle of it; empty = nothing is wrong. */
export async function checkWalk(build: PredictionBuild): Promise<readonly string[]> {
  const problems = new Set<string>();
  const simulation = await build.createSimulation({
    seed: 3,
    faults: FAULTS,
    prediction: build.predictMovement(),
    // Not the default: the client has it from the server.
    inputLimits: { inputHoldTicksMax: 1 },
    peers: [
      {
        name: 'ada',
        behaviour: ({ client, tick }) => {
          // Two of four are left out, one more than is held; and each other second she rests.
          if (tick % 4 < 2) return;
          const speed = Math.floor(tick / 20) % 2;
          const angle = Math.floor(tick / 40);
          const directionX = speed * Math.cos(angle);
          client.sendMove({ directionX, directionY: speed * Math.sin(angle), yaw: 0 });
        },
      },
    ],
  });
  const ada = simulation.peer('ada');
  let last: { readonly x: number; readonly y: number } | undefined;
  const look = (): void => {
    const self = ada.client?.self;
    const isIn = ada.isLoggedIn && self !== undefined;
    if (isIn && last !== undefined) {
      if (Math.hypot(self.x - last.x, self.y - last.y) > STEP_METRES_MAX) problems.add('jumps');
    }
    last = isIn ? { x: self.x, y: self.y } : undefined;
    simulation.schedule(FRAME_MS, look);
  };
  await simulation.waitUntil(() => ada.client?.self !== undefined);
  await simulation.advanceMs(2_000);
  look();
  for (const isLast of [false, true]) {
    await simulation.advanceMs(10_000);
    const { correctionMetresMax = 1, predictedTicks = 0 } = ada.client?.stats ?? {};
    if (correctionMetresMax > 0.01) problems.add('is corrected');
    if (predictedTicks < 3 || predictedTicks > 12) problems.add('has lost the present');
    if (isLast) break;
    ada.dropConnection();
    await simulation.waitUntil(() => ada.isLoggedIn);
  }
  // The way there becomes longer, also while she walks: the lead grows, and with it the present.
  for (let delayMs = 90; delayMs <= 240; delayMs += 30) {
    ada.line.setConditions('up', 'both', { ...FAULTS, delayMs });
    await simulation.advanceMs(1_300);
  }
  await simulation.stop();
  return [...problems];
}

/** Shots over a line that breaks for longer than an answer is shown. */
export async function checkShots(build: PredictionBuild): Promise<readonly string[]> {
  const open = new Map<number, number>();
  const simulation = await build.createSimulation({
    seed: 3,
    faults: FAULTS,
    peers: [
      {
        name: 'ada',
        behaviour: ({ client, tick }) => {
          if (tick % 10 === 0) client.shoot({ directionX: 1, directionY: 0 });
        },
      },
    ],
    onJoined: ({ client }) => {
      client?.on('shot', ({ tick, outcome }) => {
        open.set(tick, (open.get(tick) ?? 0) + (outcome === 'predicted' ? 0 : 1));
      });
    },
  });
  const ada = simulation.peer('ada');
  await simulation.waitUntil(() => ada.isLoggedIn);
  await simulation.advanceMs(3_000);
  ada.line.partition('both');
  await simulation.advanceMs(8_000);
  ada.line.heal();
  await simulation.advanceMs(5_000);
  await simulation.stop();
  const ends = [...open.values()];
  if (ends.length < 5) return ['does not shoot'];
  return ends.every((count) => count === 1) ? [] : ['ends a shot never, or twice'];
}
