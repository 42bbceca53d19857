import { describe, expect, test } from 'vitest';
import type { PeerId } from '../protocol/ids.ts';
import type { OutboundPayload, TransportConnection } from '../transport/transport.ts';
import { OutboundQueue } from './outbound-queue.ts';

const LIMITS = { reliableQueueBytesMax: 100, syncBufferedBytesMax: 50 };

/** A connection whose network takes bytes only when told. */
class StuckConnection implements TransportConnection {
  readonly peerId = 'peer' as PeerId;
  readonly address = 'test';
  readonly origin = undefined;
  readonly isSyncOrdered = true;
  bufferedBytes = 0;
  readonly writes: string[][] = [];
  write(payloads: readonly OutboundPayload[]): void {
    this.writes.push(payloads.map(({ bytes }) => new TextDecoder().decode(bytes)));
  }
  close(): void {}
  drop(): void {}
}

function payload(text: string, lane: 'reliable' | 'sync' = 'reliable'): OutboundPayload {
  return { lane, bytes: new TextEncoder().encode(text) };
}

describe('OutboundQueue', () => {
  test('writes the reliable lane whole and in order, then the sync lane, in one call', () => {
    const connection = new StuckConnection();
    const queue = new OutboundQueue(connection, LIMITS);
    queue.putLatest('snapshot', payload('s1', 'sync'));
    queue.pushReliable(payload('a'));
    queue.pushReliable(payload('b'));
    queue.flush();
    queue.flush();
    expect(connection.writes).toEqual([['a', 'b', 's1']]);
  });

  test('tells the stamp of what was written, not of what a newer one replaced', () => {
    const connection = new StuckConnection();
    const written: number[] = [];
    const queue = new OutboundQueue(connection, LIMITS, (stamp) => written.push(stamp));
    const put = (stamp: number): void => {
      queue.putLatest('snapshot', { ...payload(`s${stamp}`, 'sync'), stamp });
      queue.flush();
    };
    put(1);
    expect(written).toEqual([1]);
    connection.bufferedBytes = LIMITS.syncBufferedBytesMax + 1;
    put(2);
    put(3);
    expect(written).toEqual([1]);
    connection.bufferedBytes = LIMITS.syncBufferedBytesMax;
    queue.putLatest('input-ack', payload('a', 'sync'));
    queue.flush();
    expect(written).toEqual([1, 3]);
    expect(connection.writes).toEqual([['s1'], ['s3', 'a']]);
  });

  test('tells the stamp of what the last words take along', () => {
    const written: number[] = [];
    const queue = new OutboundQueue(new StuckConnection(), LIMITS, (stamp) => written.push(stamp));
    queue.putLatest('snapshot', { ...payload('s', 'sync'), stamp: 7 });
    queue.flushWithLast(payload('bye'));
    expect(written).toEqual([7]);
  });

  test('writes the last words behind what waits on both lanes', () => {
    const connection = new StuckConnection();
    const queue = new OutboundQueue(connection, LIMITS);
    queue.putLatest('cursor', payload('s1', 'sync'));
    queue.pushReliable(payload('a'));
    queue.flushWithLast(payload('close'));
    queue.flush();
    expect(connection.writes).toEqual([['a', 's1', 'close']]);
  });

  test('has no last words for a peer that leaves them no room', () => {
    const connection = new StuckConnection();
    connection.bufferedBytes = 96;
    const queue = new OutboundQueue(connection, LIMITS);
    queue.flushWithLast(payload('close'));
    expect(connection.writes).toEqual([]);
  });

  test('keeps only the latest of a key on the sync lane and counts the replaced', () => {
    const connection = new StuckConnection();
    const queue = new OutboundQueue(connection, LIMITS);
    for (const text of ['s1', 's2', 's3']) queue.putLatest('snapshot', payload(text, 'sync'));
    queue.putLatest('input-ack', payload('k', 'sync'));
    queue.flush();
    expect(connection.writes).toEqual([['s3', 'k']]);
    expect(queue.coalesced).toBe(2);
  });

  test.each([
    [50, true],
    [51, false],
  ])('with %i untaken bytes the sync lane leaves: %s', (bufferedBytes, leaves) => {
    const connection = new StuckConnection();
    const queue = new OutboundQueue(connection, LIMITS);
    connection.bufferedBytes = bufferedBytes;
    queue.putLatest('snapshot', payload('s1', 'sync'));
    queue.flush();
    expect(connection.writes.length === 1).toBe(leaves);
    connection.bufferedBytes = 0;
    queue.flush();
    expect(connection.writes).toEqual([['s1']]);
  });

  test.each([
    [99, true],
    [100, true],
    [101, false],
  ])('%i reliable bytes fit: %s', (size, fits) => {
    const queue = new OutboundQueue(new StuckConnection(), LIMITS);
    expect(queue.pushReliable(payload('x'.repeat(size)))).toBe(fits);
    expect(queue.pendingBytes).toBe(fits ? size : 0);
  });

  test('counts what the network has not taken towards the bound', () => {
    const connection = new StuckConnection();
    connection.bufferedBytes = 95;
    const queue = new OutboundQueue(connection, LIMITS);
    expect(queue.pushReliable(payload('12345'))).toBe(true);
    expect(queue.pushReliable(payload('6'))).toBe(false);
  });
});
