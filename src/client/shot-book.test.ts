/** Each shot has one end: the server's word, or none in time. */
import { describe, expect, test } from 'vitest';

import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { CombatEvent } from '../protocol/messages.ts';
import { ShotBook } from './shot-book.ts';

const ANNA = 'anna' as PlayerId;
const BERT = 'bert' as PlayerId;
const PLACES = { originX: 0, originY: 0, impactX: 1, impactY: 0 };

function createBook() {
  const time = new VirtualTime();
  const told: string[] = [];
  const book = new ShotBook({
    clock: time,
    scheduler: time,
    onShot: ({ tick, outcome, code }) => {
      if (outcome !== 'predicted') told.push(`${tick} ${code ?? outcome}`);
    },
  });
  const hear = (event: CombatEvent): void =>
    book.handleCombat(event, { playerId: ANNA, aheadTicksMax: 8 });
  const miss = (tick: number, shooterId = ANNA): void =>
    hear({ kind: 'combat-event', event: 'shot-missed', tick, shooterId, ...PLACES });
  const refuse = (tick: number, inputTick: number, code = 'cooldown'): void =>
    hear({ kind: 'combat-event', event: 'shoot-rejected', tick, inputTick, code });
  return { time, told, book, hear, miss, refuse };
}

describe('shot book', () => {
  test('a hit or a miss of one’s own confirms the oldest shot, a rejection the one it names', () => {
    const { book, told, hear, miss, refuse } = createBook();
    for (const tick of [100, 101, 106]) book.handleSent(tick);
    miss(100, BERT);
    expect(told).toEqual([]);
    refuse(101, 101);
    hear({
      kind: 'combat-event',
      event: 'hit',
      tick: 101,
      shooterId: ANNA,
      targetId: BERT,
      ...PLACES,
    });
    miss(106);
    miss(107);
    expect(told).toEqual(['101 cooldown', '100 confirmed', '106 confirmed']);
  });

  test('without an answer in five seconds a shot is rejected, and a later one says nothing', async () => {
    const { book, told, miss, time } = createBook();
    book.handleSent(100);
    await time.advanceMs(4_999);
    expect(told).toEqual([]);
    await time.advanceMs(1);
    expect(told).toEqual(['100 no-answer']);
    book.handleSent(104);
    miss(102);
    expect(told).toHaveLength(1);
    miss(104);
    expect(told.at(-1)).toBe('104 confirmed');
    expect(time.pendingTimers).toBe(0);
  });

  test('an answer is awaited for a minute more, then no more', async () => {
    const { book, told, miss, time } = createBook();
    book.handleSent(100);
    await time.advanceMs(64_999);
    expect(time.pendingTimers).toBe(1);
    await time.advanceMs(1);
    expect(time.pendingTimers).toBe(0);
    book.handleSent(1_400);
    miss(102);
    expect(told).toEqual(['100 no-answer']);
    miss(1_400);
    expect(told.at(-1)).toBe('1400 confirmed');
  });

  test('holds 64 shots, and the oldest gives way to one more', () => {
    const { book, told } = createBook();
    for (let tick = 1; tick <= 64; tick += 1) book.handleSent(tick);
    expect(told).toEqual([]);
    book.handleSent(65);
    expect(told).toEqual(['1 no-answer']);
  });

  test('over a resume what was missed answers old shots, and what is new does not', () => {
    const { book, told, miss } = createBook();
    for (const tick of [100, 106, 112]) book.handleSent(tick);
    book.handleLogin({ resent: 1, isContinued: true });
    book.handleServerTick(150);
    book.handleServerTick(200);
    miss(101);
    miss(151);
    expect(told).toEqual(['100 confirmed', '106 no-answer', '112 confirmed']);
  });

  test('a gap and a counting that begins anew leave no answer to wait for', () => {
    const { book, told } = createBook();
    book.handleSent(100);
    book.handleSent(106);
    book.handleLogin({ resent: 1, isContinued: true });
    book.endOld();
    expect(told).toEqual(['100 no-answer']);
    book.handleLogin({ resent: 0, isContinued: false });
    expect(told).toEqual(['100 no-answer', '106 no-answer']);
  });

  test('the end of the session is the end of every shot', () => {
    const { book, told, time } = createBook();
    book.handleSent(100);
    book.close();
    book.close();
    expect(told).toEqual(['100 no-answer']);
    expect(time.pendingTimers).toBe(0);
  });
});
