/** The tape of a world, and the world that plays it: no hosts, no clients, time by hand. */
import { describe, expect, test } from 'vitest';
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import type { World, WorldOptions } from '../../src/authority/world.ts';
import { createPrng } from '../../src/base/prng.ts';
import type { PeerId, PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import { MultiSessionManager } from '../../src/session/multi-session-manager.ts';
import { EnvironmentTape } from '../../src/simulator/environment-tape.ts';
import { RecordingWorld } from '../../src/simulator/recording-world.ts';
import { ReplayingWorld } from '../../src/simulator/replaying-world.ts';
import { RunRecorder } from '../../src/simulator/run-recorder.ts';
import { fakeSession, type FakeSession } from '../support/fake-session.ts';
import { idOf, moveInput, shootInput } from '../support/world-fixture.ts';

const WORLD: WorldOptions = {
  worldId: 'main' as WorldId,
  tickRateHz: 20,
  createAuthorities: createDefaultAuthorities(),
  random: createPrng(1),
  createPlayerRandom: (playerId: PlayerId) => createPrng(playerId.length),
};

/** A script of calls, done to a world at its instants; those of others are left out. */
class Script {
  readonly #calls: { at: number; by: string; call: (world: World, who: FakeSession) => void }[] =
    [];

  add(at: number, by: string, call: (world: World, who: FakeSession) => void): this {
    this.#calls.push({ at, by, call });
    return this;
  }

  join(at: number, by: string): this {
    return this.add(at, by, (world, who) => world.addPlayer(who));
  }

  leave(at: number, by: string): this {
    return this.add(at, by, (world) => world.removePlayer(idOf(by)));
  }

  walk(from: number, by: string, ticks: number): this {
    for (let index = 0; index < ticks; index += 1) {
      this.add(from + 50 * index, by, (world, who) => {
        world.receive(who, moveInput({ tick: world.tick + 1 }), 0.5);
      });
    }
    return this;
  }

  /** Ticks run at each multiple of 50 ms, before the calls of that instant. */
  run(create: (now: () => number) => World, live: readonly string[], ticks = 12): string[] {
    let now = 0;
    let world: World | undefined;
    const sessions = new Map(live.map((name) => [name, fakeSession(name)]));
    const seen: string[] = [];
    const doCalls = (from: number, to: number): void => {
      for (const { at, by, call } of this.#calls) {
        const session = sessions.get(by);
        if (session === undefined || at < from || at >= to) continue;
        now = at;
        world ??= create(() => now);
        call(world, session);
      }
    };
    for (let tick = 1; tick <= ticks; tick += 1) {
      doCalls((tick - 1) * 50, tick * 50);
      now = tick * 50;
      if (world === undefined) continue;
      const { roster, events } = world.step();
      const { entities, rows } = world.snapshot;
      seen.push(JSON.stringify([world.tick, roster, events, entities, rows]));
    }
    return seen;
  }
}

const SCRIPT = new Script()
  .join(10, 'ada')
  .join(20, 'bob')
  .walk(60, 'ada', 8)
  .walk(70, 'bob', 6)
  .add(120, 'bob', (world, who) => world.receive(who, shootInput({ tick: world.tick + 1 }), 0))
  .join(130, 'cleo')
  .add(210, 'ada', (world) => world.suspendPlayer(idOf('ada'), 'removed'))
  .add(310, 'ada', (world, who) => world.resumePlayer(who))
  .leave(420, 'bob');
const EVERYBODY = ['ada', 'bob', 'cleo'];

function record(script: Script = SCRIPT) {
  const tape = new EnvironmentTape();
  const create = (now: () => number) => new RecordingWorld(WORLD, { tape, clock: { now } });
  return { tape, seen: script.run(create, EVERYBODY) };
}

function replay(tape: EnvironmentTape, live: readonly string[], script: Script = SCRIPT) {
  const divergences: string[] = [];
  const seen = script.run(
    (now) =>
      new ReplayingWorld(WORLD, {
        tape,
        livePlayers: new Set(live),
        clock: { now },
        onDivergence: (text) => divergences.push(text),
      }),
    live,
  );
  return { divergences, seen };
}

describe('ReplayingWorld', () => {
  test.each([[['ada']], [['bob']], [['cleo']], [['ada', 'cleo']], [EVERYBODY]])(
    'shows %j the world of the tape',
    (live) => {
      const { tape, seen } = record();
      const again = replay(tape, live);
      expect(again.divergences).toEqual([]);
      // Who comes later sees the rest.
      expect(again.seen).toEqual(seen.slice(-again.seen.length));
      expect(again.seen.length).toBeGreaterThan(8);
    },
  );

  test('differs when one input of a puppet is missing', () => {
    const { tape } = record();
    const entries = tape.livesOf(WORLD.worldId)[0]!.entries as unknown[];
    const index = entries.findIndex((entry) => (entry as { op: string }).op === 'receive');
    entries.splice(index, 1);
    expect(replay(tape, ['cleo']).seen).not.toEqual(record().seen.slice(2));
  });

  test('says which call of a live player the tape does not have', () => {
    const { tape } = record();
    const late = new Script().join(131, 'cleo');
    const { divergences } = replay(tape, ['cleo'], late);
    expect(divergences[0]).toBe('main at 131 ms: the tape has something else: add cleo');
  });

  test('says that a live player does not do what the tape has', () => {
    const { tape } = record();
    const staying = new Script().join(20, 'bob');
    expect(replay(tape, ['bob'], staying).divergences).toEqual([
      'main at 450 ms: the tape has something else: no remove of a live player',
    ]);
  });

  test('two live players may change places within an instant', () => {
    const inOrder = new Script().join(10, 'ada').join(10, 'bob').join(10, 'cleo');
    const { tape, seen } = record(inOrder);
    const swapped = new Script().join(10, 'cleo').join(10, 'ada').join(10, 'bob');
    const again = replay(tape, ['ada', 'cleo'], swapped);
    expect(again.divergences).toEqual([]);
    expect(again.seen).toHaveLength(seen.length);
  });

  test('a player alone has the ticks of the tape and nobody else', () => {
    const { tape } = record();
    const seen = new Script().join(130, 'cleo').run(
      (now) =>
        new ReplayingWorld(WORLD, {
          tape,
          livePlayers: new Set(['cleo']),
          hasPuppets: false,
          clock: { now },
        }),
      ['cleo'],
    );
    const [tick, , , entities] = JSON.parse(seen[0]!) as [number, unknown, unknown, number[]];
    expect([tick, entities]).toEqual([3, [1]]);
  });

  test('picks the life of the world in which the live player joins', () => {
    const tape = new EnvironmentTape();
    for (const offset of [0, 200]) {
      let now = offset;
      const world = new RecordingWorld(WORLD, { tape, clock: { now: () => now } });
      world.addPlayer(fakeSession('bob'));
      now = offset + 50;
      world.step();
      now = offset + 60;
      world.addPlayer(fakeSession('ada'));
    }
    const clock = { now: () => 60 };
    const world = new ReplayingWorld(WORLD, { tape, livePlayers: new Set(['ada']), clock });
    expect([tape.livesOf(WORLD.worldId).length, world.tick, world.playerCount]).toEqual([2, 1, 1]);
    expect(world.addPlayer(fakeSession('ada'))).toBe(2);
  });
});

describe('RunRecorder', () => {
  test('hears no more of a server process once the next one begins', () => {
    const recorder = new RunRecorder({ clock: { now: () => 7 } });
    recorder.addPeer({ name: 'ada', role: 'honest' });
    const createHost = () => ({
      sessions: new MultiSessionManager({
        clock: { now: () => 7 },
        createSessionId: (peerId) => `session-${peerId}` as SessionId,
      }),
      worldCount: 0,
      inspect: () => undefined,
    });
    const [dead, next] = [createHost(), createHost()];
    recorder.handleHostCreated(dead);
    recorder.handleHostCreated(next);
    dead.sessions.observeTransportActivity('ada#2' as PeerId);
    next.sessions.observeTransportActivity('ada#3' as PeerId);
    const texts = Array.from(recorder.traceOf('ada')!.entries(), ({ text }) => text);
    expect(texts).toEqual([
      'a server process begins',
      'a server process begins',
      '["session-ada#3",3,"disconnected","transport-connected","transport-activity",0]',
    ]);
  });
});
