/**
 * Which numbers a snapshot has of each entity: the fields of a world, and which of them move. In:
 * `LoginAccepted.snapshotFields`, on either side. Out: indexes of columns.
 */
import { assert } from '../base/assert.ts';
import type { SnapshotField } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

export class SnapshotLayout {
  readonly fieldsCount: number;
  /** Fields with `linear` interpolation: each has a velocity beside its value. */
  readonly movingCount: number;
  readonly #velocityColumns: Int32Array;

  constructor(fields: readonly SnapshotField[]) {
    assert(fields.length <= WIRE_LIMITS.snapshotFieldsMax, 'a player has too many fields');
    this.fieldsCount = fields.length;
    this.#velocityColumns = new Int32Array(fields.length);
    let moving = 0;
    fields.forEach(({ interpolation }, field) => {
      this.#velocityColumns[field] = interpolation === 'linear' ? moving++ : -1;
    });
    this.movingCount = moving;
  }

  /** The column of the field's velocity; −1 = it has none. */
  velocityColumnOf(field: number): number {
    return this.#velocityColumns[field] ?? -1;
  }
}
