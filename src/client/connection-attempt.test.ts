/** One connection over a transport that keeps no promise about when it calls back. */
import { describe, expect, test } from 'vitest';

import { ACCEPTED } from '../../test/support/fake-server.ts';
import { ServerFrameEncoder } from '../../test/support/server-frame-encoder.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { decodeClientMessage } from '../protocol/client-codec.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import type { ClientConnectionHandler, ClientTransport } from '../transport/transport.ts';
import { createClientTraffic } from './client-traffic.ts';
import { createConnect } from './connect.ts';
import { ConnectionAttempt } from './connection-attempt.ts';

const HEARTBEAT = encodeServerMessage({
  kind: 'heartbeat',
  nonce: 'n',
  serverTick: 1,
  tickFraction: 0,
  roundTripTimeMs: 0,
  reliableReceived: 0,
});
const SHOT_REJECTED = encodeServerMessage({
  kind: 'combat-event',
  tick: 3,
  event: 'shoot-rejected',
  inputTick: 2,
  code: 'cooldown',
});

/** Calls back whenever the test likes, also after `drop`. */
class RudeTransport implements ClientTransport {
  readonly handlers: ClientConnectionHandler[] = [];
  readonly written: Uint8Array[] = [];
  readonly lanes: string[] = [];
  drops = 0;
  isSyncOrdered = true;
  /** What happens inside `connect`, before it returns. */
  onConnect: (handler: ClientConnectionHandler) => void = () => undefined;

  connect(_url: string, handler: ClientConnectionHandler) {
    this.handlers.push(handler);
    this.onConnect(handler);
    return {
      isSyncOrdered: this.isSyncOrdered,
      bufferedBytes: 0,
      write: (lane: string, bytes: Uint8Array) => {
        this.written.push(bytes);
        this.lanes.push(lane);
      },
      close: () => undefined,
      drop: () => void (this.drops += 1),
    };
  }

  get handler(): ClientConnectionHandler {
    const handler = this.handlers.at(-1);
    if (handler === undefined) throw new Error('nobody has connected');
    return handler;
  }
}

function createAttempt() {
  const transport = new RudeTransport();
  const traffic = createClientTraffic();
  const heard: string[] = [];
  const attempt = new ConnectionAttempt({
    transport,
    url: 'ws://rude',
    traffic,
    handler: {
      handleOpened: (opened) => heard.push(`opened, ${opened.write('reliable', HEARTBEAT)}`),
      handleCounted: () => heard.push('counted'),
      handleMessage: (_attempt, { kind }) => heard.push(kind),
      handleClosed: (_attempt, { code }) => heard.push(`closed, ${code}`),
    },
  });
  return { attempt, transport, traffic, heard };
}

function createRudeConnect() {
  const time = new VirtualTime();
  const transport = new RudeTransport();
  const connect = createConnect({
    clock: time,
    scheduler: time,
    random: new SeededRandom(1),
    reportError: () => undefined,
    createTransport: () => transport,
  });
  const logIn = async () => {
    const promise = connect({ url: 'ws://rude', credentials: {} });
    transport.handler.handleOpen();
    transport.handler.handleBytes('reliable', encodeServerMessage(ACCEPTED));
    return promise;
  };
  return { time, transport, connect, logIn };
}

describe('connection attempt', () => {
  test('tells of its opening, its messages and its end', () => {
    const { attempt, transport, traffic, heard } = createAttempt();
    attempt.open();
    transport.handler.handleOpen();
    transport.handler.handleBytes('reliable', HEARTBEAT);
    transport.handler.handleClosed({ code: 'evicted' });
    expect(heard).toEqual(['opened, true', 'heartbeat', 'closed, evicted']);
    expect(traffic).toMatchObject({
      bytesSent: HEARTBEAT.byteLength,
      bytesReceived: HEARTBEAT.byteLength,
      framesReceived: 1,
    });
  });

  test('an opening inside the call of connect can be written to', () => {
    const { attempt, transport, heard } = createAttempt();
    transport.onConnect = (handler) => handler.handleOpen();
    attempt.open();
    expect(heard).toEqual(['opened, true']);
  });

  test('an end inside the call of connect is an end', () => {
    const { attempt, transport, heard } = createAttempt();
    transport.onConnect = (handler) => handler.handleClosed({ code: undefined });
    attempt.open();
    expect(heard).toEqual(['closed, undefined']);
  });

  test('nothing is heard of an abandoned one, and nothing is written to it', () => {
    const { attempt, transport, traffic, heard } = createAttempt();
    attempt.open();
    attempt.abandon();
    transport.handler.handleOpen();
    transport.handler.handleBytes('reliable', HEARTBEAT);
    transport.handler.handleClosed({ code: 'evicted' });
    expect(attempt.write('reliable', HEARTBEAT)).toBe(false);
    expect(heard).toEqual([]);
    expect(traffic.framesReceived).toBe(0);
    expect(transport.drops).toBe(1);
  });

  test('nothing is heard after the end', () => {
    const { attempt, transport, heard } = createAttempt();
    attempt.open();
    transport.handler.handleClosed({ code: undefined });
    transport.handler.handleClosed({ code: 'evicted' });
    transport.handler.handleBytes('reliable', HEARTBEAT);
    expect(heard).toEqual(['closed, undefined']);
  });
});

