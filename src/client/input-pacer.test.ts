/** Stamps for inputs, against a small model of the server that measures margins. */
import { describe, expect, test } from 'vitest';

import { SeededRandom } from '../../test/support/seeded-random.ts';
import type { InputAck, VerdictReport } from '../protocol/messages.ts';
import { InputPacer } from './input-pacer.ts';
import { ServerClock } from './server-clock.ts';

const PERIOD_MS = 50;

function createPacer(inputAheadTicksMax = 8, spareTicks = 0) {
  const serverClock = new ServerClock({ tickRateHz: 20 });
  const pacer = new InputPacer({ serverClock, tickRateHz: 20, inputAheadTicksMax, spareTicks });
  return { serverClock, pacer };
}

function verdict(entry: Partial<VerdictReport['entries'][number]>, tick: number): VerdictReport {
  const full = { input: 'move-input', inputTick: 0, outcome: 'stale', code: undefined, ...entry };
  return { kind: 'verdict-report', tick, entries: [full as never], omitted: 0 };
}

/** One that has stamped its first move, for tick 4 or, with a lead of 7, for tick 8. */
function createPlayingPacer(inputAheadTicksMax = 8) {
  const created = createPacer(inputAheadTicksMax);
  created.serverClock.observeSnapshot(1, 1_000);
  created.pacer.takeMoveTick(1_000);
  return created;
}

interface Model {
  readonly durationMs: number;
  /** Infinity = lost. */
  readonly uplinkMs: () => number;
  readonly downlinkMs: () => number;
  /** How fast the client's clock runs; default 1. */
  readonly clockRate?: number;
  /** Between two looks at the clock; default 1. Browsers throttle hidden tabs to 1 000. */
  readonly timerMs?: (now: number) => number;
}

/** One input per tick, a snapshot and an ack per tick back; answers the margins of arrivals. */
function run({ durationMs, uplinkMs, downlinkMs, clockRate = 1, timerMs = () => 1 }: Model) {
  const { serverClock, pacer } = createPacer();
  const margins: { readonly at: number; readonly margin: number }[] = [];
  const due = new Map<number, ((now: number) => void)[]>();
  const at = (instant: number, callback: (now: number) => void): void => {
    if (instant === Infinity) return;
    const slot = Math.ceil(instant);
    due.set(slot, [...(due.get(slot) ?? []), callback]);
  };
  let ack = { kind: 'input-ack', lastInputTick: 0, marginTicks: 0 } as const as InputAck;
  const arrive = (tick: number, now: number): void => {
    const margin = tick - now / PERIOD_MS;
    margins.push({ at: now, margin });
    if (margin > 0) {
      ack = { kind: 'input-ack', lastInputTick: tick, marginTicks: margin };
    } else {
      const report = verdict({ inputTick: tick }, Math.floor(now / PERIOD_MS));
      at(now + downlinkMs(), () => pacer.observeVerdicts(report));
    }
  };
  for (let now = 1_000; now < 1_000 + durationMs; now += 1) {
    if (now % PERIOD_MS === 0) {
      const said = ack;
      at(now + downlinkMs(), (later) => {
        serverClock.observeSnapshot(now / PERIOD_MS, later * clockRate);
        pacer.observeAck(said);
      });
    }
    for (const callback of due.get(now) ?? []) callback(now);
    due.delete(now);
    if (now % timerMs(now) !== 0) continue;
    const tick = pacer.takeMoveTick(now * clockRate);
    if (tick !== undefined) at(now + uplinkMs(), (later) => arrive(tick, later));
  }
  return margins;
}

