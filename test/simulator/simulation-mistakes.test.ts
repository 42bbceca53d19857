/** What a newcomer does wrong, and the words that say so. */
import { describe, expect, test } from 'vitest';
import { createDefaultAuthorities } from '../../src/authority/index.ts';
import { createSimulation } from '../../src/simulator/index.ts';
import type { SimulationOptions } from '../../src/simulator/index.ts';

/** The words with which a tenth of a second of it fails. */
async function failureOf(options: object): Promise<string> {
  try {
    const simulation = await createSimulation({ seed: 1, peers: 2, ...options });
    await simulation.advanceMs(100);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

describe('a mistake', () => {
  test.each<[string, Partial<Record<keyof SimulationOptions, unknown>>, string]>([
    ['a seed that is none', { seed: -1 }, 'seed must be a safe integer'],
    ['two peers of one name', { peers: ['ada', 'ada'] }, "a peer is called 'ada' already"],
    [
      'a hostile peer named like a player',
      { peers: ['ada'], hostile: [{ name: 'ada', kind: 'flood' }] },
      "a peer is called 'ada' already",
    ],
    ['a misspelt condition', { faults: { delay: 5 } }, 'delay is no condition of a line'],
    ['a rate beyond 1', { faults: { lossRate: 2 } }, 'lossRate must be from 0 to 1, not 2'],
    [
      'a policy that there is not',
      { policy: { takeover: 'ask' } },
      "policy.takeover is 'replace' or 'reject', not 'ask'",
    ],
    [
      'rules that are no list',
      { authorities: () => undefined },
      'createAuthorities: must return a list of authorities (seed 1, at 0 ms)',
    ],
    [
      'a hook that throws',
      {
        authenticate: () => {
          throw new Error('no database');
        },
      },
      'authenticate: no database (seed 1, at 0 ms)',
    ],
    [
      'a clock in a rule',
      {
        authorities: createDefaultAuthorities({
          rules: () => {
            Date.now();
            return [];
          },
        }),
      },
      'a simulation touched Date.now: rules have context.tick and context.random()',
    ],
  ])('%s is named', async (_, options, words) => {
    expect(await failureOf(options)).toContain(words);
  });

  test('a step that is not awaited is named', async () => {
    const simulation = await createSimulation({ seed: 1, peers: 1 });
    const steps = await Promise.allSettled([simulation.stepTicks(1), simulation.stepTicks(1)]);
    const { reason } = steps[1] as PromiseRejectedResult;
    expect(String(reason)).toContain('await the step before');
  });
});
