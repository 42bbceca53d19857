/**
 * What a display of 60 Hz shows of a simulated player: its own place, frame by frame. In: a
 * simulation and a peer's name. Out: frames, and when each input was first seen.
 */
import type { Simulation } from '../../src/simulator/simulation.ts';

const FRAME_MS = 1_000 / 60;

export interface Frame {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** Begins to look; the array grows while time moves on. Frames without oneself are left out. */
export function watchFrames(simulation: Simulation, name: string, frameMs = FRAME_MS): Frame[] {
  const frames: Frame[] = [];
  const look = (): void => {
    const self = simulation.peer(name).client?.self;
    if (self !== undefined) frames.push({ at: simulation.time.now(), x: self.x, y: self.y });
    simulation.schedule(frameMs, look);
  };
  simulation.schedule(frameMs, look);
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
