/** What keeps a number from being a field of snapshots: what LoginAccepted can't say of it. */
import type { SnapshotField } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const INTERPOLATIONS: ReadonlySet<unknown> = new Set<SnapshotField['interpolation']>([
  'linear',
  'angle',
  'step',
]);
const FIELD_NAME = /^[\x21-\x7e]+$/;

/** Also for callers without types; undefined = nothing. */
export function snapshotFieldProblem({
  name,
  precision,
  interpolation,
}: SnapshotField): string | undefined {
  const lengthMax = WIRE_LIMITS.snapshotFieldNameLengthMax;
  const isNamed = typeof name === 'string' && name.length <= lengthMax && FIELD_NAME.test(name);
  if (!isNamed) return `the snapshot field '${name}' needs a name of printable characters`;
  const isPrecise = Number.isFinite(precision) && precision > 0;
  if (!isPrecise) return `the precision of the snapshot field '${name}' must be more than 0`;
  if (INTERPOLATIONS.has(interpolation)) return undefined;
  return `the interpolation of the snapshot field '${name}' must be linear, angle or step`;
}
