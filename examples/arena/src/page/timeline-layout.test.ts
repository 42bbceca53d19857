import { describe, expect, test } from 'vitest';
import type { ShownMove } from './shown-report.ts';
import { layOutTimeline, segmentAt } from './timeline-layout.ts';

const span = { now: 100_000, windowMs: 60_000, width: 600 };

function move(at: number, to: ShownMove['to'], cause = 'because'): ShownMove {
  return { at, to, cause, epoch: 1 };
}

describe('the layout of a timeline', () => {
  test('has one segment per state, from its begin to the next one', () => {
    const segments = layOutTimeline(
      [move(50_000, 'logged-in'), move(70_000, 'reconnecting'), move(90_000, 'logged-in')],
      span,
    );
    expect(segments.map(({ move: { to }, left, right }) => [to, left, right])).toEqual([
      ['logged-in', 100, 300],
      ['reconnecting', 300, 500],
      ['logged-in', 500, 600],
    ]);
    expect(segments.at(-1)?.until).toBeUndefined();
  });

  test('fills the window with a state that began before it', () => {
    const segments = layOutTimeline([move(1_000, 'login-pending'), move(2_000, 'logged-in')], span);
    expect(segments).toHaveLength(1);
    expect(segments[0]).toMatchObject({
      move: { to: 'logged-in', at: 2_000 },
      left: 0,
      right: 600,
    });
  });

  test('leaves the time before the first move empty', () => {
    expect(layOutTimeline([move(99_000, 'logged-in')], span)[0]?.left).toBe(590);
  });

  test('draws a state of no length visibly and keeps the segments in order', () => {
    const segments = layOutTimeline(
      [
        move(80_000, 'transport-connected'),
        move(80_000, 'login-pending'),
        move(80_000, 'logged-in'),
      ],
      span,
    );
    expect(segments.map((segment) => segment.move.to)).toEqual([
      'transport-connected',
      'login-pending',
      'logged-in',
    ]);
    for (const [index, segment] of segments.entries()) {
      expect(segment.right - segment.left).toBeGreaterThanOrEqual(2);
      expect(segment.left).toBeGreaterThanOrEqual(segments[index - 1]?.right ?? 0);
    }
  });

  test.each(['no-server', 'no-page'] as const)('draws a gap wider than it was: %s', (to) => {
    const moves = [move(80_000, 'logged-in'), move(90_000, to), move(90_300, 'logged-in')];
    const [before, gap] = layOutTimeline(moves, span);
    expect((gap?.right ?? 0) - (gap?.left ?? 0)).toBe(6);
    expect(before?.right).toBe(gap?.left);
  });

  test('has nothing to draw for a session without moves', () => {
    expect(layOutTimeline([], span)).toEqual([]);
  });

  test('answers which segment is under the pointer', () => {
    const segments = layOutTimeline([move(50_000, 'logged-in'), move(70_000, 'timed-out')], span);
    expect(segmentAt(segments, 200)?.move.to).toBe('logged-in');
    expect(segmentAt(segments, 400)?.move.to).toBe('timed-out');
    expect(segmentAt(segments, 50)).toBeUndefined();
  });
});
