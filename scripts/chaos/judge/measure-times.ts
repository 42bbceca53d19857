/** How long it took from each kill until a server served, and until everybody was back. */
import type { ClientRow, LogRow } from '../log-rows.ts';
import type { PlayerStory } from './player-stories.ts';

type JoinedRow = Extract<ClientRow, { kind: 'joined' }>;

export interface RunTimes {
  readonly processStartMs: readonly number[];
  /** From the last kill before a client was back. */
  readonly resumeMs: readonly number[];
  /** From the kill that threw it out, further kills on its way back included. */
  readonly absenceMs: readonly number[];
  readonly ticksLostMax: number;
}

export function measureTimes(rows: readonly LogRow[], stories: readonly PlayerStory[]): RunTimes {
  const killedAt = new Map<number, number>();
  const processStartMs: number[] = [];
  for (const row of rows) {
    if (row.kind === 'kill') killedAt.set(row.process, row.at);
    if (row.kind !== 'listening') continue;
    const before = killedAt.get(row.process - 1);
    if (before !== undefined) processStartMs.push(row.at - before);
  }
  const resumeMs: number[] = [];
  const absenceMs: number[] = [];
  let ticksLostMax = 0;
  for (const { row, last } of stories.flatMap(returnsOf)) {
    ticksLostMax = Math.max(ticksLostMax, row.resynced?.ticksLost ?? 0);
    const lastKill = killedAt.get(row.process - 1);
    const firstKill = killedAt.get(last.process);
    if (lastKill !== undefined) resumeMs.push(row.acceptedAt - lastKill);
    if (firstKill !== undefined) absenceMs.push(row.acceptedAt - firstKill);
  }
  return { processStartMs, resumeMs, absenceMs, ticksLostMax };
}

/** To another process than the one before. */
function returnsOf({ rows }: PlayerStory): { row: JoinedRow; last: JoinedRow }[] {
  const joined = rows.filter((row) => row.kind === 'joined');
  return joined.flatMap((row, index) => {
    const last = joined[index - 1];
    return last !== undefined && last.process < row.process ? [{ row, last }] : [];
  });
}
