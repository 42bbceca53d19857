/** The model of the authority: it passes a right run and objects to each kind of wrong. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { CombatEvent, ServerMessage } from '../../src/protocol/messages.ts';
import { EnvironmentTape, type TapeEntry } from '../../src/simulator/environment-tape.ts';
import { createFighter } from '../../src/simulator/fighter.ts';
import {
  SHIPPED_GAME_RULES,
  type GameRules,
} from '../../src/simulator/oracles/authority-model/game-rules.ts';
import { hostileRules } from '../../src/simulator/actors/hostile-rules.ts';
import { checkAuthority } from '../../src/simulator/oracles/check-authority.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import { TraceDecoder } from '../../src/simulator/oracles/trace-decoder.ts';
import { Trace, type TraceEntry } from '../../src/simulator/trace.ts';
import { ServerFrameEncoder } from '../support/server-frame-encoder.ts';
import { BAD_LINE, evict, ONE_SPAWN_POINT, recordRun } from './recorded-run.ts';

/** Of ONE_SPAWN_POINT. */
const RULES: GameRules = {
  ...SHIPPED_GAME_RULES,
  field: { minX: 0, minY: 0, maxX: 16, maxY: 12 },
  spawnPoints: [{ x: 8, y: 6 }],
};

let run: RunResult;

beforeAll(async () => {
  run = await recordRun({
    seed: 7,
    peers: [{ name: 'ada' }, { name: 'bob', faults: BAD_LINE }, { name: 'cleo', joinsAtMs: 900 }],
    durationMs: 12_000,
    prepare: (simulation) => {
      simulation.schedule(4_000, () => simulation.network.line('bob').halfOpen('client'));
      simulation.schedule(7_000, () => simulation.network.line('cleo').reset());
    },
  });
});

function textsOf(changed: RunResult, rules: GameRules = RULES): string[] {
  return checkAuthority(changed, rules).map(({ text }) => text);
}

/** The run with each entry of ada's trace replaced by what `change` makes of it. */
function withTrace(
  change: (entry: TraceEntry, index: number) => readonly TraceEntry[],
  given = run,
): RunResult {
  const peers = new Map(given.peers);
  const ada = peers.get('ada')!;
  const trace = new Trace('ada');
  let index = 0;
  for (const entry of ada.trace.entries()) {
    for (const each of change(entry, index)) trace.append(each);
    index += 1;
  }
  peers.set('ada', { ...ada, trace });
  return { ...given, peers };
}

/** The run with another tape. */
function withTape(change: (entries: readonly TapeEntry[]) => readonly TapeEntry[]): RunResult {
  const tape = new EnvironmentTape();
  for (const life of run.tape) {
    tape.open(life.worldId, life.openedAt).entries.push(...change(life.entries));
  }
  return { ...run, tape };
}

/** Ada's n-th frame of a kind changed, or left out. */
function withMessage<Kind extends ServerMessage['kind']>(
  kind: Kind,
  change: (message: ServerMessage & { kind: Kind }) => ServerMessage | undefined,
): RunResult {
  let isDone = false;
  const decoder = new TraceDecoder();
  const encoder = new ServerFrameEncoder();
  return withTrace((entry) => {
    if (isDone || entry.kind !== 'server-sent') return [entry];
    const message = decoder.decode(entry.connection, entry.bytes);
    if (message.kind === 'login-accepted') encoder.encode(message);
    if (message.kind !== kind) return [entry];
    const changed = change(message as ServerMessage & { kind: Kind });
    if (changed === message) return [entry];
    isDone = true;
    if (changed === undefined) return [];
    const bytes = encoder.encode(changed);
    return [{ ...entry, bytes, size: bytes.length }];
  });
}

function isVerdict(entry: TraceEntry, text: RegExp): boolean {
  return entry.kind === 'verdict' && text.test(entry.text ?? '');
}

/** With the first entry that fits replaced. */
function once(
  fits: (entry: TraceEntry) => boolean,
  replace: (entry: TraceEntry) => readonly TraceEntry[],
): (entry: TraceEntry) => readonly TraceEntry[] {
  let isDone = false;
  return (entry) => {
    if (isDone || !fits(entry)) return [entry];
    isDone = true;
    return replace(entry);
  };
}

/** Ada plays until something happens between two ticks; the run ends before long. */
function endAt(atMs: number, end: (simulation: Simulation) => void): Promise<RunResult> {
  return recordRun({
    peers: [{ name: 'ada' }],
    durationMs: atMs + 10,
    isStopped: false,
    prepare: (simulation) => simulation.schedule(atMs, () => end(simulation)),
  });
}

