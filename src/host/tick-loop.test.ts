import { describe, expect, test } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { TickLoop } from './tick-loop.ts';

function createLoop(time: VirtualTime, onTick: (steps: number) => void, catchUpStepsMax = 5) {
  return new TickLoop({ clock: time, scheduler: time, intervalMs: 50, catchUpStepsMax, onTick });
}

describe('TickLoop', () => {
  test('ticks on deadlines that do not drift', async () => {
    const time = new VirtualTime(1000);
    const instants: number[] = [];
    const loop = createLoop(time, () => instants.push(time.now()));
    loop.start();
    await time.advanceMs(10_000);
    expect(instants).toHaveLength(200);
    expect(instants[0]).toBe(1050);
    expect(instants[199]).toBe(11_000);
  });

  test('makes up at most catchUpStepsMax steps and counts the rest as dropped', async () => {
    const time = new VirtualTime(0);
    const steps: number[] = [];
    const loop = createLoop(time, (count) => steps.push(count));
    loop.start();
    await time.advanceMs(50);
    time.stallMs(4000);
    await time.advanceMs(0);
    expect(steps).toEqual([1, 5]);
    expect(loop.droppedSteps).toBe(75);
    await time.advanceMs(50);
    expect(steps).toEqual([1, 5, 1]);
  });

  test('a stall of exactly the bound loses nothing', async () => {
    const time = new VirtualTime(0);
    const steps: number[] = [];
    const loop = createLoop(time, (count) => steps.push(count));
    loop.start();
    time.stallMs(250);
    await time.advanceMs(0);
    expect(steps).toEqual([5]);
    expect(loop.droppedSteps).toBe(0);
  });

  test('runs after what other due callbacks have deferred, so ready bytes are read first', async () => {
    const time = new VirtualTime(0);
    const order: string[] = [];
    time.setTimer(50, () => time.defer(() => order.push('bytes')));
    const loop = createLoop(time, () => order.push('tick'));
    loop.start();
    await time.advanceMs(50);
    expect(order).toEqual(['bytes', 'tick']);
  });

  test('tells how far the next tick has come', async () => {
    const time = new VirtualTime(0);
    const loop = createLoop(time, () => undefined);
    loop.start();
    expect(loop.fraction()).toBe(0);
    await time.advanceMs(25);
    expect(loop.fraction()).toBeCloseTo(0.5);
    time.stallMs(50);
    expect(loop.fraction()).toBeCloseTo(1.5);
  });

  test('stops from inside its own tick and leaves no timer', async () => {
    const time = new VirtualTime(0);
    let ticks = 0;
    const loop = createLoop(time, () => {
      ticks += 1;
      loop.stop();
    });
    loop.start();
    await time.advanceMs(1000);
    expect(ticks).toBe(1);
    expect(time.pendingTimers).toBe(0);
  });
});
