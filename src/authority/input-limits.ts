/** Bounds of what a peer may have waiting in a world; the interface is part of the contract. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { InputLimits } from './authority.ts';
import { checkNumberOption } from './option-check.ts';

export const DEFAULT_INPUT_LIMITS: InputLimits = Object.freeze({
  inputAheadTicksMax: 8,
  inputHoldTicksMax: 2,
  pendingInputsMax: 8,
});

/** Fills in the defaults; throws HoldfastError('invalid-configuration') naming the option. */
export function validateInputLimits(limits: Partial<InputLimits> = {}): InputLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  for (const [name] of given) {
    if (Object.hasOwn(DEFAULT_INPUT_LIMITS, name)) continue;
    throw new HoldfastError('invalid-configuration', `inputLimits.${name} is not an option`);
  }
  const all: InputLimits = { ...DEFAULT_INPUT_LIMITS, ...Object.fromEntries(given) };
  checkNumberOption('inputLimits.inputAheadTicksMax', all.inputAheadTicksMax, {
    min: 1,
    max: 1_024,
    isInteger: true,
  });
  checkNumberOption('inputLimits.inputHoldTicksMax', all.inputHoldTicksMax, {
    min: 0,
    max: 1_024,
    isInteger: true,
  });
  checkNumberOption('inputLimits.pendingInputsMax', all.pendingInputsMax, {
    min: 1,
    max: 1_024,
    isInteger: true,
  });
  return all;
}
