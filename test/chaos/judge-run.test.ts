/**
 * The checker of chaos runs, on logs made by hand: where nothing is wrong each column is 0, and
 * where one thing is wrong, only the column that counts it is not.
 */
import { describe, expect, test } from 'vitest';

import { FAULTS } from '../../scripts/chaos/judge/findings.ts';
import type { Fault } from '../../scripts/chaos/judge/findings.ts';
import { judgeRun } from '../../scripts/chaos/judge/judge-run.ts';
import type { LogRow } from '../../scripts/chaos/log-rows.ts';
import type { PlayerId } from '../../src/protocol/index.ts';
import {
  ANN,
  BEN,
  ann,
  ben,
  snapshot,
  damage,
  accepted,
  joined,
  answer,
  heard,
  token,
  end,
  RESYNCED,
  goodLog,
} from './good-log.ts';

const CLEAN = Object.fromEntries(FAULTS.map((fault) => [fault, 0]));

/** The good log with the one row that is as asked for replaced. */
function spoilt<Kind extends LogRow['kind']>(
  kind: Kind,
  which: (row: Extract<LogRow, { kind: Kind }>) => boolean,
  ...instead: LogRow[]
): LogRow[] {
  const rows = goodLog();
  const at = rows.findIndex(
    (row) => row.kind === kind && which(row as Extract<LogRow, { kind: Kind }>),
  );
  expect(at).toBeGreaterThanOrEqual(0);
  rows.splice(at, 1, ...instead);
  return rows;
}

/** Ann's first snapshot after the kill is another one. */
function returned(changes: Parameters<typeof ann>[0]): LogRow[] {
  const me = ann(changes);
  return spoilt(
    'joined',
    ({ client, process }) => client === ANN && process === 1,
    joined(ANN, { process: 1, acceptedAt: 900, tick: 12, me, resynced: RESYNCED }),
  );
}

function annBack(changes: Parameters<typeof accepted>[1]): LogRow[] {
  return spoilt(
    'accepted',
    ({ client, epoch }) => client === ANN && epoch === 2,
    accepted(ANN, { at: 900, epoch: 2, isResumed: true, ...changes }),
  );
}

function annTold(changes: Partial<Record<'fromTick' | 'ticksLost' | 'newestTick', number>>) {
  const resynced = { ...RESYNCED, ...changes };
  return spoilt(
    'joined',
    ({ client, process }) => client === ANN && process === 1,
    joined(ANN, { process: 1, acceptedAt: 900, tick: 12, me: ann(), resynced }),
  );
}

function lastAnswer(changes: Parameters<typeof answer>[1]): LogRow[] {
  const said = { process: 1, tick: 13, count: 3, recent: [1, 2, 4], ...changes };
  return spoilt('answer', ({ number }) => number === 4, answer(4, said));
}

/** Whether a client says in a row that it is in the world of that process. */
function isOf(row: LogRow, client: string, process: number): boolean {
  return row.kind === 'joined' && row.client === client && row.process === process;
}

