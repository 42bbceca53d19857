/**
 * Turns a session's moves into coloured pieces of a strip: what was when, in pixels. Pure.
 * In: moves (oldest first), the server's now, the width. Out: segments and marks, left to right.
 */
import type { ShownMove } from './shown-report.ts';

export interface TimelineSegment {
  readonly move: ShownMove;
  readonly left: number;
  readonly right: number;
  /** Undefined while it lasts. */
  readonly until: number | undefined;
}

export interface TimelineSpan {
  readonly now: number;
  readonly windowMs: number;
  /** Pixels. */
  readonly width: number;
}

/** A state shorter than this would be invisible; it is drawn this wide. Pixels. */
const WIDTH_MIN = 2.5;
/** Half a second without a server or a page is 2 pixels, and is what one looks for. */
const GAP_WIDTH_MIN = 6;

function isGap({ to }: ShownMove): boolean {
  return to === 'no-server' || to === 'no-page';
}

/** The visible segments. `now` is the right edge, `now - windowMs` the left one. */
export function layOutTimeline(moves: readonly ShownMove[], span: TimelineSpan): TimelineSegment[] {
  const begin = span.now - span.windowMs;
  const toX = (at: number): number => {
    const share = (at - begin) / span.windowMs;
    return Math.min(1, Math.max(0, share)) * span.width;
  };
  const segments: TimelineSegment[] = [];
  for (const [index, move] of moves.entries()) {
    const next = moves[index + 1];
    if (next !== undefined && next.at < begin) continue;
    segments.push({
      move,
      left: toX(move.at),
      right: toX(next?.at ?? span.now),
      until: next?.at,
    });
  }
  return widenShortOnes(segments, span.width);
}

/** From the right, so that what is newest stays where it belongs. */
function widenShortOnes(segments: readonly TimelineSegment[], width: number): TimelineSegment[] {
  const widened: TimelineSegment[] = [];
  let limit = width;
  for (const segment of segments.toReversed()) {
    const right = Math.min(segment.right, limit);
    const widthMin = isGap(segment.move) ? GAP_WIDTH_MIN : WIDTH_MIN;
    const left = Math.max(0, Math.min(segment.left, right - widthMin));
    if (right - left >= 0.5) widened.push({ ...segment, left, right });
    limit = Math.min(limit, left);
  }
  return widened.toReversed();
}

/** The segment under a pointer, if any. */
export function segmentAt(
  segments: readonly TimelineSegment[],
  x: number,
): TimelineSegment | undefined {
  return segments.find((segment) => x >= segment.left && x <= segment.right);
}
