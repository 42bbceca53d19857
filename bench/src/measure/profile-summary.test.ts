import { describe, expect, test } from 'vitest';

import { describeRoom, profileShares } from './profile-summary.ts';
import type { CpuProfile } from './profile-summary.ts';

function node(id: number, functionName: string, url: string): CpuProfile['nodes'][number] {
  return { id, callFrame: { functionName, url, lineNumber: 0 } };
}

const PROFILE: CpuProfile = {
  nodes: [
    node(1, '(idle)', ''),
    node(2, 'send', 'file:///a/node_modules/ws/lib/sender.js'),
    node(3, 'tick', 'file:///a/dist/host/tick-pass.js'),
    node(4, 'writev', ''),
  ],
  samples: [1, 2, 3, 2, 4],
  timeDeltas: [0, 500, 30, 10, 30, 30],
};

describe('profileShares', () => {
  test('gives each sample the time until the next one and leaves idle time out', () => {
    const shares = profileShares(PROFILE, describeRoom);
    expect(shares).toEqual([
      { name: 'ws', part: 0.6 },
      { name: 'native code', part: 0.3 },
      { name: 'holdfast/host', part: 0.1 },
    ]);
  });
});

describe('describeRoom', () => {
  test.each([
    ['f', 'node:net', 'node'],
    ['f', 'file:///x/node_modules/@colyseus/core/a.mjs', '@colyseus/core'],
    ['(garbage collector)', '', '(garbage collector)'],
    ['f', 'file:///x/bench/peers/ws-server.mjs', 'the bench itself'],
  ])('%s of %s is %s', (name, url, room) => {
    expect(describeRoom(node(1, name, url))).toBe(room);
  });
});
