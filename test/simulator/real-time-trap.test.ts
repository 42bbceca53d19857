import { describe, expect, it } from 'vitest';
import { createSimulation } from '../../src/simulator/index.ts';
import { armRealTimeTrap } from '../../src/simulator/real-time-trap.ts';

/** Everything that a game might call without thinking, by the name under which it is reported. */
const CALLS: Readonly<Record<string, () => unknown>> = {
  'Date.now': () => Date.now(),
  'new Date()': () => new Date(),
  'Date()': () => Date(),
  'performance.now': () => performance.now(),
  setTimeout: () => setTimeout(() => undefined, 1),
  setInterval: () => setInterval(() => undefined, 1),
  setImmediate: () => setImmediate(() => undefined),
  'Math.random': () => Math.random(),
  'crypto.getRandomValues': () => crypto.getRandomValues(new Uint8Array(4)),
  'crypto.randomUUID': () => crypto.randomUUID(),
  'process.hrtime': () => process.hrtime(),
  'process.hrtime.bigint': () => process.hrtime.bigint(),
  'AbortSignal.timeout': () => AbortSignal.timeout(1),
  'new MessageChannel': () => new MessageChannel(),
};

describe('the trap for real time', () => {
  it.each(Object.keys(CALLS))('reports %s and restores it', (name) => {
    const touched: string[] = [];
    const release = armRealTimeTrap((call) => touched.push(call));
    try {
      expect(() => CALLS[name]?.()).toThrow(`touched ${name}`);
    } finally {
      release();
    }
    expect(touched).toEqual([name]);
    const real = CALLS[name]?.();
    expect(real).toBeDefined();
    if (name === 'setInterval' || name === 'setTimeout') clearTimeout(real as NodeJS.Timeout);
  });

  it('lets pass what is no clock', () => {
    const release = armRealTimeTrap(() => undefined);
    try {
      expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
      expect(Date.parse('1970-01-01T00:00:01Z')).toBe(1_000);
      expect(new Date(5)).toBeInstanceOf(Date);
      expect(Math.max(1, 2)).toBe(2);
    } finally {
      release();
    }
  });

  it('stays armed until the last has released it, in any order', () => {
    const before = Date;
    const first = armRealTimeTrap(() => undefined);
    const second = armRealTimeTrap(() => undefined);
    first();
    first();
    expect(() => Date.now()).toThrow('touched Date.now');
    second();
    expect(Date).toBe(before);
  });

  it('fails the simulation of a hook that asks the real clock, also when it catches', async () => {
    const simulation = await createSimulation({
      seed: 1,
      peers: 1,
      onError: () => undefined,
      authenticate: async (credentials) => {
        await Promise.resolve();
        try {
          Date.now();
        } catch {
          // Swallowed: it must show all the same.
        }
        return credentials as { playerId: string };
      },
    });
    await expect(simulation.stepTicks(1)).rejects.toThrow('touched Date.now');
    expect(Date.now()).toBeGreaterThan(0);
  });

  it('fails the simulation of a behaviour that rolls real dice', async () => {
    const simulation = await createSimulation({
      seed: 1,
      peers: 1,
      behaviour: () => () => void Math.random(),
    });
    await expect(simulation.stepTicks(40)).rejects.toMatchObject({
      message: expect.stringContaining('touched Math.random') as string,
      isOfRealTime: true,
    });
  });

  it('is told from what else a simulation fails of', async () => {
    const simulation = await createSimulation({ seed: 1, peers: 1 });
    const waiting = simulation.waitUntil(() => false, { withinMs: 10 });
    await expect(waiting).rejects.toMatchObject({ isOfRealTime: false });
  });

  it('leaves the console and its test runner alone', async () => {
    let ticks = 0;
    const simulation = await createSimulation({
      seed: 1,
      peers: 1,
      behaviour: () => () => {
        ticks += 1;
        if (ticks === 1) console.log('a behaviour says something');
      },
    });
    await simulation.stepTicks(40);
    expect(ticks).toBeGreaterThan(0);
  });
});
