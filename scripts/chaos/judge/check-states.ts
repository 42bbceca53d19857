/**
 * Whether who comes back finds what was: place, hit points, kills, deaths, tokens are those of the
 * tick from which the server went on, but for what outcomes since then explain. In: rows, the
 * world's history. Out: findings, how many returns could be judged.
 */
import type { ClientRow, PlayerNumbers } from '../log-rows.ts';
import type { Findings } from './findings.ts';
import type { PlayerStory } from './player-stories.ts';
import type { Moment, SeenState, WorldHistory } from './world-history.ts';

type JoinedRow = Extract<ClientRow, { kind: 'joined' }>;

const HIT_POINTS_MAX = 100;
/** A process that dies so soon may have taken outcomes with it that nobody has heard. Ticks. */
const HEARD_WITHIN_TICKS = 3;

interface Return {
  readonly playerId: string;
  readonly row: JoinedRow;
  readonly me: PlayerNumbers;
  readonly before: SeenState;
  /** Of a restored world, in which nobody moves who is away. */
  readonly isRestored: boolean;
}

/** Answers how many returns were compared with what was before. */
export function checkStates(
  stories: readonly PlayerStory[],
  history: WorldHistory,
  findings: Findings,
): number {
  let judged = 0;
  for (const { client, rows } of stories) {
    let last: JoinedRow | undefined;
    let playerId = client;
    for (const row of rows) {
      if (row.kind === 'accepted') ({ playerId } = row);
      if (row.kind !== 'joined') continue;
      if (last !== undefined) {
        checkTold(row, last, findings);
        if (judgeReturn({ row, last, playerId }, history, findings)) judged += 1;
      }
      last = row;
    }
  }
  return judged;
}

/** A client that comes back to a restored world is told, and told how much was lost. */
function checkTold(row: JoinedRow, last: JoinedRow, findings: Findings): void {
  const { client, process, resynced } = row;
  if (process === last.process) return;
  if (resynced === undefined) {
    findings.add('stateMismatches', `${client} was not told that process ${process} is another`);
    return;
  }
  const lost = Math.max(0, resynced.newestTick - resynced.fromTick);
  if (lost === resynced.ticksLost) return;
  const words = `${client} was told of ${resynced.ticksLost} lost ticks, it lost ${lost}`;
  findings.add('stateMismatches', words);
}

/** False: there is nothing to compare with. */
function judgeReturn(
  given: { readonly row: JoinedRow; readonly last: JoinedRow; readonly playerId: string },
  history: WorldHistory,
  findings: Findings,
): boolean {
  const { row, last, playerId } = given;
  const { client, me, process, tick } = row;
  if (history.newestTick(process) < tick + HEARD_WITHIN_TICKS) return false;
  if (me === undefined) {
    findings.add('stateMismatches', `${client} is not in the world at tick ${tick}`);
    return true;
  }
  const isRestored = process !== last.process;
  const before = isRestored
    ? history.stateBefore(last.process + 1, me[0])
    : history.stateAt({ process, tick: row.newestTick }, me[0]);
  if (before === undefined) return false;
  for (const words of differences({ playerId, row, me, before, isRestored }, history)) {
    const times = `${moment(before.at)} and ${moment(row)}`;
    findings.add('stateMismatches', `${client}: ${words}, between ${times}`);
  }
  return true;
}

function differences(given: Return, history: WorldHistory): string[] {
  const { playerId, row, me, before, isRestored } = given;
  const [, x, y, hitPointsBefore, , killsBefore, deathsBefore, tokensBefore] = before.numbers;
  const [, xNow, yNow, hitPoints, isAlive, kills, deaths, tokens] = me;
  let expected = hitPointsBefore;
  let killsSince = 0;
  let deathsSince = 0;
  for (const event of history.outcomesBetween(before.at, row)) {
    if (event.event === 'damage-applied' && event.targetId === playerId) {
      expected = event.hitPoints;
    }
    if (event.event !== 'death') continue;
    if (event.killerId === playerId) killsSince += 1;
    if (event.targetId === playerId) deathsSince += 1;
  }
  const wasAlive = hitPointsBefore > 0 ? 1 : 0;
  const hasNewLife = deathsSince + isAlive > wasAlive;
  if (isAlive === 1 && expected === 0) expected = HIT_POINTS_MAX;
  const found = [
    different('hit points', hitPoints, expected),
    different('kills', kills, killsBefore + killsSince),
    different('deaths', deaths, deathsBefore + deathsSince),
  ];
  if (isRestored) found.push(different('tokens', tokens, tokensBefore));
  if (isRestored && !hasNewLife) {
    found.push(different('x', xNow, x), different('y', yNow, y));
  }
  return found.filter((words) => words !== undefined);
}

function different(what: string, now: number, expected: number): string | undefined {
  return now === expected ? undefined : `${what} ${now}, not ${expected}`;
}

function moment({ process, tick }: Moment): string {
  return `tick ${tick} of process ${process}`;
}
