/**
 * What two snapshots of a world say of motion: where entities of one are found in another, and the
 * velocities between them. A function of the world's snapshots alone, so that encodings can be
 * shared, and the same integers on both ends. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import type { SnapshotLayout } from './snapshot-layout.ts';
import type { SnapshotTable } from './snapshot-table.ts';

/**
 * Writes into `sources[i]` the index in `baseline` of entity `i` of `table`, −1 = it is not there.
 * Returns whether the two hold the same entities.
 */
export function findSources(
  table: SnapshotTable,
  baseline: SnapshotTable | undefined,
  sources: Int32Array,
): boolean {
  const { entities, count } = table;
  const known = baseline?.entities;
  const knownCount = baseline?.count ?? 0;
  let index = 0;
  let isSame = count === knownCount;
  for (let position = 0; position < count; position += 1) {
    const entity = entities[position] as number;
    while (known !== undefined && index < knownCount && (known[index] as number) < entity) {
      index += 1;
    }
    const isKnown = known !== undefined && index < knownCount && known[index] === entity;
    sources[position] = isKnown ? index : -1;
    if (!isKnown) isSame = false;
  }
  return isSame;
}

/**
 * Fills in the table's velocities: what changed since the world's previous snapshot, in steps a
 * tick, rounded half up; 0 for an entity that was not in it. `sources` is of `findSources`.
 */
export function measureVelocities(
  table: SnapshotTable,
  { layout, previous, sources }: MotionSince,
): void {
  const ticks = previous === undefined ? 1 : table.tick - previous.tick;
  for (let field = 0; field < layout.fieldsCount; field += 1) {
    const column = layout.velocityColumnOf(field);
    if (column < 0) continue;
    const to = column * table.stride;
    const now = field * table.stride;
    const before = field * (previous?.stride ?? 0);
    for (let index = 0; index < table.count; index += 1) {
      const source = sources[index] as number;
      let velocity = 0;
      if (previous !== undefined && source >= 0) {
        const value = table.values[now + index] as number;
        const change = (value - (previous.values[before + source] as number)) | 0;
        velocity = ticks === 1 ? change : Math.floor((2 * change + ticks) / (2 * ticks)) | 0;
      }
      table.velocities[to + index] = velocity;
    }
  }
}

export interface MotionSince {
  readonly layout: SnapshotLayout;
  /** The snapshot of the world before this one; undefined = there was none. */
  readonly previous: SnapshotTable | undefined;
  readonly sources: Int32Array;
}
