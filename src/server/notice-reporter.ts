/**
 * The default `onNotice`: a line on stderr for each notice. Of one kind at most ten at once and one
 * a second, so that neither a thousand worlds nor a peer can fill the log; what was left out is
 * counted in the next line of its kind.
 */
import type { Clock } from '../base/clock.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { HostNotice } from '../host/host-notice.ts';

const LINES_AT_ONCE = 10;
const LINES_PER_SECOND = 1;

/** Returns the reporter; `writeLine` gets text that ends with a line break. */
export function createNoticeReporter(
  clock: Clock,
  writeLine: (line: string) => void,
): (notice: HostNotice) => void {
  const budgets = new Map<HostNotice['kind'], { readonly lines: TokenBucket; omitted: number }>();
  return (notice) => {
    const now = clock.now();
    const { kind } = notice;
    let budget = budgets.get(kind);
    if (budget === undefined) {
      budget = { lines: new TokenBucket(LINES_AT_ONCE, LINES_PER_SECOND, now), omitted: 0 };
      budgets.set(kind, budget);
    }
    if (!budget.lines.tryTake(now)) {
      budget.omitted += 1;
      return;
    }
    const more = budget.omitted > 0 ? ` (${budget.omitted} more were left out)` : '';
    budget.omitted = 0;
    writeLine(`holdfast: ${wordsFor(notice)}${more}\n`);
  };
}

/** In one line; ids may be any text. */
function wordsFor(notice: HostNotice): string {
  switch (notice.kind) {
    case 'sessions-restored': {
      const lost = notice.dropped === 0 ? '' : `, ${notice.dropped} are not`;
      return `sessions that are back and wait for their players: ${notice.count}${lost}`;
    }
    case 'world-restored': {
      const { tick, ticksReplayed, ms } = notice;
      const how = `${ticksReplayed} ticks replayed in ${Math.round(ms)} ms`;
      return `${worldOf(notice)} goes on after tick ${tick} (${how})`;
    }
    case 'world-not-restored':
      return `${worldOf(notice)} has lost ${notice.reason}: ${wordsOf(notice.error)}`;
    case 'world-not-kept':
      return `${worldOf(notice)} will end with this process: ${notice.reasons.join(', ')}`;
    case 'ticks-lost': {
      const lost = `has lost at least ${notice.ticks} ticks`;
      return `${worldOf(notice)} ${lost} that a player says to have seen`;
    }
    case 'outcomes-not-durable': {
      const from = `from tick ${notice.tick} on`;
      return `${worldOf(notice)} tells outcomes before they are durable, ${from}`;
    }
    case 'store-health':
      if (notice.health === 'healthy') return 'the store is healthy again';
      return `the store is ${notice.health} (${notice.reason}): ${wordsOf(notice.error)}`;
    case 'token-reused': {
      const player = JSON.stringify(notice.playerId);
      return `a resume token of player ${player} that was used already came again`;
    }
  }
}

function worldOf({ worldId }: { readonly worldId: string }): string {
  return `world ${JSON.stringify(worldId)}`;
}

function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
