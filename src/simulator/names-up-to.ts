/** The names of so many peers: `peer-1`, `peer-2` and on. */
export function namesUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `peer-${index + 1}`);
}
