/** Why a simulation failed: what was thrown or found, when, and the seed that repeats it. */
import { RealTimeError } from './real-time-trap.ts';

export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly seed: number;
  /** Virtual ms since the start. */
  readonly atMs: number;

  constructor(seed: number, atMs: number, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`${what} (seed ${seed}, at ${Math.round(atMs * 1_000) / 1_000} ms)`, { cause });
    this.seed = seed;
    this.atMs = atMs;
  }

  /** Something touched a real clock, a real timer or real randomness. */
  get isOfRealTime(): boolean {
    for (let error: unknown = this.cause; error instanceof Error; error = error.cause) {
      if (error instanceof RealTimeError) return true;
    }
    return false;
  }
}
