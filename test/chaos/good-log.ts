/** A log of a chaos run in which nothing is wrong, and the rows it is made of. */
import type { ClientRow, LogRow, PlayerNumbers } from '../../scripts/chaos/log-rows.ts';
import type { CombatEvent, PlayerId } from '../../src/protocol/index.ts';

export const ANN = 'ann' as PlayerId;
export const BEN = 'ben' as PlayerId;

export function ann(changes: Partial<Record<keyof typeof COLUMNS, number>> = {}): PlayerNumbers {
  return numbers([1, 1_000, 2_000, 75, 1, 2, 1, 2], changes);
}

export function ben(changes: Partial<Record<keyof typeof COLUMNS, number>> = {}): PlayerNumbers {
  return numbers([2, -500, 700, 100, 1, 0, 0, 0], changes);
}

const COLUMNS = { x: 1, y: 2, hitPoints: 3, isAlive: 4, kills: 5, deaths: 6, tokens: 7 } as const;

function numbers(
  base: readonly number[],
  changes: Partial<Record<keyof typeof COLUMNS, number>>,
): PlayerNumbers {
  const row = [...base];
  for (const [name, value] of Object.entries(changes)) {
    row[COLUMNS[name as keyof typeof COLUMNS]] = value;
  }
  return row as unknown as PlayerNumbers;
}

export function snapshot(process: number, tick: number, ...players: PlayerNumbers[]): LogRow {
  return { kind: 'snapshot', process, tick, players };
}

export function damage(process: number, id: number, tick: number, hitPoints = 75): LogRow {
  const event: CombatEvent = {
    kind: 'combat-event',
    tick,
    event: 'damage-applied',
    targetId: ANN,
    amount: 25,
    hitPoints,
  };
  return { kind: 'event', process, id, event };
}

export function accepted(
  client: PlayerId,
  changes: Partial<Extract<ClientRow, { kind: 'accepted' }>> = {},
): LogRow {
  return {
    kind: 'accepted',
    client,
    at: 10,
    sessionId: `session of ${client}`,
    playerId: client,
    epoch: 1,
    entity: client === ANN ? 1 : 2,
    isResumed: false,
    ...changes,
  };
}

export function joined(
  client: PlayerId,
  changes: Partial<Extract<ClientRow, { kind: 'joined' }>> = {},
): LogRow {
  return {
    kind: 'joined',
    client,
    process: 0,
    acceptedAt: 10,
    tick: 1,
    me: client === ANN ? ann({ tokens: 0 }) : ben(),
    resynced: undefined,
    newestTick: 0,
    isFresh: true,
    ...changes,
  };
}

export function answer(
  number: number,
  changes: Partial<Extract<ClientRow, { kind: 'answer' }>> = {},
): LogRow {
  const recent = Array.from({ length: number }, (_, index) => index + 1);
  return {
    kind: 'answer',
    client: ANN,
    process: 0,
    tick: number + 1,
    number,
    count: number,
    recent,
    ...changes,
  };
}

export function heard(client: PlayerId, ...ids: number[]): LogRow {
  return { kind: 'heard', client, ids };
}

export function token(number: number): LogRow {
  return { kind: 'token', client: ANN, number };
}

export function end(
  client: PlayerId,
  changes: Partial<Extract<ClientRow, { kind: 'end' }>> = {},
): LogRow {
  const sessionId = `session of ${client}`;
  return { kind: 'end', client, state: 'logged-in', sessionId, ...changes };
}

export const RESYNCED = { fromTick: 4, ticksLost: 1, eventsMissed: null, newestTick: 5 } as const;

/** Two players, a kill at tick 5 that takes one tick away, everybody back, a loss and a return. */
export function goodLog(): LogRow[] {
  return [
    accepted(ANN),
    accepted(BEN),
    { kind: 'seat', process: 0, entity: 1, playerId: ANN },
    { kind: 'seat', process: 0, entity: 2, playerId: BEN },
    snapshot(0, 1, ann({ hitPoints: 100, tokens: 0 }), ben()),
    joined(ANN),
    joined(BEN),
    token(1),
    { kind: 'shot', client: BEN, tick: 2 },
    snapshot(0, 2, ann({ hitPoints: 100, tokens: 1 }), ben()),
    answer(1),
    damage(0, 1, 3),
    damage(0, 2, 4),
    heard(ANN, 1, 2),
    heard(BEN, 1, 2),
    token(2),
    answer(2),
    snapshot(0, 4, ann(), ben()),
    snapshot(0, 5, ann({ x: 1_300 }), ben()),
    { kind: 'kill', process: 0, at: 100 },
    { kind: 'listening', process: 1, at: 400 },
    accepted(ANN, { at: 900, epoch: 2, isResumed: true }),
    accepted(BEN, { at: 1_100, epoch: 2, isResumed: true }),
    { kind: 'seat', process: 1, entity: 1, playerId: ANN },
    snapshot(1, 12, ann(), ben()),
    joined(ANN, { process: 1, acceptedAt: 900, tick: 12, me: ann(), resynced: RESYNCED }),
    joined(BEN, { process: 1, acceptedAt: 1_100, tick: 12, me: ben(), resynced: RESYNCED }),
    token(4),
    answer(4, { process: 1, tick: 13, count: 3, recent: [1, 2, 4] }),
    damage(1, 3, 13, 50),
    damage(1, 4, 14, 25),
    damage(1, 5, 15, 0),
    heard(ANN, 3),
    heard(BEN, 3, 4, 5),
    accepted(ANN, { at: 1_500, epoch: 3, isResumed: true }),
    heard(ANN, 4, 5),
    snapshot(1, 13, ann({ hitPoints: 50, tokens: 3 }), ben()),
    snapshot(1, 15, ann({ hitPoints: 0, isAlive: 0, tokens: 3 }), ben()),
    joined(ANN, {
      process: 1,
      acceptedAt: 1_500,
      tick: 15,
      me: ann({ hitPoints: 0, isAlive: 0, tokens: 3 }),
      newestTick: 13,
      isFresh: false,
    }),
    snapshot(1, 20, ann(), ben()),
    end(ANN),
    end(BEN),
  ];
}
