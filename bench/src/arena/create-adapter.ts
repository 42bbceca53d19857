/** The adapters by name: a fresh one for each server. */
import type { Adapter } from './adapter.ts';
import { ColyseusAdapter } from './colyseus-adapter.ts';
import { HoldfastAdapter } from './holdfast-adapter.ts';
import { RecordAdapter } from './record-adapter.ts';
import { SocketIoAdapter } from './socketio-adapter.ts';

export type AdapterName =
  | 'holdfast'
  | 'colyseus'
  | 'socket.io-json'
  | 'socket.io-msgpack'
  | 'records';

export function createAdapter(name: AdapterName): Adapter {
  switch (name) {
    case 'holdfast':
      return new HoldfastAdapter();
    case 'colyseus':
      return new ColyseusAdapter();
    case 'socket.io-json':
      return new SocketIoAdapter('json');
    case 'socket.io-msgpack':
      return new SocketIoAdapter('msgpack');
    case 'records':
      return new RecordAdapter();
  }
}
