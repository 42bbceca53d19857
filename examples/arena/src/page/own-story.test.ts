import { expect, test } from 'vitest';
import { tellStory } from './own-story.ts';
import type { ShownMove } from './shown-report.ts';

function move(at: number, to: ShownMove['to'], cause: string): ShownMove {
  return { at, to, cause, epoch: 2 };
}

const SERVER = {
  now: 10_000,
  moves: [
    { ...move(1_000, 'logged-in', 'login-succeeded'), toldBy: 7 },
    move(4_000, 'no-server', 'SIGKILL'),
    move(5_000, 'reconnecting', 'server-restarted'),
    move(6_000, 'logged-in', 'resumed'),
  ],
};
/** Its clock has nothing to do with that of the server. */
const PAGE = {
  now: 900_000,
  moves: [
    move(894_500, 'reconnecting', 'transport-lost'),
    { ...move(896_100, 'logged-in', 'resynced'), note: '2 ticks lost' },
  ],
};

test('a story is told newest first, each line by whom it comes from', () => {
  const lines = tellStory({ server: SERVER, page: PAGE }, 10);
  expect(lines.map(({ who, agoMs, text }) => [who, agoMs, text])).toEqual([
    ['page', 3_900, 'resynced — 2 ticks lost'],
    ['server', 4_000, 'logged-in — resumed, epoch 2'],
    ['server', 5_000, 'reconnecting — server-restarted'],
    ['page', 5_500, 'reconnecting — transport-lost'],
    ['server', 6_000, 'no server — SIGKILL'],
    ['earlier', 9_000, 'logged-in — login-succeeded, epoch 2'],
  ]);
});

test('a story has no more lines than asked for: the newest', () => {
  const lines = tellStory({ server: SERVER, page: PAGE }, 2);
  expect(lines.map(({ agoMs }) => agoMs)).toEqual([3_900, 4_000]);
});

test('what the server and the page say alike at nearly the same time is told once', () => {
  const resumed = (at: number) => move(at, 'logged-in', 'resumed');
  const server = { now: 10_000, moves: [resumed(1_000), resumed(9_000)] };
  const page = { now: 10_000, moves: [resumed(2_000), resumed(9_010)] };
  const lines = tellStory({ server, page }, 10);
  expect(lines.map(({ who, agoMs }) => [who, agoMs])).toEqual([
    ['both', 990],
    ['page', 8_000],
    ['server', 9_000],
  ]);
});

test('a story leaves out the steps of a login', () => {
  const moves = [
    move(1, 'transport-connected', 'transport-activity'),
    move(2, 'login-pending', 'login-started'),
    move(3, 'logged-in', 'login-succeeded'),
  ];
  const lines = tellStory({ server: { now: 3, moves }, page: { now: 0, moves: [] } }, 10);
  expect(lines.map(({ to }) => to)).toEqual(['logged-in']);
});

test('what came at one instant is told in the order in which it came', () => {
  const moves = [move(5, 'timed-out', 'liveness-timeout'), move(5, 'reconnecting', 'gone')];
  const lines = tellStory({ server: { now: 5, moves }, page: { now: 0, moves: [] } }, 10);
  expect(lines.map(({ to }) => to)).toEqual(['reconnecting', 'timed-out']);
});
