/**
 * Which goals of fair play were missed, and whether there was anything to measure. In: how far
 * everybody went, in ticks of movement at full speed; what an honest player lost. Out: problems.
 */
import { CHEAT_NAMES } from './tricks.ts';
import type { CheatName } from './tricks.ts';

const EXCESS_TICKS_MAX = 2;
const LOST_RATIO_MAX = 0.001;
/** The honest reference has moved nearly all the time. */
const HONEST_SHARE_MIN = 0.98;
/** Cheats that stand still prove nothing. */
const CHEAT_SHARE_MIN = 0.05;

export type Ways = Readonly<Record<CheatName | 'honest', number>>;

export interface FairPlayFigures {
  readonly ways: Ways;
  /** For how many ticks it was measured. */
  readonly ticks: number;
  readonly lostRatio: number;
}

export function judgeFairPlay({ ways, ticks, lostRatio }: FairPlayFigures): readonly string[] {
  const problems: string[] = [];
  if (!(ways.honest >= HONEST_SHARE_MIN * ticks)) {
    problems.push(`the honest player made ${ways.honest} of ${ticks} ticks: no reference`);
  }
  for (const name of CHEAT_NAMES) {
    const excess = ways[name] - ways.honest;
    if (!(excess <= EXCESS_TICKS_MAX)) problems.push(`${name} gained ${excess.toFixed(2)} ticks`);
    if (!(ways[name] >= CHEAT_SHARE_MIN * ticks)) problems.push(`${name} has hardly moved`);
  }
  if (!(lostRatio <= LOST_RATIO_MAX)) {
    problems.push(`an honest player lost ${lostRatio} of the inputs, over ${LOST_RATIO_MAX}`);
  }
  return problems;
}
