/** Drawn scenarios, changed in what must change nothing, and what each change would find. */
import { describe, expect, test } from 'vitest';

import type { RunResult } from '../../src/simulator/run-result.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { runScenario } from '../../src/simulator/scenario-run.ts';
import { drawScenario } from '../../src/simulator/swarm.ts';
import { runVariation } from '../../src/simulator/variation-run.ts';
import { PeerRemoval, REMOVAL_MOMENTS } from '../../src/simulator/variations/peer-removal.ts';
import { removePeer } from '../../src/simulator/variations/remove-peer.ts';
import { renamePeers } from '../../src/simulator/variations/rename-peers.ts';
import { reorderJoins } from '../../src/simulator/variations/reorder-joins.ts';
import { stepWallClock } from '../../src/simulator/variations/step-wall-clock.ts';
import { substitutePeers } from '../../src/simulator/variations/substitute-peers.ts';
import type { VariationOutcome } from '../../src/simulator/variations/variation.ts';

const TIME_MS_MAX = 60_000;

const VARIATIONS = { stepWallClock, substitutePeers, renamePeers, reorderJoins, removePeer };

/** The first seconds of a drawn run: enough to be in, to play and to be in trouble. */
function drawShort(seed: number): Scenario {
  return { ...drawScenario(seed), safetyMs: 7_000, livenessMs: 1_000 };
}

async function runJoint(scenario: Scenario): Promise<RunResult> {
  const { result } = await runScenario({ scenario, name: 'joint' });
  return result;
}

function textOf({ findings }: VariationOutcome): string {
  return findings.map(({ oracle, text }) => `${oracle} ${text}`).join('\n');
}

describe('a drawn scenario that is varied', () => {
  test.each(Object.entries(VARIATIONS))(
    '%s changes nothing for those whom it must not touch',
    async (_, vary) => {
      for (const seed of [3, 21]) {
        const scenario = drawShort(seed);
        const outcome = await vary(scenario, await runJoint(scenario));
        expect(textOf(outcome)).toBe('');
        expect(outcome.runs.length).toBeGreaterThan(0);
      }
    },
    TIME_MS_MAX,
  );

  test.each([
    ['stepWallClock', 'O6'],
    ['substitutePeers', 'O2'],
    ['renamePeers', 'O3'],
    ['removePeer', 'O4'],
  ] as const)(
    '%s finds another run',
    async (name, oracle) => {
      const scenario = drawShort(3);
      const other = await runJoint(drawShort(4));
      const { findings } = await VARIATIONS[name](scenario, other);
      expect(findings.map((finding) => finding.oracle)).toContain(oracle);
    },
    TIME_MS_MAX,
  );

  test(
    'half of all seeds have a variation, by their number, and each kind has its turn',
    async () => {
      const names: string[] = [];
      for (let seed = 0; seed < 8; seed += 1) {
        const scenario = { ...drawScenario(seed), safetyMs: 500, livenessMs: 0 };
        const outcome = await runVariation(scenario, await runJoint(scenario));
        names.push(outcome?.runs[0]?.result.name.replaceAll(/ \(.*|^.+ (?=removed)/g, '') ?? '');
      }
      expect(names).toEqual([
        'other wall-clock steps',
        'attackers replaced',
        '',
        'other names',
        '',
        expect.stringMatching(/^removed/),
        '',
        'joining in order',
      ]);
    },
    TIME_MS_MAX,
  );
});

describe('a removal', () => {
  test.each(REMOVAL_MOMENTS)(
    '%s happens once, not before its time',
    async (moment) => {
      const scenario = { ...drawShort(2), acts: [], badHookRate: 0 };
      const peer = scenario.peers.find(({ role }) => role === 'honest')?.name ?? '';
      // With a first event of the own to come, and one of somebody else.
      const fromMs = moment.endsWith('event') ? 0 : 3_000;
      const removal = new PeerRemoval({ peer, fromMs, moment, reason: 'tested' });
      const { result } = await runScenario({ scenario, name: 'removed', intervention: removal });
      const moves = [...(result.peers.get(peer)?.trace.entries('server-move') ?? [])];
      const removals = moves.filter(({ text }) => text?.includes('"tested"') === true);
      expect(removals.map(({ at }) => at)).toEqual([removal.doneAt]);
      expect(removal.doneAt).toBeGreaterThanOrEqual(result.startedAt + fromMs);
    },
    TIME_MS_MAX,
  );
});
