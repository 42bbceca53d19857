/**
 * What a snapshot must show, and how far one that differs may differ: another order of additions
 * may round the other way. In: bodies, snapshots as they were read. Out: what is wrong.
 */
import type { Snapshot } from '../../../protocol/messages.ts';
import type { ModelPlayer } from './model-player.ts';

const UNITS_PER_METRE = 1_000;
const YAW_UNITS = 65_536;
/** Fields x, y, yaw: rounded. */
const ROUNDED_FIELDS = 3;
const YAW_FIELD = 2;
/** With the entity in front. */
const NUMBERS_EACH = 9;

/** One after the other: the entity of each body that is to be seen, and its fields. */
export type ShownNumbers = Int32Array;

export function shownNumbers(bodies: Iterable<ModelPlayer>): ShownNumbers {
  const numbers: number[] = [];
  for (const body of bodies) {
    if (body.ghost !== 'removed') numbers.push(body.entity, ...fieldsOf(body));
  }
  return Int32Array.from(numbers);
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

/** What is wrong with a snapshot that should show `expected`; undefined = nothing but rounding. */
export function snapshotProblem(actual: Snapshot, expected: ShownNumbers): string | undefined {
  const right = playersOf(expected);
  const isRight =
    actual.players.length === right.length &&
    actual.players.every((player, index) => isNear(player, right[index]!));
  if (isRight) return undefined;
  const differing = right.filter((player, index) => {
    const other = actual.players[index];
    return other === undefined || !isNear(other, player);
  });
  const entities = new Set(differing.map(({ entity }) => entity));
  const shown = actual.players.filter(
    ({ entity }, index) => entities.has(entity) || index >= right.length,
  );
  return `it shows ${JSON.stringify(shown)}, not ${JSON.stringify(differing)}`;
}

function playersOf(numbers: ShownNumbers): Shown[] {
  const players: Shown[] = [];
  for (let at = 0; at < numbers.length; at += NUMBERS_EACH) {
    const [entity = 0, ...fields] = numbers.subarray(at, at + NUMBERS_EACH);
    players.push({ entity, fields });
  }
  return players;
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
