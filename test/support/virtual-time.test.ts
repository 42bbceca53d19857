import { describe, expect, test } from 'vitest';

import { VirtualTime } from './virtual-time.ts';

/** A continuation that is `depth` awaits deep. */
async function after(depth: number, action: () => void): Promise<void> {
  if (depth === 0) action();
  else {
    await Promise.resolve();
    await after(depth - 1, action);
  }
}

describe('virtual time', () => {
  test('stands still until it is advanced', async () => {
    const time = new VirtualTime(5);
    expect(time.now()).toBe(5);
    await time.advanceMs(2.5);
    expect(time.now()).toBe(7.5);
  });

  test('timers fire at their deadline, in order of deadline, then of creation', async () => {
    const time = new VirtualTime(0);
    const log: [string, number][] = [];
    for (const [name, delay] of [
      ['c', 30],
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
    ] as const) {
      time.setTimer(delay, () => log.push([name, time.now()]));
    }
    await time.advanceMs(29.999);
    expect(log).toEqual([
      ['a', 10],
      ['b1', 20],
      ['b2', 20],
    ]);
    await time.advanceMs(0.001);
    expect(log.at(-1)).toEqual(['c', 30]);
    expect(time.pendingTimers).toBe(0);
  });

  test('a timer that a callback creates fires within the same advance', async () => {
    const time = new VirtualTime(0);
    const fired: number[] = [];
    const rearm = (): void => {
      fired.push(time.now());
      time.setTimer(50, rearm);
    };
    time.setTimer(50, rearm);
    await time.advanceMs(200);
    expect(fired).toEqual([50, 100, 150, 200]);
    expect(time.pendingTimers).toBe(1);
  });

  test('a cancelled timer never fires, also when cancelled at its own instant', async () => {
    const time = new VirtualTime(0);
    const log: string[] = [];
    const second = { cancel: (): void => undefined };
    time.setTimer(10, () => {
      log.push('first');
      second.cancel();
    });
    const timer = time.setTimer(10, () => log.push('second'));
    second.cancel = () => timer.cancel();
    const third = time.setTimer(5, () => log.push('third'));
    third.cancel();
    third.cancel();
    expect(time.pendingTimers).toBe(2);
    await time.advanceMs(100);
    expect(log).toEqual(['first']);
  });

  test('cancelling a timer that fired touches no other', async () => {
    const time = new VirtualTime(0);
    const first = time.setTimer(1, () => undefined);
    await time.advanceMs(1);
    time.setTimer(1, () => undefined);
    first.cancel();
    expect(time.pendingTimers).toBe(1);
  });

  test('deferred callbacks run at the same instant, in order, after the timers that are due', async () => {
    const time = new VirtualTime(0);
    const log: string[] = [];
    time.setTimer(10, () => {
      log.push('timer 1');
      time.defer(() => log.push(`deferred 1 at ${time.now()}`));
      time.defer(() => log.push('deferred 2'));
    });
    time.setTimer(10, () => log.push('timer 2'));
    await time.advanceMs(10);
    expect(log).toEqual(['timer 1', 'timer 2', 'deferred 1 at 10', 'deferred 2']);
  });

  test('a timer of 0 ms cannot keep what was deferred from running', async () => {
    const time = new VirtualTime(0);
    const log: string[] = [];
    let rounds = 0;
    const spin = (): void => {
      rounds += 1;
      if (rounds < 5) time.setTimer(0, spin);
      else log.push('spun');
    };
    time.setTimer(0, spin);
    time.defer(() => log.push('deferred'));
    await time.advanceMs(0);
    expect(log).toEqual(['deferred', 'spun']);
  });

  test('promise continuations settle between two callbacks, 50 awaits deep', async () => {
    const time = new VirtualTime(0);
    const log: string[] = [];
    time.setTimer(10, () => {
      void after(50, () => log.push('continuation of 1'));
    });
    time.setTimer(10, () => log.push('timer 2'));
    await time.advanceMs(10);
    expect(log).toEqual(['continuation of 1', 'timer 2']);
  });

  test('a promise that waits for a timer resumes at that instant and may set the next', async () => {
    const time = new VirtualTime(0);
    const sleep = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        time.setTimer(ms, resolve);
      });
    const log: number[] = [];
    const script = (async () => {
      for (let round = 0; round < 3; round += 1) {
        await sleep(10);
        log.push(time.now());
      }
    })();
    await time.advanceMs(100);
    await script;
    expect(log).toEqual([10, 20, 30]);
  });

  test('after a stall overdue timers fire late, at the present instant', async () => {
    const time = new VirtualTime(0);
    const fired: number[] = [];
    time.setTimer(10, () => fired.push(time.now()));
    time.stallMs(4_000);
    expect(fired).toEqual([]);
    await time.advanceMs(0);
    expect(fired).toEqual([4_000]);
  });

  test('runUntilIdle ends with the last timer, and fails where there is no last one', async () => {
    const time = new VirtualTime(0);
    time.setTimer(10, () => {
      time.setTimer(90, () => {
        time.defer(() => undefined);
      });
    });
    await time.runUntilIdle();
    expect([time.now(), time.pendingTimers, time.pendingDeferred]).toEqual([100, 0, 0]);

    const forever = (): void => {
      time.setTimer(10, forever);
    };
    forever();
    await expect(time.runUntilIdle(1_000)).rejects.toThrow('not idle after 1000 ms');
  });

  test('an error of a callback rejects the advance and the rest still runs in the next', async () => {
    const time = new VirtualTime(0);
    const log: string[] = [];
    time.setTimer(10, () => {
      throw new Error('planted');
    });
    time.setTimer(20, () => log.push('later'));
    await expect(time.advanceMs(30)).rejects.toThrow('planted');
    expect(time.now()).toBe(10);
    await time.advanceMs(10);
    expect(log).toEqual(['later']);
  });

  test('a loop that keeps time from moving is an error', async () => {
    const time = new VirtualTime(0);
    const spin = (): void => time.defer(spin);
    time.defer(spin);
    await expect(time.advanceMs(1)).rejects.toThrow('keep time from moving');
  });

  test('advancing from within a callback, and delays out of range, are refused', async () => {
    const time = new VirtualTime(0);
    const nested: Promise<void>[] = [];
    time.setTimer(1, () => {
      const attempt = time.advanceMs(1);
      attempt.catch(() => undefined);
      nested.push(attempt);
    });
    await time.advanceMs(1);
    await expect(nested[0]).rejects.toThrow('being advanced already');
    expect(() => time.setTimer(2 ** 31, () => undefined)).toThrow('cannot wait');
    expect(() => time.setTimer(-1, () => undefined)).toThrow('cannot wait');
    expect(() => time.setTimer(Number.NaN, () => undefined)).toThrow('cannot wait');
    await expect(time.advanceMs(-1)).rejects.toThrow('cannot move');
  });
});
