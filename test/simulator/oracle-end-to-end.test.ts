/** The oracles over real runs: what holds holds, and a coupling that is planted is found. */
import { describe, expect, test, vi } from 'vitest';
import {
  HOSTILE_ACTOR_KINDS,
  createHostileActor,
} from '../../src/simulator/actors/create-hostile-actor.ts';
import type { HostileActorKind } from '../../src/simulator/actors/create-hostile-actor.ts';
import { checkProjection } from '../../src/simulator/oracles/check-projection.ts';
import { checkRemoval } from '../../src/simulator/oracles/check-removal.ts';
import { checkRenaming } from '../../src/simulator/oracles/check-renaming.ts';
import { checkRepeat } from '../../src/simulator/oracles/check-repeat.ts';
import { checkRun } from '../../src/simulator/oracles/check-run.ts';
import { checkStrictProjection } from '../../src/simulator/oracles/check-strict-projection.ts';
import { checkSubstitution } from '../../src/simulator/oracles/check-substitution.ts';
import { checkWallClock } from '../../src/simulator/oracles/check-wall-clock.ts';
import { renameStreams } from '../../src/simulator/oracles/rename-streams.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { createStreams } from '../../src/simulator/seeded-streams.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import { createWalker } from '../../src/simulator/walker.ts';
import { BAD_LINE, evict, isOf, recordRun, replayOf } from './recorded-run.ts';

// A loaded machine is no finding.
vi.setConfig({ testTimeout: 60_000 });

const PEERS = [
  { name: 'ada', faults: BAD_LINE },
  { name: 'bob', joinsAtMs: 300, hasSyncLane: true, faults: BAD_LINE },
  { name: 'cleo', joinsAtMs: 700, faults: { bandwidthBytesPerSecond: 20_000, delayMs: 20 } },
];

const GAUGES = ['displacement', 'queue bytes', 'sessions', 'recent verdicts', 'remembered moves'];

/** Losses, leaving and coming back, a silence, a server that stands still. */
function trouble(simulation: Simulation): void {
  const { server } = simulation;
  const at = (ms: number, name: string, act: () => void): void => {
    if (simulation.peers.has(name)) simulation.schedule(ms, act);
  };
  at(2_000, 'bob', () => simulation.dropConnection('bob'));
  at(2_500, 'cleo', () => simulation.peer('cleo').leave({ returnAfterMs: 800 }));
  at(3_000, 'ada', () => simulation.peer('ada').line.halfOpen('client'));
  simulation.schedule(5_000, () => server.node.pause());
  simulation.schedule(5_400, () => server.node.resume());
}

function textOf(findings: readonly { readonly oracle: string; readonly text: string }[]): string {
  return findings.map(({ oracle, text }) => `${oracle} ${text}`).join('\n');
}

function countOf(run: RunResult, words: string): number {
  let count = 0;
  for (const { trace } of run.peers.values()) {
    for (const { text } of trace.entries()) if (text?.includes(words) === true) count += 1;
  }
  return count;
}

