/**
 * What an accepted input costs between its arrival and its verdict, in bytes. Counted on the heap,
 * not timed. The planted allocation shows that the measure sees one.
 */
import { describe, expect, test } from 'vitest';
import { InputBuffer, emptyMoveInput } from '../authority/input-buffer.ts';
import { ACCEPTED, STALE } from '../authority/verdict.ts';
import { LinkStage } from '../../test/support/link-stage.ts';
import { InboundRouter } from './inbound-router.ts';
import type { Desks } from './inbound-router.ts';
import type { HostCore } from './host-core.ts';

/** Times as many as 24 bytes each are far less than what a young heap holds uncollected. */
const ROUNDS = 40_000;
/** One number on the heap is 12 bytes: a tenth of one in each round. */
const BYTES_PER_ROUND_MAX = 1.2;

/** Bytes of the heap that a call takes: of a middling try, as a collection may fall into one. */
function bytesPerCall(call: (round: number) => void): number {
  const found: number[] = [];
  let round = 0;
  for (let tries = 8; tries > 0; tries -= 1) {
    const before = process.memoryUsage().heapUsed;
    for (let left = ROUNDS; left > 0; left -= 1) call((round += 1));
    found.push((process.memoryUsage().heapUsed - before) / ROUNDS);
  }
  // A collection in between hides all that came before it, and the first tries are the compiler's.
  const told = found.filter((bytes) => bytes >= 0).toSorted((one, other) => one - other);
  return told[Math.floor(told.length / 2)] ?? Infinity;
}

function createRouter() {
  const stage = new LinkStage();
  const link = stage.link('ann');
  const core = {
    counters: stage.counters,
    options: { onVerdict: undefined },
    reportsDue: new Set(),
    suspicions: { noteVerdict: () => undefined },
    clock: { now: () => 0 },
  } as unknown as HostCore;
  const router = new InboundRouter(core, {} as Desks);
  return { router, link, counters: stage.counters };
}

describe('an accepted input', () => {
  test('has its verdict without an allocation', () => {
    const { router, link, counters } = createRouter();
    const input = emptyMoveInput();
    const bytes = bytesPerCall(() => router.noteVerdict(link, input, ACCEPTED));
    expect(counters.verdicts.accepted).toBe(8 * ROUNDS);
    expect(bytes).toBeLessThan(BYTES_PER_ROUND_MAX);
  });

  test('waits for its tick and is taken without an allocation', () => {
    const buffer = new InputBuffer(8);
    const input = emptyMoveInput();
    const target = emptyMoveInput();
    let taken = 0;
    const bytes = bytesPerCall((round) => {
      input.tick = round;
      buffer.accept(input, round - 1, 0.5);
      if (buffer.take(round, target)) taken += 1;
    });
    expect(taken).toBe(8 * ROUNDS);
    expect(bytes).toBeLessThan(BYTES_PER_ROUND_MAX);
  });

  test('is measured by what sees an allocation: a refused one has an entry', () => {
    const { router, link } = createRouter();
    const input = emptyMoveInput();
    const bytes = bytesPerCall(() => {
      router.noteVerdict(link, input, STALE);
      link.seat.verdicts.takeReport(1);
    });
    expect(bytes).toBeGreaterThan(10 * BYTES_PER_ROUND_MAX);
  });
});
