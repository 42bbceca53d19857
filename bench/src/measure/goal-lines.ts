/** Goals for people: one a line. */
import type { Goal } from './goal.ts';
import { textTable } from './text-table.ts';

export function goalLines(goals: readonly Goal[]): string {
  const rows = goals.map(({ name, goal, value, met }) => [
    name,
    goal,
    met === null ? '–' : String(value),
    met === null ? 'not measured' : met ? 'met' : 'missed',
  ]);
  return textTable(['bar', 'goal', 'value', 'verdict'], rows);
}
