/** How much of a world can outlive its process, and why not more. */
import { isPrng } from '../base/prng.ts';
import type { Authority } from './authority.ts';

export interface WorldRecovery {
  /**
   * `journal`: the checkpoint and every tick after it. `checkpoint`: the state then, and nothing of
   * what came after. `nothing`: the world begins anew.
   */
  readonly from: 'journal' | 'checkpoint' | 'nothing';
  /** Why not more, for a log; empty with `journal`. */
  readonly reasons: readonly string[];
}

/** What the rules of a world, and its generator, allow. */
export function assessRecovery(
  authorities: readonly Authority[],
  random: () => number,
): WorldRecovery {
  const missing = authorities
    .filter((authority) => authority.checkpoint === undefined)
    .map(({ name }) => `the authority '${name}' has no checkpoint()`);
  if (!isPrng(random)) missing.push('the state of its random numbers cannot be read');
  if (missing.length > 0) return { from: 'nothing', reasons: missing };
  const unsteady = authorities
    .filter(({ isDeterministic }) => isDeterministic === false)
    .map(({ name }) => `the authority '${name}' is not deterministic`);
  return { from: unsteady.length > 0 ? 'checkpoint' : 'journal', reasons: unsteady };
}
