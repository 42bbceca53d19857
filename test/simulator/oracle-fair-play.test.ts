/** Whoever plays by the rules is suspected of nothing: traces made by hand, and a recorded run. */
import { describe, expect, test } from 'vitest';

import type { PeerRole } from '../../src/simulator/run-result.ts';
import { checkFairPlay } from '../../src/simulator/oracles/check-fair-play.ts';
import { HandMadeTrace, handMadeRun } from './hand-made-run.ts';
import { recordRun } from './recorded-run.ts';

interface Suspected {
  readonly what: string;
  /** When something came from the peer, before it was suspected at 20,000 ms. */
  readonly heardAt?: readonly number[];
  readonly role?: PeerRole;
}

function problemsOf({ what, heardAt = [], role = 'honest' }: Suspected): string[] {
  const life = new HandMadeTrace('ada');
  for (const at of heardAt) life.up(at, { kind: 'leave' });
  life.trace.recordText(20_000, 'suspicion', what);
  return checkFairPlay(handMadeRun([life], { role })).map(({ text }) => text);
}

describe('an honest peer', () => {
  test.each(['stale', 'duplicate', 'clamped', 'ahead', 'invalid', 'refused', 'flood'])(
    'that is suspected shows: %s',
    (kind) => {
      const heardAt = [18_000, 18_999, 19_998];
      expect(problemsOf({ what: `${kind} raised`, heardAt })).toEqual([
        `ada in 'by hand' (seed 1) at 20000 ms: is honest, and suspected: ${kind}`,
      ]);
    },
  );

  test.each(['stale', 'flood'])('whose line has stood still may be suspected: %s', (kind) => {
    expect(problemsOf({ what: `${kind} raised`, heardAt: [9_000, 10_000] })).toEqual([]);
  });

  test('is excused for as long as offences count, and no longer', () => {
    expect(problemsOf({ what: 'stale raised', heardAt: [8_999, 9_999] })).toHaveLength(1);
  });

  test.each(['duplicate', 'clamped', 'ahead', 'invalid', 'refused'])(
    'has no excuse of a line for what no line does: %s',
    (kind) => {
      expect(problemsOf({ what: `${kind} raised`, heardAt: [18_000, 19_000] })).toHaveLength(1);
    },
  );

  test('is cleared of a suspicion without a finding', () => {
    expect(problemsOf({ what: 'ahead cleared' })).toEqual([]);
  });
});

test('what a hostile peer is suspected of is nobody’s finding', () => {
  expect(problemsOf({ what: 'invalid raised', role: 'hostile' })).toEqual([]);
});

test('a recorded run has its suspicions, and shows whom they hit', async () => {
  const run = await recordRun({
    peers: [{ name: 'ada' }, { name: 'bo' }],
    // One clamped direction in ten seconds: whoever runs.
    options: { suspicion: { clamped: { raiseAtPerSecond: 0.1 } } },
    behaviour:
      (name) =>
      ({ client }) => {
        client.sendMove({ directionX: name === 'ada' ? 3 : 0.5, directionY: 0, yaw: 0 });
      },
  });
  const findings = checkFairPlay(run);
  expect(findings.map(({ peer }) => peer)).toEqual(['ada']);
  expect(findings[0]?.text).toMatch(/is honest, and suspected: clamped$/);
});
