/**
 * A game's rules that throw: at an input of a victim, or in a tick of a world that is doomed. In:
 * the honest rules of a world. Out: the same, gone bad where the options say so.
 */
import type { Authority, CreateAuthorities } from '../../authority/authority.ts';
import type { ManagedSession } from '../../session/managed-session.ts';

export interface HostileRulesOptions {
  /** Asked at each input that runs; throws where the rule is to throw. */
  readonly handleInput: (session: ManagedSession) => void;
  /** Asked in each tick; throws where the world is to end. */
  readonly step: (worldId: string, tick: number) => void;
}

export function hostileRules(
  inner: CreateAuthorities,
  options: HostileRulesOptions,
): CreateAuthorities {
  return (context) => {
    const authorities = inner(context);
    for (const authority of authorities) goBad(authority, context.worldId, options);
    return authorities;
  };
}

/** Deliberate: the object itself is changed, so that rules that know each other still do. */
function goBad(authority: Authority, worldId: string, options: HostileRulesOptions): void {
  const handleInput = authority.handleInput.bind(authority);
  const step = authority.step.bind(authority);
  authority.handleInput = (session, input) => {
    options.handleInput(session);
    return handleInput(session, input);
  };
  authority.step = (tick) => {
    const events = step(tick);
    options.step(worldId, tick);
    return events;
  };
}