describe('a run in which nothing is wrong', () => {
  test('has no faults, and there was something to judge', () => {
    const { counts, words, judged } = judgeRun(goodLog());
    expect(words).toEqual([]);
    expect(counts).toEqual(CLEAN);
    expect(judged).toEqual({
      players: 2,
      returns: 2,
      states: 3,
      outcomesDue: 6,
      answers: 3,
      shots: 1,
    });
  });

  test('is measured from the kill', () => {
    expect(judgeRun(goodLog()).times).toEqual({
      processStartP50Ms: 300,
      resumeP50Ms: 1_000,
      resumeP99Ms: 1_000,
      absenceP99Ms: 1_000,
      ticksLostMax: 1,
    });
  });

  test('may have players who were away over two kills, and are told what the first took', () => {
    // Ben is in process 1, and Ann only in process 2, which goes on from tick 15.
    const rows = goodLog().filter((row) => !isOf(row, ANN, 1));
    const resynced = { fromTick: 15, ticksLost: 0, eventsMissed: null, newestTick: 15 };
    rows.push(joined(BEN, { process: 2, acceptedAt: 1_500, tick: 16, resynced }));
    const back = { process: 2, acceptedAt: 1_500, tick: 16, resynced: RESYNCED };
    rows.push(joined(ANN, { ...back, me: ann({ hitPoints: 0, isAlive: 0 }) }));
    rows.push(snapshot(2, 20, ann(), ben()));
    const mismatches = judgeRun(rows).words.filter((words) => words.startsWith('stateMismatches'));
    expect(mismatches).toEqual([]);
  });

  test('may have players who leave, and first logins that came to nothing', () => {
    const cid = 'cid' as PlayerId;
    const rows = spoilt('end', ({ client }) => client === BEN, { kind: 'left', client: BEN });
    rows.unshift(accepted(cid, { sessionId: 'first', entity: 3 }));
    rows.push(accepted(cid, { sessionId: 'second', entity: 4 }), joined(cid, { process: 1 }));
    rows.push(end(cid, { sessionId: 'second' }));
    expect(judgeRun(rows).words).toEqual([]);
  });

  test('may have somebody dead who lives again elsewhere, and is hit there', () => {
    const rows = returned({ x: 5, y: 6, hitPoints: 75, isAlive: 1 });
    const dead = ann({ hitPoints: 0, isAlive: 0 });
    rows.splice(
      rows.findIndex((row) => row.kind === 'snapshot' && row.tick === 4),
      1,
      snapshot(0, 4, dead, ben()),
    );
    rows.push(damage(1, 6, 11, 75));
    expect(judgeRun(rows).words).toEqual([]);
  });

  test('a second kill on the way back counts from itself, and from the first for the absence', () => {
    const rows = goodLog().filter((row) => !('client' in row) || row.client === ANN);
    const at = rows.findIndex((row) => row.kind === 'listening');
    rows.splice(
      at + 1,
      0,
      { kind: 'kill', process: 1, at: 600 },
      { kind: 'listening', process: 2, at: 800 },
    );
    const later = rows.map((row) =>
      'process' in row && row.process === 1 && row.kind !== 'kill' && row.kind !== 'listening'
        ? { ...row, process: 2 }
        : row,
    );
    expect(judgeRun(later).times).toMatchObject({ resumeP50Ms: 300, absenceP99Ms: 800 });
  });
});