describe('input pacer', () => {
  test('gives no stamp before the server was heard', () => {
    const { pacer } = createPacer();
    expect(pacer.tickAt(1_000)).toBeUndefined();
    expect(pacer.takeMoveTick(1_000)).toBeUndefined();
    expect(pacer.msUntil(5, 1_000)).toBeUndefined();
  });

  test('gives each tick one stamp for a move and one for a shot', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    const tick = pacer.takeMoveTick(1_000);
    expect(tick).toBe(103);
    expect(pacer.takeMoveTick(1_049)).toBeUndefined();
    expect(pacer.takeShotTick(1_049)).toBe(103);
    expect(pacer.takeShotTick(1_049)).toBeUndefined();
    expect(pacer.takeMoveTick(1_050)).toBe(104);
  });

  test('says how long it is until a tick can be stamped', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    expect(pacer.msUntil(104, 1_010)).toBeCloseTo(40, 6);
    expect(pacer.msUntil(90, 1_010)).toBe(0);
  });

  test('gives no stamp when nothing was heard for half a second', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    expect(pacer.takeMoveTick(1_500)).toBe(113);
    expect(pacer.takeMoveTick(1_600)).toBeUndefined();
  });

  test('gives no stamp that is no safe integer, whatever a server says', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(Number.MAX_SAFE_INTEGER, 1_000);
    expect(pacer.takeMoveTick(1_000)).toBeUndefined();
    expect(pacer.takeShotTick(1_000)).toBeUndefined();
  });

  test('a late input raises the lead at once, early ones lower it slowly', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    for (let tick = 1; tick < 20; tick += 1) {
      pacer.observeAck({ kind: 'input-ack', lastInputTick: tick, marginTicks: 3.25 });
    }
    expect(pacer.leadTicks).toBe(3);
    pacer.observeAck({ kind: 'input-ack', lastInputTick: 20, marginTicks: 3.25 });
    expect(pacer.leadTicks).toBe(2);
    pacer.observeAck({ kind: 'input-ack', lastInputTick: 21, marginTicks: 0.25 });
    expect(pacer.leadTicks).toBe(3);
  });

  test('an ack of inputs that were stamped before the last correction corrects nothing', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    const tick = pacer.takeMoveTick(1_000) ?? 0;
    pacer.observeAck({ kind: 'input-ack', lastInputTick: tick - 2, marginTicks: 0.25 });
    pacer.observeAck({ kind: 'input-ack', lastInputTick: tick - 1, marginTicks: 0.25 });
    pacer.observeAck({ kind: 'input-ack', lastInputTick: tick, marginTicks: 0.25 });
    expect(pacer.leadTicks).toBe(4);
    pacer.observeAck({ kind: 'input-ack', lastInputTick: tick + 1, marginTicks: 0.5 });
    expect(pacer.leadTicks).toBe(4.75);
  });

  test('with a tick to spare it aims at a margin that is a tick larger', () => {
    const { pacer, serverClock } = createPacer(8, 1);
    serverClock.observeSnapshot(100, 1_000);
    for (let tick = 1; tick < 21; tick += 1) {
      pacer.observeAck({ kind: 'input-ack', lastInputTick: tick, marginTicks: 2.25 });
    }
    expect(pacer.leadTicks).toBe(3);
    pacer.observeAck({ kind: 'input-ack', lastInputTick: 21, marginTicks: 1.25 });
    expect(pacer.leadTicks).toBe(4);
    expect(pacer.marginTicks).toBe(1.25);
    const stamped = pacer.takeMoveTick(1_000) ?? 0;
    pacer.observeVerdicts(verdict({ inputTick: stamped, outcome: 'stale' }, stamped));
    expect(pacer.leadTicks).toBe(4 + 1.25 + 1);
  });

  test('an ack that is repeated is heard once', () => {
    const { pacer } = createPacer();
    for (let copy = 0; copy < 3; copy += 1) {
      pacer.observeAck({ kind: 'input-ack', lastInputTick: 1, marginTicks: 0.25 });
    }
    expect(pacer.leadTicks).toBe(4);
    expect(pacer.marginTicks).toBe(0.25);
  });

  test('a stale verdict raises the lead by how late the input was', () => {
    const { pacer } = createPlayingPacer(16);
    pacer.observeVerdicts(verdict({ inputTick: 10, outcome: 'stale' }, 12));
    expect(pacer.leadTicks).toBe(3 + 1.25 + 2);
  });

  test('a verdict that an input was too far ahead lowers the lead', () => {
    const { pacer } = createPlayingPacer();
    const entry = { inputTick: 30, outcome: 'rejected', code: 'too-far-ahead' } as const;
    pacer.observeVerdicts(verdict(entry, 12));
    expect(pacer.leadTicks).toBe(2);
  });

  test('what was steered before the way to the server was known is forgotten', () => {
    const { pacer, serverClock } = createPacer(16);
    serverClock.observeSnapshot(100, 1_000);
    const stamped = pacer.takeMoveTick(1_000) ?? 0;
    pacer.observeVerdicts(verdict({ inputTick: 110, outcome: 'stale' }, 112));
    expect(pacer.leadTicks).toBe(6.25);
    pacer.restart();
    expect(pacer.leadTicks).toBe(3);
    pacer.observeVerdicts(verdict({ inputTick: stamped, outcome: 'stale' }, 102));
    expect(pacer.leadTicks).toBe(3);
  });

  test('verdicts about other inputs change nothing', () => {
    const { pacer } = createPlayingPacer();
    pacer.observeVerdicts(verdict({ input: 'shoot-input', outcome: 'stale' }, 12));
    expect(pacer.leadTicks).toBe(3);
  });

  test('verdicts about moves of an earlier connection change nothing', () => {
    const { pacer, serverClock } = createPacer();
    pacer.observeVerdicts(verdict({ inputTick: 10, outcome: 'stale' }, 12));
    expect(pacer.leadTicks).toBe(3);
    serverClock.observeSnapshot(100, 1_000);
    expect(pacer.takeMoveTick(1_000)).toBe(103);
    pacer.observeVerdicts(verdict({ inputTick: 102, outcome: 'stale' }, 104));
    expect(pacer.leadTicks).toBe(3);
    pacer.observeVerdicts(verdict({ inputTick: 103, outcome: 'stale' }, 103));
    expect(pacer.leadTicks).toBe(4.25);
  });

  test('after a late input the lead is kept for ten reviews', () => {
    const { pacer, serverClock } = createPacer();
    serverClock.observeSnapshot(100, 1_000);
    let tick = pacer.takeMoveTick(1_000) ?? 0;
    pacer.observeAck({ kind: 'input-ack', lastInputTick: tick, marginTicks: 0.25 });
    expect(pacer.leadTicks).toBe(4);
    for (let margins = 0; margins < 10 * 20; margins += 1) {
      expect(pacer.leadTicks).toBe(4);
      tick += 1;
      pacer.observeAck({ kind: 'input-ack', lastInputTick: tick, marginTicks: 3.25 });
    }
    expect(pacer.leadTicks).toBe(3);
  });

  test.each([
    { verdicts: 20, ahead: 8, lead: 7 },
    { verdicts: 20, ahead: 2, lead: 1 },
    { verdicts: 0, ahead: 1, lead: 0 },
  ])('the lead never exceeds what the server takes: $ahead', ({ verdicts, ahead, lead }) => {
    const { pacer } = createPlayingPacer(ahead);
    for (let tick = 10; tick < 10 + verdicts; tick += 1) {
      pacer.observeVerdicts(verdict({ inputTick: tick, outcome: 'stale' }, tick + 50));
    }
    expect(pacer.leadTicks).toBe(lead);
  });

  test.each([
    { name: 'a loopback', up: 0.1, down: 0.1, jitter: 0 },
    { name: 'a near server', up: 15, down: 15, jitter: 4 },
    { name: 'a far server', up: 90, down: 90, jitter: 8 },
    { name: 'a lopsided line', up: 120, down: 20, jitter: 8 },
  ])('inputs over $name settle at a margin of 1 to 2 ticks', ({ up, down, jitter }) => {
    const random = new SeededRandom(3);
    const margins = run({
      durationMs: 30_000,
      uplinkMs: () => up + random.unit() * jitter,
      downlinkMs: () => down + random.unit() * jitter,
    });
    const settled = margins.filter(({ at }) => at > 20_000).map(({ margin }) => margin);
    expect(settled.length).toBeGreaterThan(190);
    expect(Math.min(...settled)).toBeGreaterThan(0.5);
    expect(Math.max(...settled)).toBeLessThan(2.1);
  });

  test('after the way to the server became 100 ms longer inputs are in time within a second', () => {
    let sent = 0;
    const margins = run({
      durationMs: 20_000,
      uplinkMs: () => {
        sent += 1;
        return sent > 200 ? 120 : 20;
      },
      downlinkMs: () => 20,
    });
    const late = margins.filter(({ margin }) => margin <= 0);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(8);
    const first = late[0]?.at ?? 0;
    expect(late.every(({ at }) => at - first < 1_000)).toBe(true);
  });

  test.each([
    { name: 'a fast clock', clockRate: 1.05 },
    { name: 'a slow clock', clockRate: 0.95 },
    { name: 'jitter of 100 ms either way', delay: 0, jitter: 200 },
    { name: 'a far server, jitter of 100 ms and losses', delay: 50, jitter: 200, lossRate: 0.05 },
    { name: '100 ± 30 ms and losses', delay: 35, jitter: 30, lossRate: 0.05 },
    { name: 'a hidden tab', timerMs: (now: number) => (now > 20_000 && now < 40_000 ? 1_000 : 1) },
  ])('over $name no input that arrives is late', (model) => {
    const { delay = 40, jitter = 10, lossRate = 0, ...rest } = model;
    const random = new SeededRandom(5);
    const way = (): number =>
      random.unit() < lossRate ? Infinity : delay + random.unit() * jitter;
    const margins = run({ durationMs: 60_000, uplinkMs: way, downlinkMs: way, ...rest });
    // The first seconds are the clock's.
    const settled = margins.filter(({ at }) => at > 4_000);
    expect(settled.length).toBeGreaterThan(700);
    expect(settled.filter(({ margin }) => margin <= 0)).toEqual([]);
  });
});
