/** A snapshot of 50 moving players: time to encode and its bytes, beside JSON in one run. */
import { encodeServerMessage } from 'holdfast/protocol';
import type { Snapshot } from 'holdfast/protocol';

const PLAYERS = 50;
const ROUNDS = 20_000;

export interface SnapshotsResult {
  readonly players: number;
  readonly encodeMicroseconds: number;
  readonly jsonMicroseconds: number;
  readonly ratio: number;
  readonly bytes: number;
  readonly jsonBytes: number;
}

/** Eight fields a player, as movement and combat have them; positions in mm. */
function createSnapshot(tick: number): Snapshot {
  const players = Array.from({ length: PLAYERS }, (_, index) => ({
    entity: index + 1,
    fields: [
      (index * 797 + tick * 300) % 40_000,
      (index * 1_103 + tick * 170) % 24_000,
      ((index * 911 + tick * 700) % 65_536) - 32_768,
      0,
      100 - (index % 4) * 25,
      1,
      index % 7,
      index % 5,
    ],
  }));
  return { kind: 'snapshot', tick, players };
}

function microsecondsEach(snapshots: readonly Snapshot[], encode: (one: Snapshot) => unknown) {
  for (const snapshot of snapshots) encode(snapshot);
  const started = process.hrtime.bigint();
  for (let turn = 0; turn < ROUNDS; turn += 1) encode(snapshots[turn % snapshots.length]!);
  return Number(process.hrtime.bigint() - started) / ROUNDS / 1_000;
}

export function benchSnapshots(): SnapshotsResult {
  const snapshots = Array.from({ length: 64 }, (_, index) => createSnapshot(100_000 + index));
  const encodeMicroseconds = microsecondsEach(snapshots, encodeServerMessage);
  const jsonMicroseconds = microsecondsEach(snapshots, JSON.stringify);
  return {
    players: PLAYERS,
    encodeMicroseconds: round(encodeMicroseconds),
    jsonMicroseconds: round(jsonMicroseconds),
    ratio: round(encodeMicroseconds / jsonMicroseconds),
    bytes: encodeServerMessage(snapshots[0]!).length,
    jsonBytes: JSON.stringify(snapshots[0]).length,
  };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
