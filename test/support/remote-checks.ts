/**
 * What has to hold of how others are shown when news are late, whichever build shows them:
 * simulated play over a line that falls silent again and again, seen frame by frame. In: a build.
 * Out: what is wrong with it.
 */
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { PredictionBuild } from './prediction-checks.ts';

const FRAME_MS = 1_000 / 60;
const FAULTS = { delayMs: 60, jitterMs: 30, lossRate: 0.02 };
/** 1.5 times what the speed limit allows in a frame, and what rounding adds. */
const STEP_METRES_MAX = 1.5 * 6 * (FRAME_MS / 1_000) + 0.001;
/** Who respawns jumps, and may; nobody is put less than that away. */
const JUMP_METRES = 1;
const SILENCES_COUNT = 12;
/** Half a tenth of a second longer than what is under way, shown late and guessed can take. */
const HOLDS_AFTER_MS = 90 + 100 + 100 + 50;
/** View ticks travel in sixteenths. */
const TICK_SLACK = 1 / 16;

/** Bob runs to and fro, Ada looks and shoots; empty = nothing is wrong. */
export async function checkOthers(build: PredictionBuild): Promise<readonly string[]> {
  const problems = new Set<string>();
  let newestTick = 0;
  const known = new Map<number, number>();
  const simulation = await build.createSimulation({
    seed: 9,
    faults: FAULTS,
    hasSyncLane: true,
    peers: [
      {
        name: 'ada',
        behaviour: ({ client }) => {
          const tick = client.shoot({ directionX: 1, directionY: 0 });
          if (tick !== undefined) known.set(tick, newestTick);
        },
      },
      {
        name: 'bob',
        behaviour: ({ client, tick }) => {
          const directionX = Math.floor(tick / 17) % 2 === 0 ? 1 : -1;
          client.sendMove({ directionX, directionY: 0, yaw: 0 });
        },
      },
    ],
    onJoined: ({ name, client }) => {
      if (name === 'ada') client?.on('snapshot', ({ tick }) => (newestTick = tick));
    },
    onVerdict: (_session, input) => {
      if (input.kind !== 'shoot-input' || !known.has(input.tick)) return;
      const isKnown = input.viewTick <= (known.get(input.tick) ?? 0) + TICK_SLACK;
      if (!isKnown) problems.add('claims to have seen what it does not know');
    },
  });
  const ada = simulation.peer('ada');
  const bobId = simulation.peer('bob').playerId as PlayerId;
  await simulation.waitUntil(() => ada.client?.players.size === 2);
  await simulation.advanceMs(2_000);
  let mustHold = false;
  let last: { readonly x: number; readonly y: number } | undefined;
  const look = (): void => {
    const bob = ada.client?.players.get(bobId);
    const metres = bob && last ? Math.hypot(bob.x - last.x, bob.y - last.y) : 0;
    if (metres > STEP_METRES_MAX && metres < JUMP_METRES) problems.add('is seen too fast');
    if (mustHold && metres > 0) problems.add('runs on without end');
    last = bob;
    simulation.schedule(FRAME_MS, look);
  };
  look();
  for (let silence = 0; silence < SILENCES_COUNT; silence += 1) {
    ada.line.partition('down');
    await simulation.advanceMs(HOLDS_AFTER_MS);
    mustHold = true;
    await simulation.advanceMs(50 * (silence % 4));
    mustHold = false;
    ada.line.heal();
    await simulation.advanceMs(1_700 + 37 * silence);
  }
  const { extrapolations = 0, extrapolatedMs = 0 } = ada.client?.stats ?? {};
  if (extrapolations < SILENCES_COUNT || extrapolatedMs < 100 * SILENCES_COUNT) {
    problems.add('is not guessed');
  }
  await simulation.stop();
  if (known.size < 100) problems.add('does not shoot');
  return [...problems];
}
