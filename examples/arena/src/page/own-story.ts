/**
 * The own session in words: the newest moves of both tellers, each with its cause and with who says
 * so. Pure. In: what the server told, what the page has seen. Out: lines, newest first.
 */
import type { ShownMove } from './shown-report.ts';

export interface Teller {
  /** Oldest first. */
  readonly moves: readonly ShownMove[];
  /** Now, on the clock of the moves. */
  readonly now: number;
}

export interface StoryLine {
  readonly who: 'server' | 'earlier' | 'page' | 'both';
  readonly agoMs: number;
  readonly to: ShownMove['to'];
  readonly text: string;
}

/** One thing reaches the server and the page at nearly the same time. Milliseconds. */
const SAME_TIME_MS = 500;

/** Steps on the way to a login: the timeline has them, a story can do without. */
const UNTOLD: readonly ShownMove['to'][] = ['transport-connected', 'login-pending'];

const GAP_TEXTS = { 'no-server': 'no server', 'no-page': 'no page' } as const;

function textOf({ to, cause, epoch, note }: ShownMove): string {
  // No move of the state: something was lost on the way.
  if (note !== undefined) return `${cause} — ${note}`;
  const what = to === 'no-server' || to === 'no-page' ? GAP_TEXTS[to] : to;
  return `${what} — ${cause}${to === 'logged-in' ? `, epoch ${epoch}` : ''}`;
}

function toLine(move: ShownMove, now: number, isPage: boolean): StoryLine {
  const teller = move.toldBy === undefined ? 'server' : 'earlier';
  return {
    who: isPage ? 'page' : teller,
    agoMs: Math.max(0, now - move.at),
    to: move.to,
    text: textOf(move),
  };
}

/** What the server and the page say alike is told once. */
function mergeEchoes(lines: readonly StoryLine[]): StoryLine[] {
  const merged: StoryLine[] = [];
  for (const line of lines) {
    const index = merged.findIndex(
      ({ who, text, agoMs }) =>
        text === line.text &&
        (who === 'page') !== (line.who === 'page') &&
        who !== 'both' &&
        line.agoMs - agoMs < SAME_TIME_MS,
    );
    const told = merged[index];
    if (told === undefined) merged.push(line);
    else merged[index] = { ...told, who: 'both' };
  }
  return merged;
}

export function tellStory(
  tellers: { server: Teller; page: Teller },
  linesMax: number,
): StoryLine[] {
  const { server, page } = tellers;
  const lines = [
    ...server.moves.toReversed().map((move) => toLine(move, server.now, false)),
    ...page.moves.toReversed().map((move) => toLine(move, page.now, true)),
  ]
    .filter(({ to }) => !UNTOLD.includes(to))
    .toSorted((a, b) => a.agoMs - b.agoMs);
  return mergeEchoes(lines).slice(0, linesMax);
}
