/**
 * Counted messages, whatever is lost: for any interleaving of what is said, heard, acknowledged,
 * lost, held, of resumes, reloads, crashes and orderly stops, each end takes what the other said
 * once and in order, or has been told that something is missing, and over a gap exactly how much.
 * Canaries break the stream on purpose: a check that sees nothing then is worth nothing.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountingPair, type PairStep } from '../support/counting-pair.ts';

const step: fc.Arbitrary<PairStep> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('say'), size: fc.nat({ max: 90 }) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('hear'), count: fc.nat({ max: 6 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('serve'), count: fc.nat({ max: 6 }) }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constantFrom('answer', 'beat', 'shout', 'return', 'lose') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('hold', 'release', 'reload', 'crash', 'stop') }),
  },
);
const script = fc.array(step, { minLength: 20, maxLength: 120, size: 'max' });

function live(steps: readonly PairStep[], sabotage?: (pair: CountingPair) => void): void {
  const pair = new CountingPair();
  sabotage?.(pair);
  for (const each of steps) pair.take(each);
  pair.settle();
}

const CANARIES: Record<string, (pair: CountingPair) => void> = {
  'does not mind what a restart has left unheard': ({ stay: { seat } }) => {
    const decide = seat.stream.continuationFor.bind(seat.stream);
    seat.stream.continuationFor = (claim) => {
      const outcome = decide(claim);
      const { isUnknown, sent } = seat.stream;
      const { reliableReceived = Infinity } = claim;
      return !isUnknown && reliableReceived <= sent && outcome === 'restart' ? 'normal' : outcome;
    };
  },
  'sends one message too many again': ({ stay: { seat } }) => {
    const resend = seat.stream.resend.bind(seat.stream);
    seat.stream.resend = (received) => resend(Math.max(0, received - 1));
  },
  'forgets one that is held': ({ stay: { seat } }) => {
    const resend = seat.stream.resend.bind(seat.stream);
    seat.stream.resend = (received) => resend(Math.min(seat.stream.sent, received + 1));
  },
  'leaves what is held out of a gap': ({ stay: { room } }) => {
    const skip = room.outcomes.skip.bind(room.outcomes);
    room.outcomes.skip = (seat) => (skip(seat), 0);
  },
  'counts the messages of the client on after a restart': ({ stay: { seat } }) => {
    const restart = seat.stream.restart.bind(seat.stream);
    seat.stream.restart = (told) => {
      const { received } = seat.stream;
      restart(told);
      for (let count = 0; count < received; count += 1) seat.stream.noteReceived();
    };
  },
};

describe('counted messages', () => {
  test('are taken once and in order, or their loss is told', () => {
    fc.assert(
      fc.property(script, (steps) => live(steps)),
      { numRuns: 1_000 },
    );
  });

  test('come to all that can become of them', () => {
    const seen = new Set<string>();
    const sample = fc.sample(script, { numRuns: 500, seed: 4 });
    for (const steps of sample) {
      const pair = new CountingPair();
      for (const each of steps) pair.take(each);
      for (const event of pair.seen) seen.add(event);
    }
    const all = ['gap', 'login', 'normal', 'previous token', 'resent', 'restart', 'told again'];
    expect([...seen].toSorted()).toEqual(all);
  });

  test.each(Object.keys(CANARIES))('are not taken so when the stream %s', (name) => {
    const outcome = fc.check(
      fc.property(script, (steps) => live(steps, CANARIES[name])),
      { numRuns: 2_000, seed: 7, endOnFailure: true },
    );
    expect(outcome.failed).toBe(true);
  });
});
