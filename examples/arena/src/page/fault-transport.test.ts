import { describe, expect, test } from 'vitest';
import type { ClientConnectionHandler, ClientTransport } from 'holdfast/client';
import { peekMessageKind } from 'holdfast/protocol';
import { FaultTransport } from './fault-transport.ts';

/** A transport that only remembers what was asked of it. */
class RecordingTransport implements ClientTransport {
  readonly written: Uint8Array[] = [];
  drops = 0;
  handler: ClientConnectionHandler | undefined;

  connect(_url: string, handler: ClientConnectionHandler) {
    this.handler = handler;
    return {
      isSyncOrdered: true,
      bufferedBytes: 0,
      write: (_lane: 'reliable' | 'sync', bytes: Uint8Array) => void this.written.push(bytes),
      close: () => undefined,
      drop: () => {
        this.drops += 1;
        handler.handleClosed({ code: undefined });
      },
    };
  }
}

function connected() {
  const inner = new RecordingTransport();
  const transport = new FaultTransport(inner);
  const events: string[] = [];
  const connection = transport.connect('ws://nowhere', {
    handleOpen: () => events.push('open'),
    handleBytes: () => events.push('bytes'),
    handleClosed: () => events.push('closed'),
  });
  inner.handler?.handleOpen();
  return { inner, transport, connection, events };
}

describe('the fault transport', () => {
  test('passes everything through without a fault', () => {
    const { inner, connection, events } = connected();
    connection.write('reliable', Uint8Array.of(1, 2));
    inner.handler?.handleBytes('reliable', Uint8Array.of(3));
    expect(inner.written).toEqual([Uint8Array.of(1, 2)]);
    expect(events).toEqual(['open', 'bytes']);
  });

  test('swallows and counts what goes out while silent, and still hears', () => {
    const { inner, transport, connection, events } = connected();
    transport.isSilent = true;
    connection.write('sync', Uint8Array.of(1));
    inner.handler?.handleBytes('sync', Uint8Array.of(2));
    expect(inner.written).toEqual([]);
    expect(transport.swallowedMessages).toBe(1);
    expect(events).toContain('bytes');
    transport.isSilent = false;
    connection.write('sync', Uint8Array.of(4));
    expect(inner.written).toHaveLength(1);
  });

  test('stays silent on the next connection too', () => {
    const { inner, transport } = connected();
    transport.isSilent = true;
    const next = transport.connect('ws://nowhere', {
      handleOpen: () => undefined,
      handleBytes: () => undefined,
      handleClosed: () => undefined,
    });
    next.write('reliable', Uint8Array.of(1));
    expect(inner.written).toEqual([]);
  });

  test('drops the present connection once', () => {
    const { inner, transport, events } = connected();
    expect(transport.drop()).toBe(true);
    expect(transport.drop()).toBe(false);
    expect(inner.drops).toBe(1);
    expect(events).toEqual(['open', 'closed']);
  });

  test('sends random frames on demand, none without a connection', () => {
    const { inner, transport } = connected();
    const count = transport.sendGarbage();
    expect(count).toBeGreaterThan(0);
    expect(inner.written).toHaveLength(count);
    for (const bytes of inner.written) expect(peekMessageKind(bytes)).toBeUndefined();
    transport.drop();
    expect(transport.sendGarbage()).toBe(0);
  });
});