const SPOILT: readonly (readonly [Fault, string, LogRow[]])[] = [
  [
    'sessionsLost',
    'a session that ended',
    spoilt('end', ({ client }) => client === ANN, {
      kind: 'closed',
      client: ANN,
      at: 2_000,
      reason: 'resume-refused',
    }),
  ],
  ['sessionsLost', 'another session after the kill', annBack({ sessionId: 'another' })],
  [
    'sessionsLost',
    'a client that is not in at the end',
    spoilt('end', ({ client }) => client === ANN, end(ANN, { state: 'reconnecting' })),
  ],
  [
    'doubled',
    'two players in one session',
    [
      ...goodLog(),
      accepted('cid' as PlayerId, {
        sessionId: 'session of ben',
        entity: 3,
      }),
    ],
  ],
  [
    'doubled',
    'two players with one entity',
    [...goodLog(), { kind: 'seat', process: 1, entity: 1, playerId: BEN }],
  ],
  [
    'doubled',
    'a player with two entities',
    [...goodLog(), { kind: 'seat', process: 1, entity: 9, playerId: ANN }],
  ],
  ['wrongEntity', 'another entity after the kill', annBack({ entity: 7 })],
  ['stateMismatches', 'another place', returned({ x: 1_300 })],
  ['stateMismatches', 'other hit points', returned({ hitPoints: 100 })],
  ['stateMismatches', 'other kills', returned({ kills: 3 })],
  ['stateMismatches', 'other deaths', returned({ deaths: 0 })],
  ['stateMismatches', 'other tokens', returned({ tokens: 1 })],
  ['stateMismatches', 'ticks lost that were not', annTold({ ticksLost: 2 })],
  [
    'stateMismatches',
    'nothing told of the kill',
    spoilt(
      'joined',
      ({ client, process }) => client === ANN && process === 1,
      joined(ANN, { process: 1, acceptedAt: 900, tick: 12, me: ann() }),
    ),
  ],
  [
    'stateMismatches',
    'nobody there',
    spoilt(
      'joined',
      ({ client, process }) => client === ANN && process === 1,
      joined(ANN, { process: 1, tick: 12, me: undefined, resynced: RESYNCED }),
    ),
  ],
  ['stateMismatches', 'a tick seen in two ways', [...goodLog(), snapshot(1, 12, ann({ x: 1 }))]],
  ['stateMismatches', 'a token that was never sent', spoilt('token', ({ number }) => number === 4)],
  ['inputsAppliedTwice', 'a token in the list twice', lastAnswer({ recent: [1, 2, 2, 4] })],
  ['inputsAppliedTwice', 'more applied than tokens', lastAnswer({ count: 4 })],
  [
    'inputsAppliedTwice',
    'a token that is answered again',
    [...goodLog(), answer(4, { process: 1, tick: 14, count: 3, recent: [1, 2, 4] })],
  ],
  ['inputsAppliedTwice', 'an outcome that is heard twice', [...goodLog(), heard(BEN, 3)]],
  [
    'reliableOutcomesLost',
    'an outcome that was undone',
    spoilt('event', ({ id }) => id === 2, damage(0, 2, 5)),
  ],
  [
    'reliableOutcomesLost',
    'an answer that was undone',
    spoilt('answer', ({ number }) => number === 2, answer(2, { tick: 5 })),
  ],
  [
    'reliableOutcomesLost',
    'an outcome that was never heard',
    spoilt('heard', ({ client, ids }) => client === ANN && ids[0] === 4, heard(ANN, 5)),
  ],
  ['reliableOutcomesLost', 'a token that is applied no more', lastAnswer({ recent: [1, 4] })],
  [
    'reliableOutcomesLost',
    'an answer that was never heard',
    [
      ...goodLog(),
      token(5),
      token(6),
      answer(6, { process: 1, tick: 16, count: 5, recent: [1, 2, 4, 5, 6] }),
    ],
  ],
  [
    'reliableOutcomesLost',
    'a token that was never applied',
    [
      ...goodLog(),
      token(5),
      answer(5, { process: 1, tick: 16, count: 4, recent: [1, 2, 4, 5] }),
      token(6),
      token(7),
      answer(7, { process: 1, tick: 18, count: 5, recent: [1, 2, 4, 5, 7] }),
    ],
  ],
  ['epochRegressions', 'an epoch that comes again', annBack({ epoch: 1 })],
];

describe('a run in which one thing is wrong', () => {
  test.each(SPOILT)('%s counts %s', (fault, _what, rows) => {
    const { counts, words } = judgeRun(rows);
    expect(counts[fault], words.join('\n')).toBeGreaterThan(0);
    expect({ ...counts, [fault]: 0 }, words.join('\n')).toEqual(CLEAN);
  });

  test('every column is among them', () => {
    expect(new Set(SPOILT.map(([fault]) => fault))).toEqual(new Set(FAULTS));
  });

  test("a token that came with its connection's last tick is dropped, not lost", () => {
    const row = joined(ANN, { process: 1, tick: 20, me: ann({ tokens: 3 }), isFresh: false });
    const rows = [...goodLog(), token(5), row, token(6)];
    rows.push(answer(6, { process: 1, tick: 22, count: 4, recent: [1, 2, 4, 6] }));
    const { tokensDropped, words } = judgeRun(rows);
    expect(words).toEqual([]);
    expect(tokensDropped).toBe(1);
  });

  test('a gap that was told is none, and a refused token neither', () => {
    const told = { fromTick: 15, ticksLost: 0, eventsMissed: 2, newestTick: 13 };
    const rows = spoilt(
      'joined',
      ({ isFresh }) => !isFresh,
      joined(ANN, {
        process: 1,
        tick: 15,
        me: ann({ hitPoints: 0, isAlive: 0, tokens: 3 }),
        newestTick: 13,
        isFresh: false,
        resynced: told,
      }),
    ).filter((row) => !(row.kind === 'heard' && row.ids[0] === 4));
    const refused: LogRow = { kind: 'refused', client: ANN, tokens: 1 };
    const recent = [1, 2, 4, 6];
    rows.push(token(5), refused, token(6), answer(6, { process: 1, tick: 16, count: 4, recent }));
    expect(judgeRun(rows).words).toEqual([]);
  });
});
