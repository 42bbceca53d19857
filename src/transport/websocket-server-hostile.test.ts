import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';

import {
  BINARY,
  CLOSE,
  PING,
  PONG,
  RawWebSocketScene,
  TEXT,
  frame,
  upgradeRequest,
} from '../../test/contract/raw-websocket.ts';
import { realUntil } from '../../test/contract/real-time.ts';
import { payloadOf } from '../../test/contract/transport-harness.ts';
import type { WebSocketServerOptions } from './websocket-server.ts';

let scene: RawWebSocketScene;

async function start(options: Partial<WebSocketServerOptions> = {}): Promise<void> {
  scene = await new RawWebSocketScene(options).start();
}

afterEach(() => scene.end());

describe('strangers', () => {
  test.each([
    ['bytes that aren’t HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a header without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
    ['a method that Node knows and we don’t', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('%s end that socket only', async (_, bytes) => {
    await start();
    const { peer } = await scene.upgraded();
    const { socket, isClosed } = scene.tcp();
    socket.write(bytes, 'latin1');
    await realUntil(isClosed);
    peer.write([payloadOf('unmoved')]);
    expect([scene.host.count('open'), scene.host.count('closed')]).toEqual([1, 0]);
  });

  test('a socket that says nothing, or half a request, ends by itself', async () => {
    await start({ limits: { handshakeTimeoutMs: 150 } });
    const silent = scene.tcp();
    const half = scene.tcp();
    half.socket.write(upgradeRequest().slice(0, 60));
    await realUntil(() => silent.isClosed() && half.isClosed());
    expect(half.text()).toMatch(/^HTTP\/1\.1 408 /);
    expect(scene.server.counters.handshakesFailed).toBe(2);
  });

  test('a request that trickles ends by itself', async () => {
    await start({ limits: { handshakeTimeoutMs: 150 } });
    const { socket, isClosed } = scene.tcp();
    const request = upgradeRequest();
    let sent = 0;
    const trickle = setInterval(() => socket.write(request[sent++] ?? ''), 20);
    await realUntil(isClosed);
    clearInterval(trickle);
    expect(scene.host.requests).toEqual([]);
  });

  test('one handshake too many ends the oldest, and no connection', async () => {
    await start({ limits: { handshakesMax: 2 } });
    const { peer } = await scene.upgraded();
    const waiting = [scene.tcp(), scene.tcp(), scene.tcp()];
    for (const { socket } of waiting) await once(socket, 'connect');
    await realUntil(() => waiting[0]?.isClosed() === true);
    expect(waiting.map(({ isClosed }) => isClosed())).toEqual([true, false, false]);
    expect([scene.server.counters.handshakesCrowdedOut, scene.host.logOf(peer)]).toEqual([
      1,
      ['open'],
    ]);
  });

  test('one socket too many is refused', async () => {
    await start({ limits: { socketsMax: 1 } });
    const { isClosed, peer } = await scene.upgraded();
    const second = scene.tcp();
    await realUntil(second.isClosed);
    expect([isClosed(), scene.host.logOf(peer)]).toEqual([false, ['open']]);
    expect(scene.server.counters.socketsRefused).toBe(1);
  });

  test('a reset during the handshake is nobody’s problem', async () => {
    await start();
    for (let length = 1; length < upgradeRequest().length; length += 20) {
      const { socket } = scene.tcp();
      await once(socket, 'connect');
      socket.write(upgradeRequest().slice(0, length));
      socket.resetAndDestroy();
    }
    const full = scene.tcp();
    await once(full.socket, 'connect');
    full.socket.write(upgradeRequest());
    full.socket.resetAndDestroy();
    const { peer } = await scene.upgraded();
    expect(scene.host.logOf(peer)).toEqual(['open']);
    await realUntil(() => scene.host.count('closed') === scene.host.count('open') - 1);
  });
});

describe('frames', () => {
  test('text is malformed and ends nothing', async () => {
    await start();
    const { socket, peer } = await scene.upgraded();
    socket.write(
      Buffer.concat([frame(TEXT, 'hello'), frame(TEXT, '\xff\xfe'), frame(BINARY, 'b')]),
    );
    await realUntil(() => scene.host.messagesOf(peer).length === 1);
    expect(scene.host.logOf(peer)).toEqual([
      'open',
      'malformed text-frame',
      'malformed text-frame',
      'bytes b',
    ]);
  });

  test('a message in fragments is one message, up to the limit', async () => {
    await start({ limits: { messageFragmentsMax: 3 } });
    const { socket, peer } = await scene.upgraded();
    socket.write(Buffer.concat([frame(0x02, 'a'), frame(0x00, 'b'), frame(0x80, 'c')]));
    await realUntil(() => scene.host.messagesOf(peer).length === 1);
    socket.write(Buffer.concat([frame(0x02), frame(0x00), frame(0x00), frame(0x80)]));
    await realUntil(() => scene.host.count('closed') === 1);
    expect(scene.host.logOf(peer)).toEqual([
      'open',
      'bytes abc',
      'malformed frame-too-large',
      'closed',
    ]);
    expect(scene.server.counters.protocolViolations).toBe(1);
  });

  test('a frame that announces 2^63 bytes is malformed before anything is kept for it', async () => {
    await start();
    const { socket, peer } = await scene.upgraded();
    socket.write(Buffer.from([BINARY, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    await realUntil(() => scene.host.count('closed') === 1);
    expect(scene.host.logOf(peer)).toEqual(['open', 'malformed frame-too-large', 'closed']);
  });

  test.each([
    ['an unmasked frame', Buffer.from([BINARY, 0x01, 0x61])],
    ['an unknown opcode', frame(0x83, 'a')],
    ['compressed bits', frame(0xc2, 'a')],
    ['a continuation of nothing', frame(0x80, 'a')],
    ['a ping in fragments', frame(0x09, 'a')],
    ['a close with a status that is none', frame(CLOSE, '\x00\x01')],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('%s ends that connection only', async (_, bytes) => {
    await start({ limits: { closeTimeoutMs: 100 } });
    const bystander = await scene.upgraded();
    const { socket, peer } = await scene.upgraded();
    socket.write(bytes);
    await realUntil(() => scene.host.count('closed') === 1);
    expect(scene.host.logOf(peer)).toEqual(['open', 'closed']);
    expect(scene.host.logOf(bystander.peer)).toEqual(['open']);
    expect(scene.server.counters.protocolViolations).toBe(1);
  });

  test('a frame that comes a byte at a time is bounded', async () => {
    await start({ limits: { bufferedChunksMax: 8 } });
    const { socket, peer } = await scene.upgraded();
    const headerOf4000Bytes = Buffer.from([BINARY, 0xfe, 0x0f, 0xa0, 0, 0, 0, 0]);
    socket.setNoDelay(true);
    socket.write(headerOf4000Bytes);
    const trickle = setInterval(() => socket.write('x'), 2);
    await realUntil(() => scene.host.count('closed') === 1);
    clearInterval(trickle);
    expect(scene.host.logOf(peer)).toEqual(['open', 'malformed frame-too-large', 'closed']);
  });

  test.each([
    ['pings', PING],
    ['pongs', PONG],
  ])('a flood of %s ends that connection, some are answered', async (_, opcode) => {
    await start({ limits: { controlFramesPerSecond: 2 } });
    const { socket, peer, text } = await scene.upgraded();
    const before = text().length;
    socket.write(Buffer.concat(Array.from({ length: 30 }, () => frame(opcode))));
    if (opcode === PING) await realUntil(() => text().length === before + 60);
    expect(scene.host.logOf(peer)).toEqual(['open']);
    socket.write(frame(opcode));
    socket.write(frame(opcode));
    await realUntil(() => scene.host.count('closed') === 1);
    expect([scene.host.logOf(peer), scene.server.counters.controlFloods]).toEqual([
      ['open', 'closed'],
      1,
    ]);
  });
});
