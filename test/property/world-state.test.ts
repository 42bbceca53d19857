/**
 * A world that outlives its process: whatever happened, the checkpoint of any tick and the journal
 * after it bring back the same world, byte for byte; and whatever the bytes are, there is a whole
 * world or a typed error.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as authority from '../../src/authority/index.ts';
import { createPrng } from '../../src/base/prng.ts';
import {
  attempt,
  checkDamaged,
  checkElsewhere,
  checkForged,
  checkRestored,
  checkUntouched,
  damage,
  expectRefused,
  historyCase,
  pick,
  resealed,
  type Damage,
  type HistoryCase,
} from '../support/world-history-checks.ts';
import { live, worldOptions } from '../support/world-history.ts';

const BUILD = { authority, createPrng };
const SEED = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));
const RUNS = { numRuns: 60, seed: SEED };

vi.setConfig({ testTimeout: 60_000 });
const HEADER_BYTES = 8;

/** Replayed with PROPERTY_SEED=‹seed›. */
describe(`world state, seed ${SEED}`, () => {
  test('a checkpoint and the journal after it bring back every tick byte for byte', () => {
    fc.assert(
      fc.property(historyCase, (history) => checkRestored(BUILD, history)),
      { ...RUNS, numRuns: 120 },
    );
  });

  test('a world that keeps nothing lives through the same', () => {
    fc.assert(
      fc.property(historyCase, (history) => checkUntouched(BUILD, history)),
      RUNS,
    );
  });

  test('histories have deaths, returns, debts, throws and refusals in them', () => {
    const seen = new Set<string>();
    for (const history of fc.sample(historyCase, { seed: 1, numRuns: 100 })) {
      for (const { image } of live(BUILD, history.events, history)) {
        for (const { message } of image.events) {
          seen.add(message.kind === 'user-event' ? message.name : message.event);
        }
        for (const verdict of image.verdicts)
          seen.add(/"outcome":"([a-z]+)"/.exec(verdict)?.[1] ?? '');
        if (image.faults.length > 0) seen.add('fault');
        if (image.left.length > 0) seen.add('left');
        if (image.snapshot.entities.length < image.roster.length) seen.add('hidden');
      }
    }
    const expected = ['hit', 'damage-applied', 'death', 'shot-missed', 'shoot-rejected', 'paid'];
    const outcomes = ['accepted', 'clamped', 'stale', 'rejected', 'fault', 'left', 'hidden'];
    expect([...seen]).toEqual(expect.arrayContaining([...expected, ...outcomes]));
  });
});

describe(`bytes of a world that are not good, seed ${SEED}`, () => {
  test('are refused when anything was changed, and the world stays as it was', () => {
    const check = (history: HistoryCase, change: Damage) => checkDamaged(BUILD, history, change);
    fc.assert(fc.property(historyCase, damage, check), RUNS);
  });

  test('are refused, or are a whole world, when the checksum was made to fit', () => {
    const check = (history: HistoryCase, change: Damage) => checkForged(BUILD, history, change);
    fc.assert(fc.property(historyCase, damage, check), { ...RUNS, numRuns: 200 });
  });

  test('are refused when they are of another place in the same history', () => {
    const check = (history: HistoryCase) => checkElsewhere(BUILD, history);
    fc.assert(fc.property(historyCase, check), { ...RUNS, numRuns: 30 });
  });

  test('never make a world allocate on the word of a count', () => {
    const options = () => worldOptions(BUILD, { seed: 1, hasOwnRandom: true });
    const { checkpoint } = pick(BUILD, {
      events: [
        { op: 'join', player: 0 },
        { op: 'step', count: 2 },
      ],
      seed: 1,
      hasOwnRandom: true,
      crashAt: 0.5,
    });
    for (let at = HEADER_BYTES; at < checkpoint.length; at += 1) {
      const forged = checkpoint.slice();
      // A varint of 2^49 and more in each place.
      forged.set([255, 255, 255, 255, 255, 255, 255, 1].slice(0, forged.length - at), at);
      attempt(() => authority.restoreWorld(resealed(forged), options()));
    }
    for (const length of [0, 1, HEADER_BYTES - 1, HEADER_BYTES, 17 * 1_024 * 1_024]) {
      const bytes = new Uint8Array(length);
      expectRefused('nothing', () => authority.restoreWorld(bytes, options()));
    }
  });
});
