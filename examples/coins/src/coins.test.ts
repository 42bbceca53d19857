/** The game in the simulator, as its author would test it: eight players, bad lines, many seeds. */
import { readFile } from 'node:fs/promises';
import { createDefaultAuthorities } from 'holdfast/authority';
import type { Authority, MovementAuthority, WorldContext } from 'holdfast/authority';
import {
  combineBehaviours,
  createLeaver,
  createSimulation,
  createWalker,
} from 'holdfast/simulator';
import { describe, expect, it } from 'vitest';
import { createCoinCheck } from './coin-check.ts';
import { CoinRule } from './coin-rule.ts';
import { FirstDraft } from './first-draft.ts';

type Rule = new (context: WorldContext, movement: MovementAuthority) => Authority;

/** Half a minute of play; rejects with what went wrong. */
async function play(rule: Rule, seed: number): Promise<void> {
  const simulation = await createSimulation({
    seed,
    peers: 8,
    authorities: createDefaultAuthorities({
      rules: (context, { movement }) => [new rule(context, movement)],
    }),
    behaviour: () => combineBehaviours(createWalker(), createLeaver()),
    faults: { delayMs: 40, jitterMs: 30, lossRate: 0.02 },
    checks: [createCoinCheck()],
  });
  await simulation.advanceMs(30_000);
  await simulation.stop();
  simulation.expectNoLeaks();
}

describe('coins', () => {
  it('are kept, whoever comes and goes', async () => {
    for (const seed of [1, 2]) await play(CoinRule, seed);
  }, 60_000);

  it('were not kept in the first draft of the rule, and a seed repeats how', async () => {
    const failure = await play(FirstDraft, 1).catch((error: unknown) => String(error));
    expect(failure).toMatch(/check 'coins are kept': peer-\d .* coins.* \(seed 1, at \d+ ms\)/);
    expect(await play(FirstDraft, 1).catch(String)).toBe(failure);
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(failure);
  }, 60_000);
});