describe('a client over a transport without manners', () => {
  test('what comes in the same turn as the answer is heard after the await', async () => {
    const { time, transport, connect } = createRudeConnect();
    const promise = connect({ url: 'ws://rude', credentials: {} });
    transport.handler.handleOpen();
    transport.handler.handleBytes('reliable', encodeServerMessage(ACCEPTED));
    transport.handler.handleBytes('reliable', SHOT_REJECTED);
    const client = await promise;
    const heard: string[] = [];
    client.on('combat', ({ event }) => heard.push(event));
    expect(heard).toEqual([]);
    await time.advanceMs(0);
    expect(heard).toEqual(['shoot-rejected']);
  });

  test('gives the connection up when silence is judged, and late bytes touch nothing', async () => {
    const { time, transport, logIn } = createRudeConnect();
    const client = await logIn();
    const dropsAtTimeOut: number[] = [];
    client.on('state', ({ to }) => {
      if (to === 'timed-out') dropsAtTimeOut.push(transport.drops);
    });
    const [first] = transport.handlers;
    await time.advanceMs(10_500);
    expect(dropsAtTimeOut).toEqual([1]);
    const before = client.stats;
    first?.handleBytes('reliable', encodeServerMessage({ ...ACCEPTED, epoch: 9 }));
    first?.handleBytes('reliable', HEARTBEAT);
    first?.handleClosed({ code: 'superseded' });
    expect(client.state).toBe('reconnecting');
    expect(client.stats).toEqual(before);
  });

  test('bytes after leaving touch nothing', async () => {
    const { time, transport, logIn } = createRudeConnect();
    const client = await logIn();
    const leaving = client.leave();
    transport.handler.handleBytes('reliable', HEARTBEAT);
    transport.handler.handleBytes('reliable', encodeServerMessage({ ...ACCEPTED, epoch: 9 }));
    expect(client.stats.messagesIgnored).toBe(0);
    expect(client).toMatchObject({ state: 'disconnected', epoch: 1 });
    // It never says that it has ended: a second is what it gets.
    await time.advanceMs(999);
    expect(transport.drops).toBe(0);
    await time.advanceMs(1);
    await leaving;
    expect(transport.drops).toBe(1);
    expect(time.pendingTimers).toBe(0);
  });
});

describe('snapshots', () => {
  const UNKNOWN = Uint8Array.of(0x25, 9, 2, 0x80);

  function open(isSyncOrdered: boolean) {
    const { attempt, transport, traffic } = createAttempt();
    transport.isSyncOrdered = isSyncOrdered;
    attempt.open();
    transport.handler.handleOpen();
    transport.written.length = 0;
    transport.lanes.length = 0;
    const encoder = new ServerFrameEncoder();
    const accepted = encoder.encode(ACCEPTED);
    return {
      attempt,
      transport,
      traffic,
      accept: () => transport.handler.handleBytes('reliable', accepted),
      hear: (tick: number) => {
        const frame = encoder.encode({ kind: 'snapshot', tick, players: [] });
        transport.handler.handleBytes('sync', frame);
      },
      acks: () =>
        transport.written.map((bytes) => {
          const ack = decodeClientMessage(bytes);
          return ack.kind === 'snapshot-ack' ? [ack.tick, ack.earlier] : ack.kind;
        }),
    };
  }

  test('are acknowledged one by one on a lane that loses', () => {
    const { transport, accept, hear, acks } = open(false);
    accept();
    for (const tick of [3, 4, 6]) hear(tick);
    expect(acks()).toEqual([
      [3, 0],
      [4, 0b1],
      [6, 0b110],
    ]);
    expect(new Set(transport.lanes)).toEqual(new Set(['sync']));
  });

  test('are not acknowledged on an ordered lane', () => {
    const { accept, hear, acks } = open(true);
    accept();
    for (const tick of [3, 4, 6]) hear(tick);
    expect(acks()).toEqual([]);
  });

  test.each([true, false])(
    'that cannot be read are said to be so, ordered or not: %s',
    (isOrdered) => {
      const { transport, traffic, accept, acks } = open(isOrdered);
      accept();
      transport.handler.handleBytes('sync', UNKNOWN);
      expect(acks()).toEqual([[0, 0]]);
      expect(traffic.framesRejected).toBe(1);
    },
  );

  test('before the login is accepted are nobody’s, and not answered', () => {
    const { transport, traffic, hear, acks } = open(false);
    hear(3);
    transport.handler.handleBytes('sync', UNKNOWN);
    expect(acks()).toEqual([]);
    expect(traffic.framesRejected).toBe(2);
  });

  test('after the goodbye are not answered', () => {
    const { attempt, accept, hear, acks } = open(false);
    accept();
    attempt.close();
    hear(3);
    expect(acks()).toEqual([]);
  });

  test('that are damaged are not answered', () => {
    const { transport, accept, acks } = open(false);
    accept();
    transport.handler.handleBytes('sync', Uint8Array.of(0x25, 9));
    expect(acks()).toEqual([]);
  });
});
