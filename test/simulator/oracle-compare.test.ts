/** Oracles that compare two runs: each passes equal ones and objects to each kind of difference. */
import { describe, expect, test } from 'vitest';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import { checkProjection } from '../../src/simulator/oracles/check-projection.ts';
import { checkRemoval } from '../../src/simulator/oracles/check-removal.ts';
import { checkRenaming } from '../../src/simulator/oracles/check-renaming.ts';
import { checkRepeat } from '../../src/simulator/oracles/check-repeat.ts';
import { checkStrictProjection } from '../../src/simulator/oracles/check-strict-projection.ts';
import { checkSubstitution } from '../../src/simulator/oracles/check-substitution.ts';
import { checkWallClock } from '../../src/simulator/oracles/check-wall-clock.ts';
import type { OracleFinding } from '../../src/simulator/oracles/oracle-finding.ts';
import { ACCEPTED } from '../support/fake-server.ts';
import { HandMadeTrace, handMadeRun, wholeLife } from './hand-made-run.ts';

const FIELDS = [
  { name: 'x', precision: 0.001, interpolation: 'linear' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
] as const;

function peersOf(findings: readonly OracleFinding[]): (string | undefined)[] {
  return findings.map(({ peer }) => peer);
}

/** As `wholeLife`, with one byte more on the wire. */
function otherLife(name: string, at = 90): HandMadeTrace {
  return new HandMadeTrace(name)
    .serverMove({ at: 10, move: 'disconnected > transport-connected transport-activity' })
    .snapshot(at, 7);
}

describe('O1: checkProjection', () => {
  const joint = handMadeRun([wholeLife('ada'), wholeLife('bob')], { name: 'joint' });

  test('equal traces pass, and only the live are compared', () => {
    expect(checkProjection(joint, handMadeRun([wholeLife('ada')]))).toEqual([]);
  });

  test('one more frame is found, with both runs by name', () => {
    const solo = handMadeRun([wholeLife('ada').snapshot(130, 3)], { name: 'solo ada' });
    const [finding] = checkProjection(joint, solo);
    expect(finding).toMatchObject({ oracle: 'O1', peer: 'ada', at: 130 });
    expect(finding!.text).toContain("'solo ada' is not 'joint' (seed 1)");
  });

  test('a peer that the joint run does not have is found', () => {
    expect(peersOf(checkProjection(joint, handMadeRun([wholeLife('cleo')])))).toEqual(['cleo']);
  });
});

describe('O1, strict: checkStrictProjection', () => {
  /** A life in a world: `entity` is the own one; `rows` are x of it at each tick. */
  function lifeAmong(entity: number, rows: readonly number[], others: number): HandMadeTrace {
    const trace = new HandMadeTrace('ada')
      .serverMove({ at: 10, move: 'login-pending > logged-in login-succeeded', epoch: 1 })
      .down(10, loginAccepted('ada', entity));
    rows.forEach((x, index) => {
      const players = [{ entity, fields: [x, x < 0 ? 0 : 1] }];
      for (let other = 0; other < others; other += 1) {
        players.push({ entity: 100 + other, fields: [other * index, 1] });
      }
      trace.up(20 + index, move(index)).down(20 + index, snapshot(index, players));
      trace.trace.recordVerdict(20 + index, move(index), {
        verdict: { outcome: 'accepted' },
        connection: 1,
      });
    });
    return trace;
  }
  const check = (joint: HandMadeTrace, alone: HandMadeTrace) =>
    checkStrictProjection(handMadeRun([joint]), handMadeRun([alone]));

  test('others on the wire and other numbers of entities make no difference', () => {
    expect(check(lifeAmong(3, [0, 300, 600], 2), lifeAmong(1, [0, 300, 600], 0))).toEqual([]);
  });

  test('another place is found', () => {
    const findings = check(lifeAmong(3, [0, 300, 600], 2), lifeAmong(1, [0, 300, 601], 0));
    expect(findings).toMatchObject([{ oracle: 'O1', peer: 'ada', at: 22 }]);
  });

  test('another move of the session is found', () => {
    const evicted = lifeAmong(1, [0], 0);
    evicted.serverMove({ at: 30, move: 'logged-in > disconnected evicted', epoch: 1 });
    expect(check(lifeAmong(3, [0], 1), evicted)).toHaveLength(1);
  });

  test('another verdict on a move is found, one on a shot is not its matter', () => {
    const [one, other] = [lifeAmong(3, [0], 1), lifeAmong(1, [0], 0)];
    const shot = { kind: 'shoot-input', tick: 1, directionX: 1, directionY: 0 } as const;
    const input = { ...shot, targetPlayerId: undefined, viewTick: 0 };
    one.trace.recordVerdict(40, input, {
      verdict: { outcome: 'rejected', code: 'target-unknown' },
      connection: 1,
    });
    expect(check(one, other)).toEqual([]);
    one.trace.recordVerdict(41, move(1), { verdict: { outcome: 'stale' }, connection: 1 });
    expect(check(one, other)).toHaveLength(1);
  });

  test('from the first death on the world decides', () => {
    expect(check(lifeAmong(3, [0, -1, 900], 1), lifeAmong(1, [0, 300, 600], 0))).toEqual([]);
    expect(check(lifeAmong(3, [0, 5, -1], 1), lifeAmong(1, [0, 6, 600], 0))).toHaveLength(1);
  });
});

describe('O2: checkSubstitution', () => {
  test('the replaced may differ or be gone, nobody else', () => {
    const baseline = handMadeRun([wholeLife('ada'), wholeLife('mallory')]);
    const check = (...traces: readonly HandMadeTrace[]) =>
      peersOf(checkSubstitution(baseline, handMadeRun(traces), new Set(['mallory'])));
    expect(check(wholeLife('ada'), otherLife('mallory'))).toEqual([]);
    expect(check(wholeLife('ada'))).toEqual([]);
    expect(check(otherLife('ada'), wholeLife('mallory'))).toEqual(['ada']);
    expect(check(wholeLife('mallory'))).toEqual(['ada']);
  });
});

describe('O3: checkRenaming', () => {
  interface Names {
    readonly me: string;
    readonly other: string;
    /** Entities of the two. */
    readonly entities?: readonly [number, number];
    readonly damage?: number;
  }

  function named({ me, other, entities = [1, 2], damage = 25 }: Names): HandMadeTrace {
    const [mine, theirs] = entities;
    const entered = [
      { entity: mine, playerId: me as PlayerId },
      { entity: theirs, playerId: other as PlayerId },
    ].toSorted((one, two) => one.entity - two.entity);
    const players = [
      { entity: mine, fields: [300, 1] },
      { entity: theirs, fields: [500, 1] },
    ].toSorted((one, two) => one.entity - two.entity);
    return new HandMadeTrace(me)
      .up(1, {
        kind: 'login',
        protocolVersion: ACCEPTED.protocolVersion,
        credentials: JSON.stringify({ playerId: me }),
      })
      .down(2, loginAccepted(me, mine))
      .down(3, { kind: 'roster', isComplete: true, entered, left: [] })
      .down(4, snapshot(1, players))
      .up(5, {
        kind: 'shoot-input',
        tick: 2,
        targetPlayerId: other as PlayerId,
        directionX: 1,
        directionY: 0,
        viewTick: 1,
      })
      .down(6, {
        kind: 'combat-event',
        tick: 2,
        event: 'damage-applied',
        targetId: other as PlayerId,
        amount: damage,
        hitPoints: 75,
      });
  }
  const original = handMadeRun([named({ me: 'ada', other: 'bob' })]);

  test.each(['__proto__', '1', '李雷 👾', 'constructor'])('the name %j means nothing', (name) => {
    const renamed = handMadeRun([named({ me: name, other: 'toString' })]);
    const originalByName = new Map([
      [name, 'ada'],
      ['toString', 'bob'],
    ]);
    expect(checkRenaming({ original, renamed, originalByName })).toEqual([]);
  });

  test('a name that was not translated, or another fact, is found', () => {
    const originalByName = new Map([['zoë', 'ada']]);
    const check = (names: Names) =>
      peersOf(checkRenaming({ original, renamed: handMadeRun([named(names)]), originalByName }));
    expect(check({ me: 'zoë', other: 'bob' })).toEqual([]);
    expect(check({ me: 'zoë', other: 'zoë' })).toEqual(['ada']);
    expect(check({ me: 'zoë', other: 'bob', damage: 50 })).toEqual(['ada']);
  });

  test('another order of joining may give other numbers, and nothing else', () => {
    const swapped = handMadeRun([named({ me: 'ada', other: 'bob', entities: [2, 1] })]);
    expect(checkRenaming({ original, renamed: swapped, isReordered: true })).toEqual([]);
    expect(checkRenaming({ original, renamed: swapped })).toHaveLength(1);
    const wrong = named({ me: 'ada', other: 'bob', entities: [2, 1], damage: 1 });
    const check = { original, renamed: handMadeRun([wrong]), isReordered: true };
    expect(checkRenaming(check)).toHaveLength(1);
  });

  test('a peer without a counterpart is found', () => {
    expect(peersOf(checkRenaming({ original, renamed: handMadeRun([]) }))).toEqual(['ada']);
  });
});

describe('O4: checkRemoval', () => {
  const AT = 100;
  const lifeUntil = (reason: string): HandMadeTrace =>
    new HandMadeTrace('mallory')
      .serverMove({ at: 10, move: 'disconnected > transport-connected transport-activity' })
      .serverMove({ at: AT, move: `transport-connected > disconnected ${reason}` });
  const baseline = handMadeRun([wholeLife('ada'), wholeLife('mallory')]);
  const check = (ada: HandMadeTrace, mallory: HandMadeTrace, strangers: readonly string[] = []) =>
    checkRemoval({
      baseline,
      removed: handMadeRun([ada, mallory]),
      removedPeer: 'mallory',
      at: AT,
      reason: 'banned',
      strangers: new Set(strangers),
    });

  test('the others may differ only from then on', () => {
    expect(check(wholeLife('ada'), lifeUntil('banned'))).toEqual([]);
    expect(check(wholeLife('ada').snapshot(130, 3), lifeUntil('banned'))).toEqual([]);
    expect(peersOf(check(otherLife('ada', AT - 1), lifeUntil('banned')))).toEqual(['ada']);
  });

  test('strangers may not differ at all', () => {
    const later = wholeLife('ada').snapshot(130, 3);
    expect(peersOf(check(later, lifeUntil('banned'), ['ada']))).toEqual(['ada']);
  });

  test('a removal without its end is found', () => {
    const texts = check(wholeLife('ada'), lifeUntil('left')).map(({ text }) => text);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('no session ended');
  });

  test('a session that goes on after its end is found', () => {
    const undead = lifeUntil('banned');
    undead.serverMove({ at: 101, move: 'transport-connected > login-pending login-started' });
    expect(check(wholeLife('ada'), undead)[0]?.text).toContain('moves after its end');
  });
});

describe('O6: checkWallClock', () => {
  test('any difference is one', () => {
    const baseline = handMadeRun([wholeLife('ada')]);
    expect(checkWallClock(baseline, handMadeRun([wholeLife('ada')]))).toEqual([]);
    expect(checkWallClock(baseline, handMadeRun([otherLife('ada')]))).toHaveLength(1);
    expect(checkWallClock(baseline, handMadeRun([]))).toHaveLength(1);
  });
});

describe('O10: checkRepeat', () => {
  const first = handMadeRun([wholeLife('ada')]);

  test('equal runs are equal, and a difference is shown', () => {
    expect(checkRepeat(first, handMadeRun([wholeLife('ada')]))).toEqual([]);
    const findings = checkRepeat(first, handMadeRun([otherLife('ada')]));
    expect(findings[0]?.text).toContain('the traces part at');
  });

  test('errors and the length of the run count too', () => {
    const errors = [{ at: 1, where: 'onVerdict', text: 'no' }];
    const texts = [{ errors }, { endedAt: 1_001 }].flatMap((given) =>
      checkRepeat(first, handMadeRun([wholeLife('ada')], given)).map(({ text }) => text),
    );
    expect(texts).toHaveLength(2);
    expect(texts[0]).toContain('the hashes of seed 1 differ');
  });
});

function move(tick: number) {
  return { kind: 'move-input', tick, directionX: 1, directionY: 0, yaw: 0 } as const;
}

function snapshot(
  tick: number,
  players: readonly { readonly entity: number; readonly fields: readonly number[] }[],
) {
  return { kind: 'snapshot', tick, players } as const;
}

function loginAccepted(name: string, entity: number) {
  return {
    ...ACCEPTED,
    sessionId: 's1' as SessionId,
    playerId: name as PlayerId,
    worldId: 'main' as WorldId,
    entity,
    snapshotFields: FIELDS,
  };
}
