/** One page per session. */
import { describe, expect, test } from 'vitest';

import { FakeLocks } from '../../test/support/fake-page.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { SessionId } from '../protocol/ids.ts';
import { NO_LOCKS, SessionLock } from './session-lock.ts';
import type { SessionLocks } from './session-lock.ts';

const SESSION = 'session-1' as SessionId;
const OTHER = 'session-2' as SessionId;

function createPages() {
  const time = new VirtualTime();
  const locks = new FakeLocks();
  const createLock = () => new SessionLock({ locks, scheduler: time });
  return { time, locks, first: createLock(), second: createLock() };
}

describe('a claim', () => {
  test('of a session that nobody has is ours at once', () => {
    const { time, locks, first } = createPages();
    const answers: boolean[] = [];
    first.claim(SESSION, (isOurs) => answers.push(isOurs));
    expect([answers, locks.held, time.pendingTimers]).toEqual([[true], ['holdfast:session-1'], 0]);
  });

  test('of a session that another page keeps is answered after 500 ms, once', async () => {
    const { time, first, second } = createPages();
    const answers: boolean[] = [];
    first.hold(SESSION);
    second.claim(SESSION, (isOurs) => answers.push(isOurs));
    await time.advanceMs(499);
    expect(answers).toEqual([]);
    await time.advanceMs(1);
    expect(answers).toEqual([false]);
    first.release();
    await time.advanceMs(1_000);
    expect([answers, time.pendingTimers]).toEqual([[false], 0]);
  });

  test('is ours when the other page lets go within that time', async () => {
    const { time, locks, first, second } = createPages();
    const answers: boolean[] = [];
    first.hold(SESSION);
    second.claim(SESSION, (isOurs) => answers.push(isOurs));
    await time.advanceMs(499);
    first.release();
    expect([answers, locks.held.length]).toEqual([[true], 1]);
    await time.advanceMs(1_000);
    expect(answers).toEqual([true]);
  });

  test('that is given up is never answered', async () => {
    const { time, locks, first, second } = createPages();
    const answers: boolean[] = [];
    first.hold(SESSION);
    second.claim(SESSION, (isOurs) => answers.push(isOurs));
    second.release();
    first.release();
    await time.advanceMs(1_000);
    expect([answers, locks.held]).toEqual([[], []]);
  });
});

test('a grant that comes after the claim was given up is no answer', () => {
  const time = new VirtualTime();
  let grant = (): void => undefined;
  const locks: SessionLocks = {
    request: (_name, onGranted) => {
      grant = onGranted;
      return () => undefined;
    },
  };
  const lock = new SessionLock({ locks, scheduler: time });
  lock.claim(SESSION, () => expect.unreachable());
  lock.release();
  grant();
  expect(time.pendingTimers).toBe(0);
});

describe('holding', () => {
  test('the session that was claimed asks for nothing again', () => {
    const { locks, first, second } = createPages();
    first.claim(SESSION, () => undefined);
    const answers: boolean[] = [];
    second.claim(SESSION, (isOurs) => answers.push(isOurs));
    first.hold(SESSION);
    expect(answers).toEqual([]);
    first.release();
    expect(answers).toEqual([true]);
    second.release();
    expect(locks.held).toEqual([]);
  });

  test('another session lets the one before go', () => {
    const { locks, first } = createPages();
    first.hold(SESSION);
    first.hold(OTHER);
    expect(locks.held).toEqual(['holdfast:session-2']);
  });
});

test('without locks every claim is granted', () => {
  const time = new VirtualTime();
  for (let page = 0; page < 2; page += 1) {
    const answers: boolean[] = [];
    const lock = new SessionLock({ locks: NO_LOCKS, scheduler: time });
    lock.claim(SESSION, (isOurs) => answers.push(isOurs));
    expect(answers).toEqual([true]);
  }
  expect(time.pendingTimers).toBe(0);
});
