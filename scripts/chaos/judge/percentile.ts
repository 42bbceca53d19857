/** Of a list of numbers, the one below which that part of them lies; 0 for none. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * part));
  return sorted[Math.max(0, index)] ?? 0;
}
