import { describe, expect, it } from 'vitest';
import { World } from '../../src/authority/world.ts';
import {
  createSimulation,
  defineMessages,
  HOSTILE_ACTOR_KINDS,
} from '../../src/simulator/index.ts';
import type { Simulation, SimulationOptions } from '../../src/simulator/index.ts';

const MESSAGES = defineMessages({
  chat: {
    lane: 'reliable',
    schema: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ value: value as string }),
      },
    },
  },
});

async function startAll(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const simulation = await createSimulation({ seed: 7, peers: 3, ...options });
  await simulation.waitUntil(() => areAllIn(simulation));
  return simulation;
}

function areAllIn(simulation: Simulation): boolean {
  return [...simulation.peers.values()].every(({ isLoggedIn }) => isLoggedIn);
}

async function stopClean(simulation: Pick<Simulation, 'stop' | 'expectNoLeaks'>): Promise<void> {
  await simulation.stop();
  simulation.expectNoLeaks();
}

describe('a simulation', () => {
  it('lets honest players in, who walk, shoot, and see each other', async () => {
    const verdicts = new Set<string>();
    const simulation = await startAll({
      faults: { delayMs: 20, jitterMs: 5 },
      onVerdict: (_, input, verdict) => verdicts.add(`${input.kind} ${verdict.outcome}`),
    });
    const before = simulation.peer('peer-1').client?.self;
    await simulation.stepTicks(100);
    const { client } = simulation.peer('peer-1');
    expect(client?.players.size).toBe(3);
    expect(client?.self?.x).not.toBe(before?.x);
    expect([...verdicts]).toEqual(
      expect.arrayContaining(['move-input accepted', 'shoot-input accepted']),
    );
    await stopClean(simulation);
  });

  it('steps tick by tick, at tick rates that are no whole milliseconds too', async () => {
    for (const tickRateHz of [20, 30, 64]) {
      const simulation = await createSimulation({ seed: 1, peers: 1, tickRateHz });
      await simulation.stepTicks(10);
      expect(simulation.server.ticks).toBe(10);
      for (let count = 0; count < 50; count += 1) await simulation.stepTicks(1);
      expect(simulation.server.ticks).toBe(60);
      expect(simulation.nowMs).toBeCloseTo(60_000 / tickRateHz, -1);
      await stopClean(simulation);
    }
  });

  it('brings a player back whose connection is dropped, and nobody else notices', async () => {
    const simulation = await startAll();
    const [first, second] = ['peer-1', 'peer-2'].map((name) => simulation.peer(name));
    simulation.dropConnection('peer-1');
    await simulation.waitUntil(() => first?.state === 'reconnecting');
    await simulation.waitUntil(() => first?.isLoggedIn === true);
    expect(first?.client?.stats.reconnects).toBe(1);
    expect(second?.client?.stats.reconnects).toBe(0);
    await stopClean(simulation);
  });

  it('says what was waited for in vain, with the seed', async () => {
    const simulation = await createSimulation({ seed: 99, peers: 1 });
    await expect(
      simulation.waitUntil(() => false, { withinMs: 50, what: 'the moon' }),
    ).rejects.toThrow('not within 50 ms: the moon (seed 99, at 50 ms)');
    await stopClean(simulation);
  });

  it('fails where a check throws, in the tick in which it does', async () => {
    const simulation = await createSimulation({
      seed: 5,
      peers: 2,
      checks: [
        {
          name: 'nobody for long',
          check: ({ server }) => {
            if (server.ticks > 10) throw new Error('eleven ticks');
          },
        },
      ],
    });
    await expect(simulation.stepTicks(60)).rejects.toThrow(
      "check 'nobody for long': eleven ticks (seed 5, at 550 ms)",
    );
  });

  it('fails where a rule, a hook or a behaviour throws, unless it is told not to', async () => {
    const behaviour = () => () => {
      throw new Error('no idea what to do');
    };
    const failing = await createSimulation({ seed: 1, peers: 1, behaviour });
    await expect(failing.stepTicks(60)).rejects.toThrow('no idea what to do');
    const errors: string[] = [];
    const tolerant = await createSimulation({
      seed: 1,
      peers: 1,
      behaviour,
      onError: (_, where) => errors.push(where),
    });
    await tolerant.stepTicks(60);
    expect(new Set(errors)).toEqual(new Set(['peer peer-1']));
    await stopClean(tolerant);
  });

  it('settles hooks that take their time, however often they await', async () => {
    const logins: number[] = [];
    const simulation: Simulation = await createSimulation({
      seed: 1,
      peers: ['ann', 'bob'],
      authenticate: async (credentials, _, { sleep }) => {
        await sleep(120);
        for (let depth = 0; depth < 100; depth += 1) await Promise.resolve();
        logins.push(simulation.nowMs);
        return { playerId: (credentials as { playerId: string }).playerId };
      },
    });
    await simulation.waitUntil(() => areAllIn(simulation));
    expect(logins).toEqual([120, 120]);
    await stopClean(simulation);
  });

  it('gives up hooks that never answer, with the attempt', async () => {
    const simulation = await createSimulation({
      seed: 1,
      peers: ['ann'],
      authenticate: () => new Promise(() => undefined),
    });
    await simulation.advanceMs(8_000);
    expect(simulation.peer('ann').isLoggedIn).toBe(false);
    await stopClean(simulation);
    expect(simulation.server.node.awaiting).toBe(0);
  });

  it('loses all with a server that crashes, and takes everybody back when it is back', async () => {
    const simulation = await startAll();
    const { host } = simulation.server;
    const sessionId = simulation.peer('peer-1').client?.sessionId;
    simulation.server.crash();
    await simulation.advanceMs(300);
    expect(simulation.peer('peer-1').state).toBe('reconnecting');
    await simulation.server.restart();
    expect(simulation.server.host).not.toBe(host);
    expect(simulation.server.sessions.size).toBe(0);
    await simulation.waitUntil(() => areAllIn(simulation));
    expect(simulation.peer('peer-1').client?.sessionId).not.toBe(sessionId);
    await stopClean(simulation);
  });

  it('lets nobody into a server that died before the login was answered', async () => {
    const worlds: string[] = [];
    const elsewhere: (() => void)[] = [];
    const simulation = await createSimulation({
      seed: 7,
      peers: ['ada'],
      authenticate: () =>
        new Promise((resolve) => {
          const worldId = `world ${elsewhere.length}`;
          elsewhere.push(() => resolve({ playerId: 'ada', worldId }));
        }),
      createWorld: (options) => {
        worlds.push(options.worldId);
        return new World(options);
      },
    });
    await simulation.waitUntil(() => elsewhere.length === 1);
    simulation.server.crash();
    await simulation.server.restart();
    await simulation.waitUntil(() => elsewhere.length === 2);
    for (const answer of elsewhere) answer();
    await simulation.waitUntil(() => areAllIn(simulation));
    expect(worlds).toEqual(['world 1']);
    await stopClean(simulation);
  });

  it('holds the seat of a client that crashes, and gives it back to its successor', async () => {
    const simulation = await startAll();
    const peer = simulation.peer('peer-1');
    peer.crash();
    await simulation.advanceMs(500);
    expect(simulation.server.sessions.size).toBe(3);
    peer.restart();
    await simulation.waitUntil(() => peer.isLoggedIn);
    expect(peer.client?.epoch).toBe(2);
    await stopClean(simulation);
  });

  it('lets time stand still on one computer alone', async () => {
    const simulation = await startAll();
    const { ticks } = simulation.server;
    simulation.server.node.pause();
    await simulation.advanceMs(700);
    expect(simulation.server.ticks).toBe(ticks);
    simulation.server.node.resume();
    await simulation.advanceMs(700);
    expect(simulation.server.ticks).toBeGreaterThan(ticks + 10);
    expect(areAllIn(simulation)).toBe(true);
    await stopClean(simulation);
  });

  it('carries the game’s own messages, both ways', async () => {
    const heard: string[] = [];
    const simulation = await createSimulation({
      seed: 1,
      peers: ['ann', 'bob'],
      messages: MESSAGES,
      onMessage: (_, { payload }, host) => {
        host.send('main', { name: 'chat', payload: `${String(payload)}!` });
      },
      onJoined: ({ name, client }) => {
        client?.on('message', ({ payload }) => heard.push(`${name} heard ${String(payload)}`));
      },
    });
    await simulation.waitUntil(() => simulation.peer('bob').isLoggedIn);
    simulation.peer('ann').client?.send({ name: 'chat', payload: 'hello' });
    await simulation.advanceMs(100);
    expect(heard).toEqual(['ann heard hello!', 'bob heard hello!']);
    await stopClean(simulation);
  });

  it('keeps every hostile peer from every honest one', async () => {
    const simulation = await startAll({ seed: 4 });
    for (const kind of HOSTILE_ACTOR_KINDS) simulation.addHostile({ name: `a ${kind}`, kind });
    await simulation.advanceMs(5_000);
    expect(areAllIn(simulation)).toBe(true);
    for (const { client } of simulation.peers.values()) expect(client?.stats.reconnects).toBe(0);
    await stopClean(simulation);
  }, 30_000);

  it('finds what a game leaves behind', async () => {
    const simulation = await startAll();
    simulation.server.node.setTimer(3_600_000, () => undefined);
    await simulation.stop();
    expect(() => simulation.expectNoLeaks()).toThrow('left behind: 1 timers or deferred calls');
  });

  it('comes to rest from any state', async () => {
    for (const [at, spoil] of [
      [0, () => undefined],
      [10, (simulation: Simulation) => simulation.network.line('peer-1').partition('both')],
      [2_000, (simulation: Simulation) => simulation.network.line('peer-2').partition('down')],
      [2_000, (simulation: Simulation) => simulation.network.line('peer-2').halfOpen('server')],
      [2_000, (simulation: Simulation) => simulation.server.crash({ tellsClients: false })],
      [2_000, (simulation: Simulation) => simulation.peer('peer-1').crash({ tellsServer: false })],
      [2_000, (simulation: Simulation) => simulation.server.node.pause()],
      [2_000, (simulation: Simulation) => simulation.peer('peer-3').node.pause()],
    ] as const) {
      const simulation = await createSimulation({ seed: 3, peers: 3, faults: { delayMs: 30 } });
      await simulation.advanceMs(at);
      spoil(simulation);
      await simulation.advanceMs(150);
      await stopClean(simulation);
    }
  }, 30_000);
});
