/**
 * What has to hold for every history of a world, as checks that throw: for the property tests on
 * the source, and for those that look for a planted bug in a build.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { crc32 } from '../../src/base/crc32.ts';
import {
  hex,
  historyEvents,
  imageOf,
  live,
  worldOptions,
  type HistoryEvent,
  type HistoryOptions,
  type KeptTick,
  type WorldBuild,
} from './world-history.ts';

const HEADER_BYTES = 8;
const CHECKSUM_AT = 4;
const STATE_CODES: ReadonlySet<unknown> = new Set([
  'world-state-corrupt',
  'world-state-version-mismatch',
  'world-state-foreign',
  'replay-diverged',
]);

export interface HistoryCase {
  readonly events: readonly HistoryEvent[];
  readonly seed: number;
  readonly hasOwnRandom: boolean;
  /** Where the process dies, as a part of the history from 0 to 1. */
  readonly crashAt: number;
}

export const historyCase: fc.Arbitrary<HistoryCase> = fc.record({
  events: historyEvents,
  seed: fc.nat(1_000),
  hasOwnRandom: fc.boolean(),
  crashAt: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

/** From a checkpoint at any tick, the journal brings back every later tick byte for byte. */
export function checkRestored(build: WorldBuild, history: HistoryCase): void {
  const kept = live(build, history.events, history);
  const first = Math.floor(history.crashAt * kept.length);
  const world = restoreAt(build, kept[first], history);
  const snapshot = imageOf(world, emptyStepOf(world.tick)).snapshot;
  expectEqual('the restored snapshot', snapshot, kept[first]?.image.snapshot);
  expectEqual('the restored checkpoint', hex(world.checkpoint()), hex(kept[first]?.checkpoint));
  for (const tick of kept.slice(first + 1)) {
    if (tick.record === undefined) throw new Error(`no record of tick ${tick.image.tick}`);
    const image = imageOf(world, world.replay(tick.record));
    const what = `tick ${tick.image.tick}`;
    const verdicts = tick.image.verdicts.slice(tick.image.verdicts.length - image.verdicts.length);
    expectEqual(what, image, { ...tick.image, verdicts });
    expectEqual(`the record of ${what}`, hex(world.journalRecord), hex(tick.record));
    expectEqual(`the checkpoint of ${what}`, hex(world.checkpoint()), hex(tick.checkpoint));
  }
}

/** Whoever keeps nothing lives through the same. */
export function checkUntouched(build: WorldBuild, history: HistoryCase): void {
  const kept = live(build, history.events, history);
  const plain = live(build, history.events, { ...history, isKept: false });
  const imagesOf = (ticks: readonly KeptTick[]) => ticks.map(({ image }) => image);
  expectEqual('the world that keeps nothing', imagesOf(plain), imagesOf(kept));
}

/** Whatever was changed in the bytes is noticed, and the world is as it was. */
export function checkDamaged(build: WorldBuild, history: HistoryCase, change: Damage): void {
  const { checkpoint, record, tick } = pick(build, history);
  const broken = { ...tick, checkpoint: change(checkpoint) };
  if (hex(broken.checkpoint) !== hex(checkpoint)) {
    expectRefused('a damaged checkpoint', () => restoreAt(build, broken, history));
  }
  const world = restoreAt(build, tick, history);
  const brokenRecord = change(record);
  if (hex(brokenRecord) === hex(record)) return;
  expectRefused('a damaged record', () => world.replay(brokenRecord));
  expectEqual('the failure', world.failure, undefined);
  expectEqual('the world after that', hex(world.checkpoint()), hex(checkpoint));
}

/** With a checksum that fits: refused, or a whole world, or one that says that it is dead. */
export function checkForged(build: WorldBuild, history: HistoryCase, change: Damage): void {
  const { checkpoint, record, tick } = pick(build, history);
  const forged = { ...tick, checkpoint: resealed(change(checkpoint)) };
  const restored = attempt(() => restoreAt(build, forged, history));
  restored?.checkpoint();
  expectEqual('the failure', restored?.failure, undefined);
  const world = restoreAt(build, tick, history);
  attempt(() => world.replay(resealed(change(record))));
  if (world.failure === undefined) world.checkpoint();
}

/** Bytes of another tick, or of the other kind, are refused. */
export function checkElsewhere(build: WorldBuild, history: HistoryCase): void {
  const kept = live(build, history.events, history);
  const first = Math.floor(history.crashAt * kept.length);
  const world = restoreAt(build, kept[first], history);
  for (const [index, { record, checkpoint }] of kept.entries()) {
    if (record === undefined) continue;
    const asCheckpoint = { ...kept[index]!, checkpoint: record };
    expectRefused('a checkpoint as a record', () => world.replay(checkpoint));
    expectRefused('a record as a checkpoint', () => restoreAt(build, asCheckpoint, history));
    if (index === first + 1) continue;
    expectRefused(`the record of tick ${index}`, () => world.replay(record));
    expectEqual('the failure', world.failure, undefined);
  }
}

/** A world of another seed: everything that the bytes don't say comes out differently. */
export function restoreAt(
  { authority, createPrng }: WorldBuild,
  tick: KeptTick | undefined,
  options: HistoryOptions,
) {
  const build = { authority, createPrng };
  const other = worldOptions(build, { ...options, seed: options.seed + 1 });
  return authority.restoreWorld(tick?.checkpoint ?? new Uint8Array(0), other);
}

function emptyStepOf(tick: number) {
  return { tick, events: [], verdicts: [], faults: [], roster: { entered: [], left: [] } };
}

function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what} differs:\n${JSON.stringify(actual)}\n${JSON.stringify(expected)}`);
}

export type Damage = (bytes: Uint8Array) => Uint8Array;

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** Flips a bit, replaces a byte, cuts, puts something in, or appends. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(([at, bit]): Damage => (bytes) => {
    const changed = bytes.slice();
    const index = Math.floor(at * bytes.length);
    changed[index] = (changed[index] ?? 0) ^ (1 << bit);
    return changed;
  }),
  fc.tuple(place, fc.constantFrom(0, 1, 127, 128, 255)).map(([at, value]): Damage => (bytes) => {
    const changed = bytes.slice();
    changed[Math.floor(at * bytes.length)] = value;
    return changed;
  }),
  place.map(
    (at): Damage =>
      (bytes) =>
        bytes.slice(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 9 })).map(([at, more]): Damage => (bytes) => {
    const index = Math.floor(at * bytes.length);
    return Uint8Array.from([...bytes.subarray(0, index), ...more, ...bytes.subarray(index)]);
  }),
);

/** A tick of the history, its checkpoint, and the record of the tick after it. */
export function pick(
  build: WorldBuild,
  history: HistoryCase,
): {
  readonly tick: KeptTick;
  readonly checkpoint: Uint8Array;
  readonly record: Uint8Array;
} {
  const kept = live(build, [...history.events, { op: 'step', count: 1 }], history);
  const index = Math.floor(history.crashAt * (kept.length - 1));
  const tick = kept[index]!;
  return { tick, checkpoint: tick.checkpoint, record: kept[index + 1]!.record! };
}

/** The bytes with a checksum that fits them. */
export function resealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES) return bytes;
  const sealed = bytes.slice();
  const checksum = crc32(sealed.subarray(HEADER_BYTES), crc32(sealed.subarray(0, CHECKSUM_AT)));
  new DataView(sealed.buffer).setUint32(CHECKSUM_AT, checksum, true);
  return sealed;
}

/** Undefined: refused with one of the codes. Anything else that is thrown goes on. */
export function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch (error) {
    // By name: a build under test has a class of its own.
    const { name, code } = error as { readonly name?: unknown; readonly code?: unknown };
    if (name === 'HoldfastError' && STATE_CODES.has(code)) return undefined;
    throw error;
  }
}

export function expectRefused(what: string, work: () => unknown): void {
  let isDone = false;
  attempt(() => {
    work();
    isDone = true;
  });
  if (isDone) throw new Error(`${what} is taken`);
}
