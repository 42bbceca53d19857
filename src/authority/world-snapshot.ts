/**
 * The world's state as numbers: one row per visible entity, collected once per tick within the
 * step, so that an authority that fails at it fails its world. Rows are the members' own and
 * reused.
 */
import { assert } from '../base/assert.ts';
import { clearArray } from '../base/clear-array.ts';
import { SnapshotHistory } from '../protocol/snapshot-history.ts';
import type { AuthorityTable } from './authority-table.ts';
import type { WorldMember } from './world-member.ts';

export class WorldSnapshot {
  readonly #table: AuthorityTable;
  readonly #entities: number[] = [];
  readonly #rows: (readonly number[])[] = [];
  /** The last of them, for those who are told what has changed. */
  readonly history: SnapshotHistory;

  constructor(table: AuthorityTable) {
    this.#table = table;
    this.history = new SnapshotHistory(table.snapshotFields);
  }

  /** Visible entities, in ascending order. */
  get entities(): readonly number[] {
    return this.#entities;
  }

  /** `rows[i]` belongs to `entities[i]`: 32-bit integers in the order of the snapshot fields. */
  get rows(): readonly (readonly number[])[] {
    return this.#rows;
  }

  /**
   * Reads everybody anew, after that tick. Throws what an authority throws, or AssertionFailure for
   * a bad row.
   */
  collect(members: Iterable<WorldMember>, tick: number): void {
    clearArray(this.#entities);
    clearArray(this.#rows);
    for (const member of members) {
      if (!this.#isVisible(member)) continue;
      this.#readRow(member);
      this.#entities.push(member.entity);
      this.#rows.push(member.row);
    }
    this.history.record(tick, this.#entities, this.#rows);
  }

  #isVisible({ playerId }: WorldMember): boolean {
    for (const authority of this.#table.authorities) {
      if (authority.isVisible?.(playerId) === false) return false;
    }
    return true;
  }

  #readRow({ playerId, row }: WorldMember): void {
    clearArray(row);
    let expected = 0;
    for (const authority of this.#table.authorities) {
      authority.readSnapshot(playerId, row);
      expected += authority.snapshotFields.length;
      assert(row.length === expected, `${authority.name} must append one number per field`);
    }
    // Deliberate: by index, as in the snapshot's codec: `for of` allocates numbers.
    for (let index = 0; index < row.length; index += 1) {
      const value = row[index] as number;
      assert((value | 0) === value, 'a snapshot row consists of 32-bit integers');
    }
  }
}
