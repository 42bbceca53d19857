import { describe, expect, it } from 'vitest';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';

function setUp() {
  const time = new VirtualTime({ startMs: 1_000 });
  const log: string[] = [];
  const note = (text: string) => (): void => void log.push(`${time.now() - 1_000} ${text}`);
  return { time, node: time.createNode('a'), other: time.createNode('b'), log, note };
}

describe('VirtualTime', () => {
  it('calls in order of instant, then of creation, whatever node it is', async () => {
    const { time, node, other, log, note } = setUp();
    node.setTimer(20, note('late'));
    other.setTimer(10, note('first'));
    node.setTimer(10, note('second'));
    other.setTimer(0, note('now'));
    await time.advanceMs(15);
    expect(log).toEqual(['0 now', '10 first', '10 second']);
    expect(time.now()).toBe(1_015);
    await time.advanceMs(5);
    expect(log.at(-1)).toBe('20 late');
  });

  it('keeps the order of ten thousand timers', async () => {
    const { time, node } = setUp();
    const seen: number[] = [];
    const delays = Array.from({ length: 10_000 }, (_, index) => (index * 7_919) % 1_009);
    for (const delay of delays) node.setTimer(delay, () => seen.push(delay));
    await time.advanceMs(1_009);
    expect(seen).toEqual(delays.toSorted((one, other) => one - other));
  });

  it('runs what is deferred after every timer of the instant', async () => {
    const { time, node, log, note } = setUp();
    node.setTimer(10, () => {
      note('timer')();
      node.defer(note('deferred'));
      node.setTimer(0, note('timer of the timer'));
    });
    node.setTimer(10, note('other timer'));
    await time.advanceMs(10);
    expect(log).toEqual(['10 timer', '10 other timer', '10 timer of the timer', '10 deferred']);
  });

  it('forgets what was cancelled, also thousands', async () => {
    const { time, node, log, note } = setUp();
    node.setTimer(1, note('kept'));
    for (let count = 0; count < 5_000; count += 1) node.setTimer(5, note('cancelled')).cancel();
    const twice = node.setTimer(5, note('cancelled'));
    twice.cancel();
    twice.cancel();
    expect(node.pendingEvents).toBe(1);
    await time.advanceMs(10);
    expect(log).toEqual(['1 kept']);
    expect(node.pendingEvents).toBe(0);
  });

  it('moves the wall clock alone on a wall step', () => {
    const { time, node } = setUp();
    const before = node.unixMs();
    time.wallStep(-3_600_000);
    expect(node.unixMs()).toBe(before - 3_600_000);
    expect(node.now()).toBe(1_000);
  });

  it('wakes a computer up with its timers, and reads what has arrived after them', async () => {
    const { time, node, log, note } = setUp();
    node.pause();
    node.setArrival(5, note('bytes'));
    node.setTimer(8, () => {
      note('timer')();
      node.defer(note('deferred'));
    });
    node.setArrival(9, note('more bytes'));
    await time.advanceMs(20);
    node.resume();
    await time.advanceMs(1);
    expect(log).toEqual(['20 timer', '20 bytes', '20 more bytes', '20 deferred']);
  });

  it('settles promises after each callback of a node that waits for one', async () => {
    const { time, node, other, log, note } = setUp();
    async function work(): Promise<void> {
      for (let depth = 0; depth < 500; depth += 1) await Promise.resolve();
      note('awoken')();
    }
    node.setTimer(5, () => node.track(work()));
    other.setTimer(6, note('next'));
    await time.advanceMs(10);
    expect(log).toEqual(['5 awoken', '6 next']);
  });

  it('lets a sleeper go on at the instant at which it wakes', async () => {
    const { time, node, log, note } = setUp();
    node.track(
      (async () => {
        await node.sleep(30);
        note('awake')();
        await node.sleep(30);
        note('again')();
      })(),
    );
    await time.advanceMs(100);
    expect(log).toEqual(['30 awake', '60 again']);
    expect(node.awaiting).toBe(0);
  });

  it('stops at the instant at which the condition holds', async () => {
    const { time, node } = setUp();
    let count = 0;
    for (let at = 1; at <= 5; at += 1) node.setTimer(at, () => (count += 1));
    expect(await time.advanceUntil(() => count === 3, 100)).toBe(true);
    expect(time.now()).toBe(1_003);
    expect(await time.advanceUntil(() => count === 9, 100)).toBe(false);
    expect(time.now()).toBe(1_103);
  });

  it('passes on what a callback throws and keeps the rest', async () => {
    const { time, node, log, note } = setUp();
    node.setTimer(1, () => {
      throw new Error('mine');
    });
    node.setTimer(2, note('rest'));
    await expect(time.advanceMs(10)).rejects.toThrow('mine');
    await time.advanceMs(10);
    expect(log).toEqual(['2 rest']);
  });

  it('fails where callbacks keep time from moving', async () => {
    const { time, node } = setUp();
    const again = (): void => void node.setTimer(0, again);
    again();
    await expect(time.advanceMs(1)).rejects.toThrow("callbacks of 'a' keep time from moving");
  });
});

