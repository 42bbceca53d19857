/**
 * What a snapshot must show, as the bytes of docs/PROTOCOL.md by an encoder of its own, and how far
 * a frame that differs may differ: another order of additions may round the other way.
 */
import type { Snapshot } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { ModelPlayer } from './model-player.ts';

const SNAPSHOT_KIND = 0x25;
const UNITS_PER_METRE = 1_000;
const YAW_UNITS = 65_536;
/** Fields x, y, yaw: rounded. */
const ROUNDED_FIELDS = 3;
const YAW_FIELD = 2;

/** The frame that shows these bodies at this tick. */
export function snapshotBytes(tick: number, bodies: Iterable<ModelPlayer>): Uint8Array {
  const frame: number[] = [SNAPSHOT_KIND];
  if (tick > 0) frame.push(0x08, ...varint(tick));
  for (const body of bodies) {
    if (body.ghost === 'removed') continue;
    const fields: number[] = [];
    for (const value of fieldsOf(body)) pushVarint(fields, value < 0 ? -2 * value - 1 : 2 * value);
    const entity = [0x08, ...varint(body.entity)];
    frame.push(0x12, ...varint(entity.length + 2 + fields.length), ...entity);
    frame.push(0x12, fields.length, ...fields);
  }
  return Uint8Array.from(frame);
}

/** x and y in mm, yaw in 65 536ths of a turn, isSuspended, hitPoints, isAlive, kills, deaths. */
function fieldsOf(body: ModelPlayer): readonly number[] {
  return [
    Math.round(body.x * UNITS_PER_METRE),
    Math.round(body.y * UNITS_PER_METRE),
    Math.round((body.yaw / (2 * Math.PI)) * YAW_UNITS) % YAW_UNITS,
    body.ghost === undefined ? 0 : 1,
    body.hitPoints,
    body.isAlive ? 1 : 0,
    body.kills,
    body.deaths,
  ];
}

/** The tick that a snapshot's frame claims; -1 when it has none. */
export function snapshotTick(frame: Uint8Array): number {
  if (frame[1] !== 0x08) return -1;
  let tick = 0;
  let factor = 1;
  for (let index = 2; index < frame.length; index += 1) {
    const byte = frame[index]!;
    tick += (byte & 0x7f) * factor;
    if (byte < 0x80) return tick;
    factor *= 128;
  }
  return -1;
}

/** What is wrong with `frame`, which should be `expected`; undefined = nothing but rounding. */
export function snapshotProblem(frame: Uint8Array, expected: Uint8Array): string | undefined {
  if (areEqual(frame, expected)) return undefined;
  const actual = decodeServerMessage(frame);
  const right = decodeServerMessage(expected) as Snapshot;
  if (actual.kind !== 'snapshot') return `no snapshot: ${JSON.stringify(actual)}`;
  const isRight =
    actual.tick === right.tick &&
    actual.players.length === right.players.length &&
    actual.players.every((player, index) => isNear(player, right.players[index]!));
  if (isRight) return undefined;
  const differing = right.players.filter((player, index) => {
    const other = actual.players[index];
    return other === undefined || !isNear(other, player);
  });
  const entities = new Set(differing.map(({ entity }) => entity));
  const shown = actual.players.filter(
    ({ entity }, index) => entities.has(entity) || index >= right.players.length,
  );
  return `it shows ${JSON.stringify(shown)}, not ${JSON.stringify(differing)}`;
}

type Shown = Snapshot['players'][number];

function isNear(one: Shown, other: Shown): boolean {
  if (one.entity !== other.entity || one.fields.length !== other.fields.length) return false;
  return one.fields.every((value, index) => {
    const difference = Math.abs(value - other.fields[index]!);
    if (index >= ROUNDED_FIELDS) return difference === 0;
    return difference <= 1 || (index === YAW_FIELD && difference >= YAW_UNITS - 1);
  });
}

/** Byte for byte. */
export function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  pushVarint(bytes, value);
  return bytes;
}

function pushVarint(target: number[], value: number): void {
  let rest = value;
  while (rest > 0x7f) {
    target.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  target.push(rest);
}
