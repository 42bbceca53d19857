/**
 * Whether everybody heard every outcome once, in every stretch in which the reliable lane promises
 * it, and whether no outcome that was heard was undone. A stretch begins where a client counts anew
 * and ends with the last outcome that it heard. In: rows, history. Out: findings, how many were
 * due.
 */
import type { ClientRow } from '../log-rows.ts';
import type { Findings } from './findings.ts';
import type { PlayerStory } from './player-stories.ts';
import type { WorldHistory } from './world-history.ts';

interface Stretch {
  readonly client: string;
  readonly process: number;
  /** Outcomes of later ticks are due. */
  readonly afterTick: number;
  readonly heard: number[];
}

export function checkOutcomes(
  stories: readonly PlayerStory[],
  history: WorldHistory,
  findings: Findings,
): number {
  for (const { process, id, event } of history.outcomes.values()) {
    if (!history.isUndone({ process, tick: event.tick })) continue;
    const words = `${event.event} of tick ${event.tick} of process ${process} was undone`;
    findings.add('reliableOutcomesLost', `${words} (outcome ${id})`);
  }
  let due = 0;
  for (const { client, rows } of stories) {
    for (const stretch of stretchesOf(client, rows)) due += judge(stretch, history, findings);
  }
  return due;
}

function stretchesOf(client: string, rows: readonly ClientRow[]): Stretch[] {
  const stretches: Stretch[] = [];
  let current: Stretch | undefined;
  let hasJoined = false;
  // Heard on a connection of which isn't known yet whether it counts anew.
  let undecided: number[] = [];
  for (const row of rows) {
    if (row.kind === 'accepted') hasJoined = false;
    if (row.kind === 'heard') (hasJoined ? current?.heard : undecided)?.push(...row.ids);
    if (row.kind !== 'joined') continue;
    if (current === undefined || row.isFresh || row.resynced !== undefined) {
      current = { client, process: row.process, afterTick: row.tick, heard: [] };
      stretches.push(current);
    }
    current.heard.push(...undecided);
    undecided = [];
    hasJoined = true;
  }
  return stretches;
}

/** Answers how many outcomes were due. */
function judge(stretch: Stretch, history: WorldHistory, findings: Findings): number {
  const { client, process, afterTick } = stretch;
  const heard = stretch.heard.filter((id) => history.outcomes.get(id)?.process === process);
  const unique = new Set(heard);
  if (unique.size < heard.length) {
    const times = heard.length - unique.size;
    findings.add('inputsAppliedTwice', `${client} heard ${times} outcomes twice`, times);
  }
  const lastTick = Math.max(0, ...heard.map((id) => history.outcomes.get(id)?.event.tick ?? 0));
  const due = history
    .outcomesOf(process)
    .filter(({ event }) => event.tick > afterTick && event.tick < lastTick);
  const missing = due.filter(({ id }) => !unique.has(id));
  for (const { id, event } of missing) {
    const what = `${event.event} of tick ${event.tick} of process ${process}`;
    findings.add('reliableOutcomesLost', `${client} never heard ${what} (outcome ${id})`);
  }
  return due.length;
}
