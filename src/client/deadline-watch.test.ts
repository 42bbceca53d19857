/** When a deadline is judged. */
import { describe, expect, test } from 'vitest';

import { VirtualTime } from '../../test/support/virtual-time.ts';
import { DeadlineWatch } from './deadline-watch.ts';

function createWatch(deadline: number) {
  const time = new VirtualTime(1_000);
  const state = { deadline, passedAt: [] as number[] };
  const watch = new DeadlineWatch({
    clock: time,
    scheduler: time,
    deadline: () => state.deadline,
    onPassed: () => {
      state.passedAt.push(time.now());
      state.deadline = Infinity;
    },
  });
  watch.update();
  return { time, state, watch };
}

describe('deadline watch', () => {
  test('tells once that the deadline has passed, never before', async () => {
    const { time, state } = createWatch(1_500);
    await time.advanceMs(499);
    expect(state.passedAt).toEqual([]);
    await time.advanceMs(1);
    expect(state.passedAt).toEqual([1_500]);
    await time.advanceMs(10_000);
    expect(state.passedAt).toHaveLength(1);
  });

  test('a deadline that moves on costs no timer and is judged where it is then', async () => {
    const { time, state } = createWatch(1_500);
    await time.advanceMs(400);
    state.deadline = 3_000;
    expect(time.pendingTimers).toBe(1);
    await time.advanceMs(1_599);
    expect(state.passedAt).toEqual([]);
    await time.advanceMs(1);
    expect(state.passedAt).toEqual([3_000]);
  });

  test('an earlier deadline is judged in time after an update', async () => {
    const { time, state, watch } = createWatch(5_000);
    state.deadline = 1_200;
    watch.update();
    await time.advanceMs(200);
    expect(state.passedAt).toEqual([1_200]);
  });

  test('what is read in the macrotask before the judgement saves the session', async () => {
    const { time, state } = createWatch(1_500);
    // The page stood still beyond the deadline; bytes are waiting behind the late timer.
    time.stallMs(5_000);
    time.setTimer(0, () => {
      state.deadline = 16_000;
    });
    await time.advanceMs(0);
    expect(state.passedAt).toEqual([]);
    await time.advanceMs(10_000);
    expect(state.passedAt).toEqual([16_000]);
  });

  test('a deadline further than a minute away is judged in time', async () => {
    const { time, state } = createWatch(500_000);
    await time.advanceMs(498_999);
    expect(state.passedAt).toEqual([]);
    await time.advanceMs(1);
    expect(state.passedAt).toEqual([500_000]);
  });

  test('a stopped watch judges nothing and leaves no timer', async () => {
    const { time, state, watch } = createWatch(1_500);
    watch.stop();
    watch.update();
    expect(time.pendingTimers).toBe(0);
    await time.advanceMs(1_000);
    expect(state.passedAt).toEqual([]);
  });

  test('a watch that is stopped while it yields judges nothing', async () => {
    const { time, state, watch } = createWatch(1_500);
    time.setTimer(500, () => watch.stop());
    await time.advanceMs(1_000);
    expect(state.passedAt).toEqual([]);
    expect(time.pendingTimers).toBe(0);
  });
});