describe('O1 over real runs', () => {
  test.each([1, 2, 3])('each lives alone among puppets as together, seed %i', async (seed) => {
    const joint = await recordRun({ seed, peers: PEERS, prepare: trouble });
    const check = { isStopped: true, gauges: GAUGES };
    expect(textOf(checkRun(joint, check))).toBe('');
    expect(countOf(joint, 'resumed')).toBeGreaterThan(0);
    expect(countOf(joint, 'shoot-input')).toBeGreaterThan(10);
    for (const peer of PEERS) {
      const replay = replayOf(joint, peer.name);
      const solo = await recordRun({ seed, peers: [peer], prepare: trouble, replay });
      expect(textOf(checkProjection(joint, solo))).toBe('');
    }
  });

  test('two live ones among puppets live as they did', async () => {
    const joint = await recordRun({ peers: PEERS, prepare: trouble });
    const replay = replayOf(joint, 'ada', 'cleo');
    const peers = PEERS.filter(({ name }) => name !== 'bob');
    const some = await recordRun({ peers, prepare: trouble, replay });
    expect(textOf(checkProjection(joint, some))).toBe('');
  });

  test('who walks without looking lives alone in an empty world as together', async () => {
    const peers = ['ada', 'bob', 'cleo'].map((name, index) => ({
      name,
      joinsAtMs: 100 * index,
      faults: { delayMs: 25 },
    }));
    const behaviour = () => createWalker();
    const joint = await recordRun({ peers, behaviour, prepare: trouble });
    for (const peer of peers) {
      const replay = { ...replayOf(joint, peer.name), hasPuppets: false };
      const alone = await recordRun({ peers: [peer], behaviour, prepare: trouble, replay });
      expect(textOf(checkStrictProjection(joint, alone))).toBe('');
    }
  });

  test('canary: nonces from one stream for everybody are found', async () => {
    const record = (seed: number, extra: object, peers = PEERS) => {
      const streams = createStreams(seed);
      const shared = streams('nonce');
      return recordRun({
        peers,
        ...extra,
        options: {
          streams: (purpose) => (purpose.startsWith('nonce:') ? shared : streams(purpose)),
        },
      });
    };
    const joint = await record(1, {});
    const solo = await record(1, { replay: replayOf(joint, 'bob') }, [PEERS[1]!]);
    const [finding] = checkProjection(joint, solo);
    expect(finding?.text).toContain('message.nonce');
  });

  test('canary: a player who now does something else leaves the tape', async () => {
    const joint = await recordRun({ peers: PEERS });
    const replay = replayOf(joint, 'cleo');
    const peers = [{ ...PEERS[2]!, joinsAtMs: 750 }];
    const solo = await recordRun({ peers, replay });
    expect(checkProjection(joint, solo)).toHaveLength(1);
    expect(countOf(solo, 'the tape has something else: add cleo')).toBe(1);
  });
});

describe('O2 over real runs', () => {
  /** Somebody who is no player of the honest ones' world, beside them. */
  function attack(kind: HostileActorKind) {
    return (simulation: Simulation): void => {
      const node = simulation.createNode('mallory');
      const scheduler = node.createScheduler();
      const actor = createHostileActor(kind, {
        clock: node,
        scheduler,
        random: simulation.random('actor:mallory'),
        transport: simulation.network.createClient({ name: 'mallory', scheduler }),
        line: simulation.network.line('mallory'),
        url: 'sim://holdfast',
        credentials: { playerId: 'mallory', worldId: 'elsewhere' },
        tickRateHz: 20,
      });
      actor.start();
      simulation.schedule(6_000, () => actor.stop());
    };
  }

  test('an attacker of any kind changes nothing for the others', async () => {
    const record = (name: string, prepare?: (simulation: Simulation) => void) =>
      recordRun({ name, peers: PEERS, ...(prepare === undefined ? {} : { prepare }) });
    const baseline = await record('nobody');
    for (const kind of HOSTILE_ACTOR_KINDS) {
      const variant = await record(kind, attack(kind));
      const findings = checkSubstitution(baseline, variant, new Set(['mallory']));
      expect(textOf(findings)).toBe('');
    }
  });
});