describe('VirtualNode', () => {
  it('keeps what falls due while it is paused, in order', async () => {
    const { time, node, other, log, note } = setUp();
    node.setTimer(10, note('timer'));
    node.setTimer(20, note('second'));
    other.setTimer(15, note('other'));
    node.pause();
    await time.advanceMs(50);
    expect(log).toEqual(['15 other']);
    node.resume();
    await time.advanceMs(0);
    expect(log).toEqual(['15 other', '50 timer', '50 second']);
  });

  it('knows when nothing ran on it', async () => {
    const { time, node } = setUp();
    node.pause();
    await time.advanceMs(50);
    node.pause();
    node.resume();
    await time.advanceMs(10);
    node.stop();
    await time.advanceMs(5);
    node.start();
    node.pause();
    const at = (from: number, until: number) => ({
      from: from - node.now(),
      until: until - node.now(),
    });
    const told = node.absences.map(({ kind, from, until }) => ({ kind, ...at(from, until) }));
    expect(told).toEqual([
      { kind: 'paused', from: -65, until: -15 },
      { kind: 'stopped', from: -5, until: 0 },
      { kind: 'paused', from: 0, until: Infinity },
    ]);
  });

  it('is busy after each callback while it is slow; others are not', async () => {
    const { time, node, other, log, note } = setUp();
    node.slow(10);
    for (const name of ['one', 'two', 'three']) node.setTimer(0, note(name));
    other.setTimer(5, note('other'));
    await time.advanceMs(100);
    expect(log).toEqual(['0 one', '5 other', '10 two', '20 three']);
  });

  it('forgets everything when it stops, and starts empty', async () => {
    const { time, node, log, note } = setUp();
    const scheduler = node.createScheduler();
    node.setTimer(10, note('timer'));
    node.defer(note('deferred'));
    node.track(new Promise(() => undefined));
    node.stop();
    expect([node.pendingEvents, node.awaiting]).toEqual([0, 0]);
    node.setTimer(10, note('of the dead'));
    node.start();
    scheduler.setTimer(10, note('of the dead'));
    scheduler.defer(note('of the dead'));
    node.createScheduler().setTimer(10, note('of the living'));
    await time.advanceMs(50);
    expect(log).toEqual(['10 of the living']);
    expect(node.pendingEvents).toBe(0);
  });

  it('hears an answer when it wakes up, and never after its death', async () => {
    const { time, node, log, note } = setUp();
    const answers = [node.hear(Promise.resolve('a')), node.hear(Promise.reject(new Error('b')))];
    for (const answer of answers) answer.then(note('yes'), note('no'));
    node.pause();
    await time.advanceMs(30);
    expect(log).toEqual([]);
    node.track(Promise.all(answers));
    node.resume();
    await time.advanceMs(1);
    expect(log).toEqual(['30 yes', '30 no']);
    let answer = (): void => undefined;
    const late = new Promise<void>((resolve) => (answer = resolve));
    node.hear(late).then(note('of the dead'), note('of the dead'));
    node.stop();
    node.start();
    answer();
    node.track(late);
    await time.advanceMs(1);
    expect(log).toHaveLength(2);
  });

  it('may be stopped by its own callback', async () => {
    const { time, node, log, note } = setUp();
    node.setTimer(1, () => node.stop());
    node.setTimer(1, note('never'));
    await time.advanceMs(5);
    expect(log).toEqual([]);
    expect(node.pendingEvents).toBe(0);
  });
});
