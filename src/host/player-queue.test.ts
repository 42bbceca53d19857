import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../protocol/ids.ts';
import { PlayerQueue } from './player-queue.ts';

const ANNA = 'anna' as PlayerId;
const BOB = 'bob' as PlayerId;

interface Gate {
  readonly passed: Promise<void>;
  open(): void;
  fail(error: unknown): void;
}

function createGate(): Gate {
  let open!: () => void;
  let fail!: (error: unknown) => void;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

function createStage() {
  const log: string[] = [];
  const errors: unknown[] = [];
  const queue = new PlayerQueue((error) => errors.push(error));
  /** A job that says when it begins and ends, and waits for its gate in between. */
  const wait = (playerId: PlayerId, name: string): Gate => {
    const gate = createGate();
    queue.run(playerId, async () => {
      log.push(`${name} begins`);
      await gate.passed;
      log.push(`${name} ends`);
    });
    return gate;
  };
  const note = (playerId: PlayerId, name: string): void =>
    queue.run(playerId, () => void log.push(name));
  return { queue, log, errors, wait, note };
}

describe('PlayerQueue', () => {
  test('runs the job of an idle player within the call, and keeps nothing of it', () => {
    const { queue, log, note } = createStage();
    note(ANNA, 'one');
    note(ANNA, 'two');
    expect(log).toEqual(['one', 'two']);
    expect(queue.size).toBe(0);
  });

  test('lets a player’s jobs wait for each other, in order', async () => {
    const { queue, log, wait, note } = createStage();
    const first = wait(ANNA, 'first');
    const second = wait(ANNA, 'second');
    note(ANNA, 'third');
    expect(log).toEqual(['first begins']);
    expect(queue.size).toBe(1);
    first.open();
    await first.passed;
    await settle();
    expect(log).toEqual(['first begins', 'first ends', 'second begins']);
    second.open();
    await queue.idle();
    expect(log).toEqual([...log.slice(0, 3), 'second ends', 'third']);
    expect(queue.size).toBe(0);
  });

  test('lets nobody wait for another player', () => {
    const { log, wait, note } = createStage();
    wait(ANNA, 'anna');
    note(BOB, 'bob');
    expect(log).toEqual(['anna begins', 'bob']);
  });

  test('goes on after a job that throws or rejects, which is told', async () => {
    const { queue, log, errors, wait, note } = createStage();
    queue.run(ANNA, () => {
      throw new Error('thrown');
    });
    const gate = wait(ANNA, 'first');
    queue.run(ANNA, () => {
      throw new Error('thrown later');
    });
    note(ANNA, 'last');
    gate.fail(new Error('rejected'));
    await queue.idle();
    expect(log).toEqual(['first begins', 'last']);
    expect(errors.map(String)).toEqual(['Error: thrown', 'Error: rejected', 'Error: thrown later']);
  });

  test('runs within the call again once nothing is pending', async () => {
    const { queue, log, wait, note } = createStage();
    wait(ANNA, 'first').open();
    await queue.idle();
    note(ANNA, 'second');
    expect(log.at(-1)).toBe('second');
  });

  test('a job that a job adds comes after those that waited already', async () => {
    const { queue, log, note } = createStage();
    const gate = createGate();
    queue.run(ANNA, async () => {
      await gate.passed;
      note(ANNA, 'added');
    });
    note(ANNA, 'waited');
    gate.open();
    await queue.idle();
    expect(log).toEqual(['waited', 'added']);
  });

  test('is idle at once when nothing is pending, and else when everybody is', async () => {
    const { queue, log, wait } = createStage();
    await queue.idle();
    const anna = wait(ANNA, 'anna');
    const bob = wait(BOB, 'bob');
    const idle = queue.idle().then(() => log.push('idle'));
    anna.open();
    await settle();
    expect(log).not.toContain('idle');
    bob.open();
    await idle;
    expect(log.at(-1)).toBe('idle');
  });

  test('keeps what is still wanted, and of the rest no more than 32 jobs', async () => {
    const { queue, log, wait } = createStage();
    const first = wait(ANNA, 'first');
    for (let number = 0; number < 1_000; number += 1) {
      const isWanted = number % 100 === 0;
      queue.run(
        ANNA,
        () => void log.push(`job ${number}`),
        () => isWanted,
      );
    }
    expect(queue.waitingFor(ANNA)).toBeLessThanOrEqual(32 + 10);
    first.open();
    await queue.idle();
    const wanted = Array.from({ length: 10 }, (_, index) => `job ${index * 100}`);
    expect(log.filter((line) => wanted.includes(line))).toEqual(wanted);
    expect(queue.waitingFor(ANNA)).toBe(0);
  });
});

/** Everything that is ready has run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
