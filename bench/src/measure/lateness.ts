/**
 * How much longer than a step each state let its player wait: what is felt as a stutter. A state
 * that comes late and the next one in time count once. In: instants of arrival, the step.
 * Out: milliseconds, one fewer than arrivals, 0 for what came in time or early.
 */
export function latenessOf(arrivals: readonly number[], stepMs: number): number[] {
  return arrivals.slice(1).map((at, index) => Math.max(0, at - arrivals[index]! - stepMs));
}
