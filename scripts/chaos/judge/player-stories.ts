/** The rows of a log, each client's for itself, in their order. */
import type { ClientRow, LogRow } from '../log-rows.ts';

export interface PlayerStory {
  readonly client: string;
  readonly rows: readonly ClientRow[];
}

export function storiesOf(rows: readonly LogRow[]): PlayerStory[] {
  const stories = new Map<string, ClientRow[]>();
  for (const row of rows) {
    if (!('client' in row)) continue;
    const story = stories.get(row.client);
    if (story === undefined) stories.set(row.client, [row]);
    else story.push(row);
  }
  return [...stories].map(([client, own]) => ({ client, rows: own }));
}
