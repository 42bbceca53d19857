/** Whether a disk can be held to its word at some time. In: what is known of it. Out: an answer. */
import type { RunDurability } from '../run-result.ts';

/** How long what failed may still be on its way after the disk is good again, in ms. */
const AFTERMATH_MS = 2_000;

/** Commits failed, or might have, at some instant of the span or shortly before. */
export function isTroubled(
  { troubles }: Pick<RunDurability, 'troubles'>,
  span: { readonly from: number; readonly until: number },
): boolean {
  return troubles.some(
    ({ from, until }) => from <= span.until && until + AFTERMATH_MS >= span.from,
  );
}
