/**
 * The decoder of snapshots with drawn baselines in place: never throws, refuses with a code of the
 * table, and what it has accepted survives the wire.
 */
import type { SnapshotField } from '../../../src/protocol/messages.ts';
import type { Snapshot } from '../../../src/protocol/messages.ts';
import type { SnapshotHistory } from '../../../src/protocol/snapshot-history.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { createDecoderTarget } from './decoder-target.ts';

const FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 0.001, interpolation: 'linear' },
  { name: 'yaw', precision: 0.001, interpolation: 'angle' },
  { name: 'stamina', precision: 0.01, interpolation: 'linear' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
];
const FIRST_TICK = 100;
const TICKS = 24;

/** The world that every execution begins with. */
function play(history: SnapshotHistory, tick: number): void {
  const entities = [1, 2, 3, 9, 4_000_000_000].filter((entity) => (entity + tick) % 7 !== 0);
  const rows = entities.map((entity) => [
    (entity % 1_000) * tick * 5,
    tick >> 3,
    entity % 2 === 0 ? tick * 100 : -(tick ** 3),
    tick % 11 === 0 ? 0 : 1,
  ]);
  history.record(tick, entities, rows);
}

export function createSnapshotTarget(production: Production): FuzzTarget {
  const { SnapshotDecoder, SnapshotHistory, DECODE_REJECTION_CODES: rejectionCodes } = production;
  const history = new SnapshotHistory(FIELDS);
  const wholes: Uint8Array[] = [];
  const seeds: Uint8Array[] = [];
  for (let tick = FIRST_TICK; tick < FIRST_TICK + TICKS; tick += 1) {
    play(history, tick);
    wholes.push(history.encode(undefined));
    seeds.push(history.encode(undefined), ...history.rungTicks.map((rung) => history.encode(rung)));
  }
  const decode = (
    frame: Uint8Array,
  ): ReturnType<InstanceType<typeof SnapshotDecoder>['decode']> => {
    const decoder = new SnapshotDecoder(FIELDS);
    for (const whole of wholes.slice(-3)) decoder.decode(whole);
    return decoder.decode(frame);
  };
  return createDecoderTarget({
    name: 'snapshot',
    inputBytesMax: 2_048,
    rejectionCodes,
    decode,
    encode: (message) => encodeWhole(new SnapshotHistory(FIELDS), message as Snapshot),
    createSeeds: (random: FuzzRandom) =>
      Array.from({ length: TICKS }, () => random.pick(seeds).slice()),
  });
}

function encodeWhole(history: SnapshotHistory, { tick, players }: Snapshot): Uint8Array {
  history.record(
    tick,
    players.map(({ entity }) => entity),
    players.map(({ fields }) => fields),
  );
  return history.encode(undefined);
}
