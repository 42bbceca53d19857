/**
 * Whether a window of measurement can be believed. In: what others used of the machine, the bound,
 * how busy the generator was. Out: what speaks against it, in words; nothing = believed.
 */
export interface WindowUse {
  /** Parts of one core, used by processes that are not ours. */
  readonly foreignCores: number;
  readonly stealCores: number;
  /** Parts of its core. */
  readonly generatorCores: number;
}

export interface WindowBound {
  /** Foreign CPU and steal, each, as a part of one core. */
  readonly disturbanceCoresMax: number;
  readonly generatorCoresMax: number;
}

export function judgeWindow(use: WindowUse, bound: WindowBound): string[] {
  const { disturbanceCoresMax, generatorCoresMax } = bound;
  const found: string[] = [];
  if (use.foreignCores > disturbanceCoresMax) {
    found.push(`others used ${percentOf(use.foreignCores)} of a core`);
  }
  if (use.stealCores > disturbanceCoresMax) {
    found.push(`the hypervisor took ${percentOf(use.stealCores)} of a core`);
  }
  if (use.generatorCores > generatorCoresMax) {
    found.push(`the generator used ${percentOf(use.generatorCores)} of its core`);
  }
  return found;
}

function percentOf(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
