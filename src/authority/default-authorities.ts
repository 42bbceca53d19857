/** The shipped rules of a world, movement then combat, and after them a game's own. */
import type { ArenaGeometry } from './arena-geometry.ts';
import type { Authority, CreateAuthorities, WorldContext } from './authority.ts';
import { CombatAuthority } from './combat-authority.ts';
import { createCombatRules, type CombatOptions } from './combat-options.ts';
import { MovementAuthority } from './movement-authority.ts';
import type { MovementOptions } from './movement-options.ts';

/** The shipped authorities of one world, for rules that build on them. */
export interface ShippedAuthorities {
  readonly movement: MovementAuthority;
  readonly combat: CombatAuthority;
}

export interface DefaultAuthoritiesOptions {
  /** Default: a plain field of 40 m × 24 m. */
  readonly geometry?: ArenaGeometry;
  readonly movement?: Omit<MovementOptions, 'geometry'>;
  readonly combat?: CombatOptions;
  /** A game's own rules; they step after movement and combat. Default: none. */
  readonly rules?: (context: WorldContext, shipped: ShippedAuthorities) => readonly Authority[];
}

/**
 * What `createAuthorities` of a host defaults to. Options are checked when a world is created:
 * HoldfastError('invalid-configuration') naming the option.
 */
export function createDefaultAuthorities(
  options: DefaultAuthoritiesOptions = {},
): CreateAuthorities {
  return (context) => {
    const { geometry } = options;
    // What shots look back to has to be remembered.
    const { rewind } = createCombatRules(options.combat ?? {}, context.tickRateHz);
    const movement = new MovementAuthority(context, {
      historyMs: rewind.rewindMsMax,
      ...options.movement,
      ...(geometry === undefined ? {} : { geometry }),
    });
    const combat = new CombatAuthority(context, { ...options.combat, battlefield: movement });
    return [movement, combat, ...(options.rules?.(context, { movement, combat }) ?? [])];
  };
}
