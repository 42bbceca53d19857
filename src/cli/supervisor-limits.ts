/** When a supervisor gives up, and how long it waits; with their defaults. */
import { checkNumberOption } from '../authority/option-check.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';

export interface SupervisorLimits {
  /** So many deaths within `deathWindowMs` end the supervisor. Default 5. */
  readonly deathsMax: number;
  /** Milliseconds. Default 10,000. */
  readonly deathWindowMs: number;
  /** From the wish to end to SIGKILL. Milliseconds. Default 10,000. */
  readonly endTimeoutMs: number;
}

const DEFAULTS: SupervisorLimits = Object.freeze({
  deathsMax: 5,
  deathWindowMs: 10_000,
  endTimeoutMs: 10_000,
});
const DEATHS_MOST = 1_000;
/** A day. Milliseconds. */
const DURATION_MOST_MS = 86_400_000;

/** Fills in the defaults; throws HoldfastError('invalid-configuration') naming the option. */
export function validateSupervisorLimits(limits: Partial<SupervisorLimits> = {}): SupervisorLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (Object.hasOwn(DEFAULTS, name)) continue;
    throw new HoldfastError('invalid-configuration', `limits.${name} is not an option`);
  }
  const all: SupervisorLimits = { ...DEFAULTS, ...Object.fromEntries(given) };
  const count = { min: 1, max: DEATHS_MOST, isInteger: true };
  const duration = { min: 1, max: DURATION_MOST_MS };
  checkNumberOption('limits.deathsMax', all.deathsMax, count);
  checkNumberOption('limits.deathWindowMs', all.deathWindowMs, duration);
  checkNumberOption('limits.endTimeoutMs', all.endTimeoutMs, duration);
  return all;
}
