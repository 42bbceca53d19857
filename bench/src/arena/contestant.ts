/** Who plays in the arena bench, and how each is started: the same game rule for all. */
import { fileURLToPath } from 'node:url';

import type { AdapterName } from './create-adapter.ts';

export type Group = 'ours' | 'peers' | 'limits';

export interface Contestant {
  readonly name: string;
  readonly group: Group;
  readonly title: string;
  readonly adapter: AdapterName;
  /** Of its players with an official client, where there are several. */
  readonly parser?: 'json' | 'msgpack';
  /** Absolute: a script of Node, or C to be compiled. */
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

const PEERS = '../../peers';

export const CONTESTANTS: readonly Contestant[] = [
  {
    name: 'ours',
    group: 'ours',
    title: 'Holdfast',
    adapter: 'holdfast',
    path: pathOf('../servers/holdfast-server.mjs'),
    options: {},
  },
  {
    name: 'colyseus',
    group: 'peers',
    title: 'Colyseus, defaults',
    adapter: 'colyseus',
    path: pathOf(`${PEERS}/colyseus-server.mjs`),
    options: {},
  },
  {
    name: 'colyseus-in-tick',
    group: 'peers',
    title: 'Colyseus, patch in the tick',
    adapter: 'colyseus',
    path: pathOf(`${PEERS}/colyseus-server.mjs`),
    options: { patch: 'in-tick' },
  },
  {
    name: 'socket.io',
    group: 'peers',
    title: 'Socket.IO, JSON',
    adapter: 'socket.io-json',
    parser: 'json',
    path: pathOf(`${PEERS}/socketio-server.mjs`),
    options: { parser: 'json' },
  },
  {
    name: 'socket.io-msgpack',
    group: 'peers',
    title: 'Socket.IO, msgpack',
    adapter: 'socket.io-msgpack',
    parser: 'msgpack',
    path: pathOf(`${PEERS}/socketio-server.mjs`),
    options: { parser: 'msgpack' },
  },
  {
    name: 'plain-ws',
    group: 'peers',
    title: 'plain `ws`',
    adapter: 'records',
    path: pathOf(`${PEERS}/ws-server.mjs`),
    options: { frames: 'ws' },
  },
  {
    name: 'prebuilt-ws',
    group: 'limits',
    title: '`ws`, prebuilt frames',
    adapter: 'records',
    path: pathOf(`${PEERS}/ws-server.mjs`),
    options: { frames: 'prebuilt' },
  },
  {
    name: 'c-epoll',
    group: 'limits',
    title: 'C with epoll',
    adapter: 'records',
    path: pathOf(`${PEERS}/epoll-server.c`),
    options: {},
  },
];
