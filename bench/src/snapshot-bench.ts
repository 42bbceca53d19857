/**
 * The snapshot of 50 players who run at 5 m/s, a tenth of them turning in each tick: its bytes, its
 * error, the time of both ends, and beside it the patch of `@colyseus/schema` for the same way of
 * the same players. Out: numbers.
 */
import { SnapshotDecoder, SnapshotHistory, type SnapshotField } from 'holdfast/protocol';
import { cpuMedianNs } from './cpu-median.ts';
import { installPeers } from './processes/install-peers.ts';
import { CrowdWay } from './crowd-way.ts';
import { RunningCrowd } from './running-crowd.ts';

const PLAYERS = 50;
const MEASURED_TICKS = 400;

/** As the shipped rules of movement and combat have them. */
export const SNAPSHOT_FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 0.001, interpolation: 'linear' },
  { name: 'y', precision: 0.001, interpolation: 'linear' },
  { name: 'yaw', precision: (2 * Math.PI) / 65_536, interpolation: 'angle' },
  { name: 'isSuspended', precision: 1, interpolation: 'step' },
  { name: 'hitPoints', precision: 1, interpolation: 'step' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
  { name: 'kills', precision: 1, interpolation: 'step' },
  { name: 'deaths', precision: 1, interpolation: 'step' },
];

export interface SnapshotResult {
  /** Of one whose baseline is the world's previous snapshot: what an ordered lane gets. */
  readonly bytesPerSnapshot: number;
  /** Largest distance between a place and what the other end makes of it. */
  readonly errorMaxMm: number;
  /** Keeping the state of a tick, and making its frame: median. */
  readonly encodeNs: number;
  readonly decodeNs: number;
  /** Beside setting x, y and yaw of all in a schema, and encoding their patch. */
  readonly encodeRatioToColyseusSchema: number;
  /** By the age of the baseline in ticks; 0 = whole. */
  readonly bytesByBaselineAge: Readonly<Record<string, number>>;
}

/** bench/peers/schema-crowd.mjs, which is installed on demand. */
interface SchemaCrowd {
  assign(rows: readonly (readonly number[])[]): void;
  encode(): Uint8Array;
}

export async function benchSnapshot(): Promise<SnapshotResult> {
  installPeers();
  const bytes = bytesByAge();
  const { encodeNs, decodeNs } = times();
  const schemaNs = await schemaEncodeNs();
  process.stderr.write(`@colyseus/schema: ${round(schemaNs)} ns\n`);
  return {
    bytesPerSnapshot: bytes['1'] ?? 0,
    errorMaxMm: round(largestErrorMm()),
    encodeNs: round(encodeNs),
    decodeNs: round(decodeNs),
    encodeRatioToColyseusSchema: round(encodeNs / schemaNs),
    bytesByBaselineAge: bytes,
  };
}

async function schemaEncodeNs(): Promise<number> {
  const module = new URL('../peers/schema-crowd.mjs', import.meta.url).href;
  const { SchemaCrowd: Crowd } = (await import(module)) as {
    SchemaCrowd: new (players: number) => SchemaCrowd;
  };
  const crowd = new Crowd(PLAYERS);
  const way = new CrowdWay(PLAYERS, 512);
  const stepNs = cpuMedianNs(() => way.step());
  const allNs = cpuMedianNs(() => {
    way.step();
    crowd.assign(way.rows);
    crowd.encode();
  });
  return allNs - stepNs;
}

function bytesByAge(): Record<string, number> {
  const crowd = new RunningCrowd(PLAYERS);
  const history = new SnapshotHistory(SNAPSHOT_FIELDS);
  const sums = new Map<number, { bytes: number; count: number }>();
  for (let count = 0; count < MEASURED_TICKS; count += 1) {
    const { tick, entities, rows } = crowd.step();
    history.record(tick, entities, rows);
    if (count < 32) continue;
    for (const rung of [undefined, ...history.rungTicks]) {
      const age = rung === undefined ? 0 : tick - rung;
      const sum = sums.get(age) ?? { bytes: 0, count: 0 };
      sums.set(age, { bytes: sum.bytes + history.encode(rung).length, count: sum.count + 1 });
    }
  }
  const ages = [...sums].toSorted(([one], [other]) => one - other);
  return Object.fromEntries(ages.map(([age, { bytes, count }]) => [age, round(bytes / count)]));
}

function largestErrorMm(): number {
  const crowd = new RunningCrowd(PLAYERS);
  const history = new SnapshotHistory(SNAPSHOT_FIELDS);
  const decoder = new SnapshotDecoder(SNAPSHOT_FIELDS, { isOrdered: true });
  let largest = 0;
  for (let count = 0; count < MEASURED_TICKS; count += 1) {
    const { tick, entities, rows, places } = crowd.step();
    history.record(tick, entities, rows);
    const snapshot = decoder.decode(history.encode(tick - 1));
    if (snapshot.kind !== 'snapshot') throw new Error(`not readable: ${snapshot.code}`);
    snapshot.players.forEach(({ fields: [x = 0, y = 0] }, index) => {
      const place = places[index];
      if (place === undefined) throw new Error('a player is missing');
      largest = Math.max(largest, Math.hypot(x / 1_000 - place.x, y / 1_000 - place.y) * 1_000);
    });
  }
  return largest;
}

function times(): Pick<SnapshotResult, 'encodeNs' | 'decodeNs'> {
  const way = new CrowdWay(PLAYERS, 512);
  const { entities, rows } = way;
  const history = new SnapshotHistory(SNAPSHOT_FIELDS);
  let tick = 0;
  const record = (): void => {
    way.step();
    tick += 1;
    history.record(tick, entities, rows);
  };
  const stepNs = cpuMedianNs(() => way.step());
  const allNs = cpuMedianNs(() => {
    record();
    history.encode(tick - 1);
  });
  return {
    encodeNs: allNs - stepNs,
    decodeNs: cpuMedianNs(reader(history, record, () => tick)),
  };
}

/** Reads frames that were made before, each on top of the one before it. */
function reader(history: SnapshotHistory, record: () => void, now: () => number): () => void {
  record();
  const frames = [history.encode(undefined)];
  for (let count = 0; count < 512; count += 1) {
    record();
    frames.push(history.encode(now() - 1));
  }
  const decoder = new SnapshotDecoder(SNAPSHOT_FIELDS, { isOrdered: true });
  let next = 0;
  return () => {
    // After the last one, the first, which is whole.
    const snapshot = decoder.decode(frames[next] as Uint8Array);
    if (snapshot.kind !== 'snapshot') throw new Error(`not readable: ${snapshot.code}`);
    next = (next + 1) % frames.length;
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
