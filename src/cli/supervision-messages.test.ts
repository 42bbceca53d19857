import { describe, expect, test } from 'vitest';
import { parseChildReport, parseLaunchFacts } from './supervision-messages.ts';

describe('the reports of a supervised process', () => {
  test('are that it listens, with a port or without, and that it wants a restart', () => {
    for (const report of [
      { holdfast: 'listening' },
      { holdfast: 'listening', port: 65_535 },
      { holdfast: 'restart' },
    ]) {
      expect(parseChildReport(report)).toEqual(report);
    }
  });

  test.each([0, 65_536, 1.5, '80', null, -1])('have no port when it is %j', (port) => {
    expect(parseChildReport({ holdfast: 'listening', port })).toEqual({ holdfast: 'listening' });
  });

  test.each([undefined, null, 'listening', 7, [], {}, { holdfast: 'stop' }])(
    'are not what a game says by itself: %j',
    (message) => {
      expect(parseChildReport(message)).toBeUndefined();
    },
  );
});

describe('the facts for a supervised process', () => {
  test('come through the environment', () => {
    const facts = { restarts: 3, port: 7_777, previous: { how: 'SIGKILL', endedAt: 5 } };
    expect(parseLaunchFacts(JSON.stringify(facts))).toEqual(facts);
    expect(parseLaunchFacts('{"restarts":0}')).toEqual({ restarts: 0 });
  });

  test.each([undefined, '', '1', 'null', '{', '[]', '{"restarts":"1"}'])(
    'are not in %j',
    (text) => {
      expect(parseLaunchFacts(text)).toBeUndefined();
    },
  );
});
