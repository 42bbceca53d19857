/**
 * A game's own numbers in snapshots: names and precisions, written once and shared by both ends.
 * In: a table. Out: the list for an authority, the types for a client, numbers as they are sent.
 */
import { HoldfastError } from './holdfast-error.ts';
import type { SnapshotField } from './messages.ts';
import { snapshotFieldProblem } from './snapshot-field-problem.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

export type SnapshotFieldDefinition = Omit<SnapshotField, 'name'>;

/** The table by name; create it with `defineSnapshotFields`. */
export interface SnapshotFieldDefinitions<
  Table extends Readonly<Record<string, SnapshotFieldDefinition>> = Readonly<
    Record<string, SnapshotFieldDefinition>
  >,
> {
  readonly table: Table;
  /** In the order of the table: the `snapshotFields` of the authority that fills them. */
  readonly list: readonly SnapshotField[];
  /**
   * A number as `readSnapshot` appends it: whole steps of its precision, rounded, and at most as
   * many as 32 bits hold. What a client reads differs by half a step at most.
   */
  toSteps(name: keyof Table & string, value: number): number;
}

/** What a client reads of each player: every name of the table. */
export type SnapshotFieldsOf<Definitions extends SnapshotFieldDefinitions> = {
  readonly [Name in keyof Definitions['table'] & string]: number;
};

const STEPS_MAX = 2 ** 31 - 1;

/**
 * Checks and freezes the game's numbers. Throws HoldfastError `invalid-argument`, which names the
 * field.
 *
 * @example
 * const FIELDS = defineSnapshotFields({ stamina: { precision: 0.01, interpolation: 'linear' } });
 */
export function defineSnapshotFields<
  const Table extends Readonly<Record<string, SnapshotFieldDefinition>>,
>(table: Table): SnapshotFieldDefinitions<Table> {
  const list = Object.entries(table).map(([name, { precision, interpolation }]) =>
    Object.freeze({ name, precision, interpolation }),
  );
  if (list.length > WIRE_LIMITS.snapshotFieldsMax) {
    fail(`at most ${WIRE_LIMITS.snapshotFieldsMax} snapshot fields fit a world`);
  }
  for (const field of list) {
    const problem = snapshotFieldProblem(field);
    if (problem !== undefined) fail(problem);
  }
  return Object.freeze({
    table: Object.freeze({ ...table }),
    list: Object.freeze(list),
    toSteps(name: keyof Table & string, value: number): number {
      const steps = Math.round(value / (table[name]?.precision ?? Number.NaN));
      if (Number.isNaN(steps)) fail(`the snapshot field '${name}' has no value`);
      return Math.max(-STEPS_MAX, Math.min(STEPS_MAX, steps)) + 0;
    },
  });
}

function fail(problem: string): never {
  throw new HoldfastError('invalid-argument', problem);
}
