/** Who takes part, as the command line has it; installs the peers when one of them does. */
import type { BenchOptions } from '../bench-options.ts';
import { installPeers } from '../processes/install-peers.ts';
import { CONTESTANTS } from './contestant.ts';
import type { Contestant } from './contestant.ts';

/** Ours alone, all of them with `--peers`, or those of `--only`. Throws for an unknown name. */
export function chooseContestants({ only, peers }: BenchOptions): readonly Contestant[] {
  const contestants = only === undefined ? ofGroup(peers) : named(only);
  if (contestants.some(({ group }) => group !== 'ours')) installPeers();
  return contestants;
}

function ofGroup(peers: boolean): readonly Contestant[] {
  return peers ? CONTESTANTS : CONTESTANTS.filter(({ group }) => group === 'ours');
}

function named(only: readonly string[]): readonly Contestant[] {
  const unknown = only.find((name) => CONTESTANTS.every((contestant) => contestant.name !== name));
  const names = CONTESTANTS.map(({ name }) => name).join(', ');
  if (unknown !== undefined) throw new RangeError(`--only ${unknown}: there are ${names}`);
  return CONTESTANTS.filter(({ name }) => only.includes(name));
}
