import { expect, test } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { HostNotice } from '../host/host-notice.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { createNoticeReporter } from './notice-reporter.ts';

const worldId = 'field' as WorldId;

function lineFor(notice: HostNotice): string | undefined {
  const lines: string[] = [];
  createNoticeReporter(new VirtualTime(), (line) => lines.push(line))(notice);
  return lines.join('');
}

test.each<[HostNotice, string]>([
  [
    { kind: 'sessions-restored', count: 4, dropped: 0 },
    'sessions that are back and wait for their players: 4',
  ],
  [
    { kind: 'sessions-restored', count: 4, dropped: 2 },
    'sessions that are back and wait for their players: 4, 2 are not',
  ],
  [
    { kind: 'world-restored', worldId, tick: 78, ticksReplayed: 3, ms: 4.4 },
    'world "field" goes on after tick 78 (3 ticks replayed in 4 ms)',
  ],
  [
    { kind: 'world-not-restored', worldId, reason: 'everything', error: new Error('two\n lines') },
    'world "field" has lost everything: two lines',
  ],
  [
    { kind: 'world-not-kept', worldId, reasons: ['a', 'b'] },
    'world "field" will end with this process: a, b',
  ],
  [
    { kind: 'ticks-lost', worldId, ticks: 3 },
    'world "field" has lost at least 3 ticks that a player says to have seen',
  ],
  [
    { kind: 'outcomes-not-durable', worldId, tick: 9 },
    'world "field" tells outcomes before they are durable, from tick 9 on',
  ],
  [
    { kind: 'store-health', health: 'degraded', reason: 'slow', error: new Error('a disk') },
    'the store is degraded (slow): a disk',
  ],
  [
    { kind: 'store-health', health: 'healthy', reason: 'recovered', error: undefined },
    'the store is healthy again',
  ],
  [
    { kind: 'token-reused', sessionId: 's' as SessionId, playerId: 'a\nb' as PlayerId },
    'a resume token of player "a\\nb" that was used already came again',
  ],
])('the notice %j is one line', (notice, words) => {
  expect(lineFor(notice)).toBe(`holdfast: ${words}\n`);
});

test('of one kind ten lines come at once, then one a second that counts what was left out', async () => {
  const time = new VirtualTime();
  const lines: string[] = [];
  const report = createNoticeReporter(time, (line) => lines.push(line));
  const notice = { kind: 'ticks-lost', worldId, ticks: 1 } as const;
  for (let count = 0; count < 15; count += 1) report(notice);
  expect(lines).toHaveLength(10);
  report({ kind: 'sessions-restored', count: 1, dropped: 0 });
  expect(lines).toHaveLength(11);
  await time.advanceMs(1_000);
  report(notice);
  expect(lines).toHaveLength(12);
  expect(lines[11]).toContain('(5 more were left out)');
});
