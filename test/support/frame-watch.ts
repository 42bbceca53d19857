/**
 * What a display of 60 Hz shows a simulated player, of itself or of another, frame by frame. In: a
 * simulation and names. Out: frames.
 */
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';

const FRAME_MS = 1_000 / 60;

export interface Frame {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** Begins to look; the array grows while time moves on. Frames without `of` are left out. */
export function watchFrames(simulation: Simulation, name: string, of = name): Frame[] {
  const frames: Frame[] = [];
  const look = (): void => {
    const { client } = simulation.peer(name);
    const { playerId } = simulation.peer(of);
    const view = of === name ? client?.self : client?.players.get(playerId as PlayerId);
    if (view !== undefined) frames.push({ at: simulation.time.now(), x: view.x, y: view.y });
    simulation.schedule(FRAME_MS, look);
  };
  simulation.schedule(FRAME_MS, look);
  return frames;
}

/** The longest way between two frames, in metres. */
export function longestStep(frames: readonly Frame[]): number {
  return frames.reduce((longest, { x, y }, index) => {
    const before = frames[index - 1];
    return before === undefined
      ? longest
      : Math.max(longest, Math.hypot(x - before.x, y - before.y));
  }, 0);
}