const ACCEPTED_MOVE = /^move-input \d+ accepted$/;

describe('checkAuthority', () => {
  test('a run with takeovers and returns is as the model has it', () => {
    expect(textsOf(run)).toEqual([]);
  });

  test('the run has something to judge', () => {
    const verdicts = new Set<string>();
    for (const { trace } of run.peers.values()) {
      for (const { text = '' } of trace.entries('verdict')) {
        verdicts.add(text.replace(/ \d+ /, ' '));
      }
    }
    expect([...verdicts]).toEqual(
      expect.arrayContaining(['move-input accepted', 'shoot-input accepted', 'move-input stale']),
    );
  });

  test('a verdict that is missing is found', () => {
    const changed = withTrace(
      once(
        (entry) => isVerdict(entry, ACCEPTED_MOVE),
        () => [],
      ),
    );
    expect(textsOf(changed)).toEqual([expect.stringMatching(/ada .*is due, but there is nothing/)]);
  });

  test('a second verdict on one input is found', () => {
    const twice = once(
      (entry) => isVerdict(entry, ACCEPTED_MOVE),
      (entry) => [entry, entry],
    );
    expect(textsOf(withTrace(twice))).toEqual([expect.stringMatching(/is nobody's due/)]);
  });

  test('another verdict is found', () => {
    const clamped = once(
      (entry) => isVerdict(entry, ACCEPTED_MOVE),
      (entry) => [{ ...entry, details: [1, entry.details[1]] }],
    );
    expect(textsOf(withTrace(clamped))).toEqual([expect.stringMatching(/accepted' is due/)]);
  });

  test('a verdict in another instant is found', () => {
    const later = once(
      (entry) => isVerdict(entry, ACCEPTED_MOVE),
      (entry) => [{ ...entry, at: entry.at + 1 }],
    );
    expect(textsOf(withTrace(later))).toHaveLength(1);
  });

  test('a body that is two millimetres off is found', () => {
    const changed = withMessage('snapshot', (snapshot) => {
      const [first, ...others] = snapshot.players;
      if (first === undefined || snapshot.tick < 20) return snapshot;
      const [x = 0, ...rest] = first.fields;
      return { ...snapshot, players: [{ ...first, fields: [x + 2, ...rest] }, ...others] };
    });
    expect(textsOf(changed)).toEqual([expect.stringMatching(/the snapshot of tick .* it shows/)]);
  });

  test('a body that is not shown is found', () => {
    const changed = withMessage('snapshot', (snapshot) => ({ ...snapshot, players: [] }));
    expect(textsOf(changed)).toHaveLength(1);
  });

  test('an old snapshot is found', () => {
    const changed = withMessage('snapshot', (snapshot) =>
      snapshot.tick === 30 ? { ...snapshot, tick: 28 } : snapshot,
    );
    expect(textsOf(changed)).toEqual([expect.stringMatching(/a snapshot of tick 28, where/)]);
  });

  test.each<[string, (event: CombatEvent) => ServerMessage | undefined]>([
    ['an event that is not told', () => undefined],
    [
      'another target',
      (event) => (event.event === 'hit' ? { ...event, targetId: event.shooterId } : event),
    ],
    [
      'another damage',
      (event) => (event.event === 'damage-applied' ? { ...event, amount: 24 } : event),
    ],
    [
      'another killer',
      (event) => (event.event === 'death' ? { ...event, killerId: event.targetId } : event),
    ],
    ['another tick', (event) => ({ ...event, tick: event.tick + 1 })],
  ])('%s is found', (_, change) => {
    expect(textsOf(withMessage('combat-event', change))).toEqual([
      expect.stringMatching(/told .* is due/),
    ]);
  });

  test('a roster that leaves somebody out is found', () => {
    const changed = withMessage('roster', (roster) =>
      roster.isComplete ? roster : { ...roster, entered: [] },
    );
    expect(textsOf(changed)).toEqual([expect.stringMatching(/told .*roster/)]);
  });

  test('a wrong acknowledgement is found', () => {
    const changed = withMessage('input-ack', (ack) => ({
      ...ack,
      lastInputTick: ack.lastInputTick + 1,
    }));
    expect(textsOf(changed)).toEqual([expect.stringMatching(/an ack of/)]);
  });

  test('a world that leaves out an instant is found', () => {
    const changed = withTape((entries) => entries.filter(({ at }) => at < 5_000 || at > 5_200));
    expect(textsOf(changed).length).toBeGreaterThan(0);
  });

  test('a world that stops with players in it is found', () => {
    const changed = withTape((entries) => entries.filter(({ at }) => at < 5_000));
    expect(textsOf(changed)).toContainEqual(expect.stringMatching(/stands still with 3 players/));
  });

  test('a world that fails is found', () => {
    const changed = withTape((entries) => [...entries, { at: 20_000, op: 'fail', error: 'why' }]);
    expect(textsOf(changed)).toContainEqual(expect.stringMatching(/the world fails/));
  });

  describe('what waited when the last player left', () => {
    test('has its verdict when the host is stopped', async () => {
      const short = await endAt(3_005, ({ server }) => void server.stop());
      expect(textsOf(short)).toEqual([]);
      const isLast = (entry: TraceEntry): boolean => isVerdict(entry, / rejected not-logged-in$/);
      const silent = withTrace((entry) => (isLast(entry) ? [] : [entry]), short);
      expect(textsOf(silent)).toEqual([expect.stringMatching(/no verdict: .* is due/)]);
    });

    test.each<[string, (simulation: Simulation) => void]>([
      ['the run is over', () => undefined],
      ['the server dies', ({ server }) => server.crash()],
      [
        'the server stands still and dies',
        (simulation) => {
          simulation.server.node.pause();
          simulation.schedule(3, () => simulation.server.crash());
        },
      ],
    ])('has no verdict when %s before the next tick', async (_, end) => {
      const short = await endAt(3_005, (simulation) => {
        evict(simulation, 'ada', 'unwanted');
        end(simulation);
      });
      expect(textsOf(short)).toEqual([]);
      const long = { ...short, endedAt: short.endedAt + 100, absences: new Map() };
      expect(textsOf(long)).toEqual([expect.stringMatching(/no verdict: .* is due/)]);
    });
  });

  test('a world that opens as its host ticks may tick at once, as often as any', () => {
    const life = [...run.tape][0]!;
    const steps = life.entries.filter(({ op }) => op === 'step').map(({ at }) => at);
    const problemsWith = (ticks: number): string[] => {
      const tape = new EnvironmentTape();
      const at = steps[ticks - 1]!;
      const entries = life.entries.map((entry) => ({ ...entry, at: Math.max(entry.at, at) }));
      tape.open(life.worldId, at - 0.0001).entries.push(...entries);
      return textsOf({ ...run, tape }).filter((text) => text.includes('ticks run'));
    };
    expect(problemsWith(1)).toEqual([]);
    expect(problemsWith(5)).toEqual([]);
    expect(problemsWith(6)).toEqual([expect.stringMatching(/6 ticks run, where/)]);
  });

  test('a rule that throws where a copy of the input was refused as well is known', async () => {
    let inputsUntilThrow = Infinity;
    const authorities = hostileRules(ONE_SPAWN_POINT, {
      handleInput: () => {
        inputsUntilThrow -= 1;
        if (inputsUntilThrow === 0) throw new Error('went bad');
      },
      step: () => undefined,
    });
    const given = await recordRun({
      peers: [{ name: 'ada', hasSyncLane: true, faults: { delayMs: 20, duplicateRate: 1 } }],
      durationMs: 4_000,
      behaviour: () => createFighter({ shotRate: 0 }),
      options: { authorities },
      prepare: (simulation) => {
        const { node } = simulation.server;
        simulation.schedule(3_010, () => node.pause());
        simulation.schedule(3_310, () => {
          inputsUntilThrow = 3;
          node.resume();
        });
      },
    });
    const ada = given.peers.get('ada')!;
    const verdicts = [...ada.trace.entries('verdict')];
    const thrown = verdicts.find((entry) => isVerdict(entry, / internal-error$/));
    const copy = thrown?.text?.replace('rejected internal-error', 'duplicate');
    expect(verdicts.some(({ at, text }) => at === thrown?.at && text === copy)).toBe(true);
    const peers = new Map([['ada', { ...ada, role: 'hostile' as const }]]);
    expect(textsOf({ ...given, peers })).toEqual([]);
  });

  test.each<[string, Partial<GameRules>]>([
    ['how far ahead', { aheadTicksMax: 3 }],
    ['how long an input holds', { holdTicksMax: 0 }],
    ['how fast', { speedMetresPerSecond: 6.1 }],
    ['how hard', { damage: 20 }],
    ['how often', { cooldownMs: 300 }],
    ['how long dead', { respawnMs: 1_000 }],
    ['how far a shot goes', { shotReachMetres: 6 }],
    ['where players appear', { spawnPoints: [] }],
  ])('rules of another game are found: %s', (_, other) => {
    expect(textsOf(run, { ...RULES, ...other }).length).toBeGreaterThan(0);
  });
});
