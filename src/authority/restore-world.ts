/**
 * Brings a world back in another process: its checkpoint, then every tick that was written down
 * after it. In: bytes as they were kept. Out: the world as it was after the last of them, or an
 * error and no world: never a part of one.
 */
import type { WorldOptions } from './world-options.ts';
import { World } from './world.ts';

export interface RestoreWorldOptions extends Omit<WorldOptions, 'checkpoint'> {
  /** Records of the ticks after the checkpoint, in order, without a hole. Default: none. */
  readonly journal?: Iterable<Uint8Array>;
}

/**
 * The options are those of the world that the bytes are of. Its players wait for `resumePlayer`;
 * inputs that had not run are gone with their connections. Throws HoldfastError
 * `world-state-corrupt`, `world-state-version-mismatch`, `world-state-foreign` (other rules,
 * another world or tick), `world-not-restorable`, `replay-diverged` (a rule did something else than
 * the first time; the checkpoint alone may still be good), and what the world's constructor throws.
 */
export function restoreWorld(checkpoint: Uint8Array, options: RestoreWorldOptions): World {
  const { journal = [], ...worldOptions } = options;
  const world = new World({ ...worldOptions, checkpoint });
  for (const record of journal) world.replay(record);
  return world;
}
