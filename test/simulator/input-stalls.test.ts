/** What a stall costs an honest player: of the server, of the own process, of a tab, of a move. */
import { expect, test } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';
import type { SimulatedPeer } from '../../src/simulator/simulated-peer.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';

/** 60 ms ± 20 ms each way. */
const LINE = { delayMs: 40, jitterMs: 40 };

type Line = typeof LINE;

interface Played {
  /** Inputs that were sent and never ran, of those sent from the trouble on. */
  readonly lost: number;
  /** The same, of those sent once five seconds had passed since its end. */
  readonly lostLater: number;
  readonly sentLater: number;
  /** How far ahead inputs were stamped before the trouble, and half a minute after; ticks. */
  readonly leadBefore: number;
  readonly leadAfter: number;
}

type Trouble = (simulation: Simulation, ada: SimulatedPeer) => Promise<void>;

async function play(seed: number, trouble: Trouble): Promise<Played> {
  const sent = new Map<number, number>();
  const ran = new Set<number>();
  const simulation = await createSimulation({
    seed,
    peers: [
      {
        name: 'ada',
        behaviour: ({ client }) => {
          const tick = client.sendMove({ directionX: 1, directionY: 0, yaw: 0 });
          if (tick !== undefined) sent.set(tick, simulation.nowMs);
        },
      },
    ],
    faults: LINE,
    onVerdict: (_, input, { outcome }) => {
      if (input.kind === 'move-input' && outcome === 'accepted') ran.add(input.tick);
    },
  });
  const ada = simulation.peer('ada');
  await simulation.waitUntil(() => ada.isLoggedIn);
  await simulation.advanceMs(20_000);
  const leadBefore = ada.client?.stats.inputLeadTicks ?? NaN;
  const beganAt = simulation.nowMs;
  await trouble(simulation, ada);
  const endedAt = simulation.nowMs;
  await simulation.advanceMs(30_000);
  const stoppedAt = simulation.nowMs;
  const leadAfter = ada.client?.stats.inputLeadTicks ?? NaN;
  await simulation.advanceMs(1_000);
  await simulation.stop();
  const after = (from: number): [number, number][] =>
    [...sent].filter(([, at]) => at >= from && at < stoppedAt);
  const lostOf = (all: readonly [number, number][]): number =>
    all.filter(([tick]) => !ran.has(tick)).length;
  const later = after(endedAt + 5_000);
  return {
    lost: lostOf(after(beganAt)),
    lostLater: lostOf(later),
    sentLater: later.length,
    leadBefore,
    leadAfter,
  };
}

function serverStalls(durationMs: number): Trouble {
  return async (simulation) => {
    simulation.server.node.pause();
    await simulation.advanceMs(durationMs);
    simulation.server.node.resume();
  };
}

function clientStalls(durationMs: number): Trouble {
  return async (simulation, { node }) => {
    node.pause();
    await simulation.advanceMs(durationMs);
    node.resume();
  };
}

/** A page that gets a hundredth of the time: what it sends is lost, since its way is all sleep. */
const isAwakeNowAndThen: Trouble = async (simulation, ada) => {
  for (let second = 0; second < 20; second += 1) {
    await clientStalls(990)(simulation, ada);
    await simulation.advanceMs(10);
  }
};

function comesBackOver(line: Line): Trouble {
  return async (simulation, ada) => {
    ada.line.setConditions('both', 'both', line);
    ada.dropConnection();
    await simulation.waitUntil(() => ada.isLoggedIn && ada.client?.stats.reconnects === 1);
  };
}

const jittersForTenSeconds: Trouble = async (simulation, ada) => {
  ada.line.setConditions('both', 'both', { delayMs: 40, jitterMs: 200 });
  await simulation.advanceMs(10_000);
  ada.line.setConditions('both', 'both', LINE);
};

const wayGrowsBy100Ms: Trouble = async (_simulation, ada) => {
  ada.line.setConditions('up', 'both', { delayMs: 140, jitterMs: 40 });
};

const SEEDS = [1, 2, 3, 4, 5];

// docs/CLIENT.md, "Inputs", promises these.
test.each([
  ['nothing', async () => {}, 0],
  ['the server stalls for 300 ms', serverStalls(300), 2],
  ['the server stalls for 1 s and drops ticks', serverStalls(1_000), 15],
  ['the server stalls for 3 s and drops ticks', serverStalls(3_000), 15],
  ['the page stalls for 300 ms', clientStalls(300), 2],
  ['the page stalls for 1 s', clientStalls(1_000), 2],
  ['the page stalls for 5 s', clientStalls(5_000), 5],
] as const)('%s: few inputs are lost, none later, the lead is what it was', async (...row) => {
  const [, trouble, lostMax] = row;
  for (const seed of SEEDS) {
    const played = await play(seed, trouble);
    expect(played.lost).toBeLessThanOrEqual(lostMax);
    expect(played.lostLater).toBe(0);
    expect(played.sentLater).toBeGreaterThan(480);
    expect(Math.abs(played.leadAfter - played.leadBefore)).toBeLessThan(1);
  }
});

test.each([
  ['longer', { delayMs: 125, jitterMs: 20 }, 1],
  ['shorter', { delayMs: 5, jitterMs: 5 }, -1],
] as const)('back over a %s way the lead is another at once', async (_, line, sign) => {
  for (const seed of SEEDS) {
    const played = await play(seed, comesBackOver(line));
    expect(played.lost).toBeLessThanOrEqual(2);
    expect(played.lostLater).toBe(0);
    expect(sign * (played.leadAfter - played.leadBefore)).toBeGreaterThan(0.5);
  }
});

test('a page that slept nearly all the time is in time again when it is awake', async () => {
  for (const seed of SEEDS) {
    const played = await play(seed, isAwakeNowAndThen);
    expect(played.lostLater).toBe(0);
    expect(Math.abs(played.leadAfter - played.leadBefore)).toBeLessThan(1);
  }
});

test('a time of jitter costs a few inputs, and the lead comes down again', async () => {
  for (const seed of SEEDS) {
    const played = await play(seed, jittersForTenSeconds);
    expect(played.lost).toBeLessThanOrEqual(10);
    expect(played.lostLater).toBe(0);
    expect(played.leadAfter - played.leadBefore).toBeLessThan(1);
  }
});

test('where the way grows within a connection the lead follows within a second', async () => {
  for (const seed of SEEDS) {
    const played = await play(seed, wayGrowsBy100Ms);
    expect(played.lost).toBeLessThanOrEqual(10);
    expect(played.lostLater).toBe(0);
  }
});
