import { describe, expect, test } from 'vitest';

import {
  describeFunction,
  describeRoom,
  inclusiveShares,
  profileShares,
} from './profile-summary.ts';
import type { CpuProfile } from './profile-summary.ts';

type Node = CpuProfile['nodes'][number];

function node(id: number, functionName: string, url: string): Node {
  return { id, callFrame: { functionName, url, lineNumber: 0 } };
}

function withChildren(parent: Node, children: readonly number[]): Node {
  return { ...parent, children };
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

describe('inclusiveShares', () => {
  test('adds to a function what it has called, once where it calls itself', () => {
    const profile: CpuProfile = {
      nodes: [
        withChildren(node(1, 'tick', 'file:///a/dist/host/a.js'), [2]),
        withChildren(node(2, 'step', 'file:///a/dist/host/a.js'), [3]),
        node(3, 'step', 'file:///a/dist/host/a.js'),
      ],
      samples: [1, 2, 3],
      timeDeltas: [0, 20, 30, 50],
    };
    expect(inclusiveShares(profile, describeFunction)).toEqual([
      { name: 'tick host/a.js:1', part: 1 },
      { name: 'step host/a.js:1', part: 0.8 },
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
