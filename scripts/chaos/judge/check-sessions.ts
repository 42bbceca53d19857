/**
 * Whether everybody kept what was theirs: the session, its entity, an epoch that only grows; and
 * nobody got what is somebody else's. In: rows. Out: findings.
 */
import type { ClientRow, LogRow } from '../log-rows.ts';
import type { Findings } from './findings.ts';
import type { PlayerStory } from './player-stories.ts';

type AcceptedRow = Extract<ClientRow, { kind: 'accepted' }>;

export function checkSessions(stories: readonly PlayerStory[], findings: Findings): void {
  const owners = new Map<string, string>();
  for (const story of stories) {
    checkStory(story, findings);
    const sessions = story.rows.filter((row) => row.kind === 'accepted');
    for (const sessionId of new Set(sessions.map((row) => row.sessionId))) {
      const owner = owners.get(sessionId) ?? story.client;
      owners.set(sessionId, owner);
      if (owner === story.client) continue;
      findings.add('doubled', `${owner} and ${story.client} both had session ${sessionId}`);
    }
  }
}

/** One entity for each player, one player for each entity, as long as a process lives. */
export function checkSeats(rows: readonly LogRow[], findings: Findings): void {
  const players = new Map<string, string>();
  const entities = new Map<string, number>();
  for (const row of rows) {
    if (row.kind !== 'seat') continue;
    const { entity, playerId, process } = row;
    const player = players.get(`${process} ${entity}`) ?? playerId;
    const own = entities.get(`${process} ${playerId}`) ?? entity;
    players.set(`${process} ${entity}`, player);
    entities.set(`${process} ${playerId}`, own);
    if (player !== playerId) {
      findings.add('doubled', `${player} and ${playerId} both had entity ${entity}`);
    }
    if (own !== entity) findings.add('doubled', `${playerId} had entities ${own} and ${entity}`);
  }
}

function checkStory({ client, rows }: PlayerStory, findings: Findings): void {
  let first: AcceptedRow | undefined;
  let lastEpoch = 0;
  let reason: string | undefined;
  for (const row of rows) {
    if (row.kind === 'closed') reason = `its session ended: ${row.reason}`;
    if (row.kind === 'end') reason ??= reasonAtEnd(row, first);
    if (row.kind !== 'accepted') continue;
    // A first login that was lost on the way may come to another session.
    if (first === undefined || !hasJoinedBefore(rows, row)) {
      if (first?.sessionId !== row.sessionId) lastEpoch = 0;
      first = row;
    } else if (row.sessionId !== first.sessionId) {
      reason ??= `it came back as session ${row.sessionId}, not ${first.sessionId}`;
    } else if (row.entity !== first.entity) {
      findings.add('wrongEntity', `${client} had ${first.entity}, came back as ${row.entity}`);
    }
    if (row.sessionId === first.sessionId && row.epoch <= lastEpoch) {
      findings.add('epochRegressions', `${client} had ${lastEpoch}, came back with ${row.epoch}`);
    }
    lastEpoch = Math.max(lastEpoch, row.epoch);
  }
  if (reason !== undefined) findings.add('sessionsLost', `${client}: ${reason}`);
}

function hasJoinedBefore(rows: readonly ClientRow[], accepted: AcceptedRow): boolean {
  const joined = rows.findIndex((row) => row.kind === 'joined');
  return joined >= 0 && joined < rows.indexOf(accepted);
}

function reasonAtEnd(
  { state, sessionId }: Extract<ClientRow, { kind: 'end' }>,
  first: AcceptedRow | undefined,
): string | undefined {
  if (state !== 'logged-in') return `it is ${state} when the run is over`;
  return sessionId === first?.sessionId ? undefined : `it ends as session ${sessionId}`;
}
