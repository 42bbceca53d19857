/** A B C, A B C, …: what changes on the machine meanwhile changes for all. */
export function interleave<Item>(items: readonly Item[], rounds: number): readonly Item[] {
  return Array.from({ length: rounds }, () => items).flat();
}