describe('O3 over real runs', () => {
  const faults = { ...BAD_LINE, lossRate: 0 };
  const original = ['ada', 'bob', 'cleo'];
  const peersOf = (names: readonly string[]) =>
    names.map((name, index) => ({ name, faults, joinsAtMs: 200 * index }));

  test.each([
    ['__proto__', 'constructor', 'toString'],
    ['-1', '0', '1'],
    ['bob#2', 'eve/..', '李雷'],
  ])('%s, %s and %s live as ada, bob and cleo', async (...names) => {
    const originalByName = new Map(names.map((name, index) => [name, original[index]!]));
    const streams = createStreams(1);
    const renamed = await recordRun({
      name: names.join(),
      peers: peersOf(names),
      options: { streams: renameStreams(streams, originalByName) },
    });
    const plain = await recordRun({ peers: peersOf(original), options: { streams } });
    expect(textOf(checkRenaming({ original: plain, renamed, originalByName }))).toBe('');
  });

  test('who joins first in an instant makes no difference but to numbers', async () => {
    const behaviour = () => createWalker();
    const record = (names: readonly string[]) =>
      recordRun({
        name: names.join(),
        peers: names.map((name) => ({ name, faults: { delayMs: 20 } })),
        behaviour,
      });
    const check = {
      original: await record(original),
      renamed: await record(original.toReversed()),
    };
    expect(textOf(checkRenaming({ ...check, isReordered: true }))).toBe('');
    expect(checkRenaming(check)).not.toEqual([]);
  });
});

describe('O4 over real runs', () => {
  const peers = [
    ...PEERS,
    { name: 'zed', worldId: 'elsewhere', credentials: { playerId: 'zed', worldId: 'elsewhere' } },
  ];

  test.each([
    ['between two ticks', 3_017],
    ['in a tick', 3_050],
    ['before its login', 730],
  ])('removing one %s ends that one', async (_, ms) => {
    const removal = (simulation: Simulation): void =>
      simulation.schedule(ms, () => evict(simulation, 'cleo', 'banned'));
    const baseline = await recordRun({ peers });
    const removed = await recordRun({ name: 'removed', peers, prepare: removal });
    const at = baseline.startedAt + ms;
    const strangers = new Set(['zed']);
    const check = { baseline, removed, removedPeer: 'cleo', at, reason: 'banned', strangers };
    expect(textOf(checkRemoval(check))).toBe('');
    await expectProjection(removed, removal, 'ada');
  });

  test.each(['login-pending', 'logged-in', 'reconnecting'] as const)(
    'removing one inside the event of its own %s ends that one',
    async (state) => {
      const removal = (simulation: Simulation): void => {
        simulation.schedule(
          2_000,
          () => simulation.peers.has('cleo') && simulation.dropConnection('cleo'),
        );
        const { sessions } = simulation.server;
        sessions.subscribe(({ session, to }) => {
          if (to === state && isOf(session.peerId, 'cleo')) sessions.remove(session, 'banned');
        });
      };
      const removed = await recordRun({ name: 'removed', peers, prepare: removal });
      expect(textOf(checkRun(removed, { isStopped: true }))).toBe('');
      await expectProjection(removed, removal, 'ada');
      await expectProjection(removed, removal, 'cleo');
    },
  );

  /** What the others live through after the removal is still theirs alone. */
  async function expectProjection(
    joint: RunResult,
    prepare: (simulation: Simulation) => void,
    name: string,
  ): Promise<void> {
    const live = peers.filter((peer) => peer.name === name);
    const solo = await recordRun({ peers: live, prepare, replay: replayOf(joint, name) });
    expect(textOf(checkProjection(joint, solo))).toBe('');
  }
});

describe('O6 and O10 over real runs', () => {
  test('a wall clock that jumps changes nothing', async () => {
    const baseline = await recordRun({ peers: PEERS, prepare: trouble });
    const stepped = await recordRun({
      name: 'stepped',
      peers: PEERS,
      prepare: (simulation) => {
        trouble(simulation);
        for (const [ms, step] of [
          [500, 3_600_000],
          [2_100, -86_400_000],
          [4_000, 1e12],
        ] as const) {
          simulation.schedule(ms, () => simulation.time.wallStep(step));
        }
      },
    });
    expect(textOf(checkWallClock(baseline, stepped))).toBe('');
  });

  test('the same seed is the same run, another seed another', async () => {
    const record = (seed: number) => recordRun({ seed, peers: PEERS, prepare: trouble });
    const first = await record(4);
    expect(textOf(checkRepeat(first, await record(4)))).toBe('');
    expect(checkRepeat(first, await record(5))).not.toEqual([]);
  });
});
