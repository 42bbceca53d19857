import { expect, test } from 'vitest';
import { describeResynced } from './game-texts.ts';

test.each([
  { ticksLost: 2, eventsMissed: undefined, text: 'the server died, 2 ticks lost' },
  { ticksLost: 1, eventsMissed: undefined, text: 'the server died, 1 tick lost' },
  { ticksLost: 0, eventsMissed: undefined, text: 'the server died, no tick lost' },
  { ticksLost: 0, eventsMissed: 12, text: '12 messages missed' },
  { ticksLost: 3, eventsMissed: 1, text: '3 ticks lost, 1 message missed' },
])('what was lost is said: $text', ({ ticksLost, eventsMissed, text }) => {
  expect(describeResynced({ fromTick: 100, ticksLost, eventsMissed })).toBe(
    `Same session, same place and score: ${text}.`,
  );
});
