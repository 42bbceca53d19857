import { describe, expect, test } from 'vitest';
import type { OutboundPayload } from '../transport/transport.ts';
import { ReliableStream } from './reliable-stream.ts';

/** A payload of `length` bytes that is told by its first. */
function payload(mark: number, length = 10): OutboundPayload {
  return { lane: 'reliable', bytes: new Uint8Array(length).fill(mark, 0, 1) };
}

/** A stream that has sent messages 1, 2, … `count` of 10 bytes each. */
function streamOf(count: number, bytesMax = 1_000): ReliableStream {
  const stream = new ReliableStream(bytesMax);
  for (let number = 1; number <= count; number += 1) stream.push(payload(number));
  return stream;
}

function marks(payloads: Iterable<OutboundPayload>): number[] {
  return Array.from(payloads, ({ bytes }) => bytes[0]!);
}

function claim(reliableReceived: number | undefined, isPreviousToken = false) {
  return { reliableReceived, isPreviousToken };
}

describe('a reliable stream that sends', () => {
  test('counts each message and holds it until it is acknowledged', () => {
    const stream = streamOf(3);
    expect([stream.sent, stream.heldBytes]).toEqual([3, 30]);
    expect(stream.acknowledge(2)).toBe(true);
    expect([stream.sent, stream.heldBytes]).toEqual([3, 10]);
    expect(stream.acknowledge(3)).toBe(true);
    expect(stream.heldBytes).toBe(0);
  });

  test('refuses the acknowledgement of what it never sent, and loses nothing by it', () => {
    const stream = streamOf(3);
    expect(stream.acknowledge(4)).toBe(false);
    expect(stream.heldBytes).toBe(30);
    expect(marks(stream.resend(0))).toEqual([1, 2, 3]);
  });

  test('takes an older acknowledgement for nothing new', () => {
    const stream = streamOf(3);
    stream.acknowledge(2);
    expect(stream.acknowledge(1)).toBe(true);
    expect(marks(stream.resend(2))).toEqual([3]);
  });

  test.each([-1, 0, 1])('holds its bound of bytes and not one more (%i)', (more) => {
    const stream = streamOf(9, 100);
    const pushedOut = stream.push(payload(10, 10 + more));
    expect(pushedOut).toBe(more > 0 ? 1 : 0);
    expect(stream.heldBytes).toBe(more > 0 ? 91 : 100 + more);
    expect(stream.sent).toBe(10);
  });

  test('holds the newest of what is too much, and nothing of what is too large alone', () => {
    const stream = streamOf(9, 30);
    expect(marks(stream.resend(6))).toEqual([7, 8, 9]);
    expect(stream.push(payload(10, 31))).toBe(4);
    expect(stream.heldBytes).toBe(0);
    stream.push(payload(11));
    expect(marks(stream.resend(10))).toEqual([11]);
  });

  test('keeps the order over any number of messages', () => {
    const stream = new ReliableStream(1_000_000);
    let acknowledged = 0;
    for (let number = 1; number <= 1_000; number += 1) {
      stream.push(payload(number % 256));
      if (number % 7 === 0) stream.acknowledge((acknowledged += 3));
    }
    const expected = Array.from({ length: 1_000 - acknowledged }, (_, i) => acknowledged + i + 1);
    expect(marks(stream.resend(acknowledged))).toEqual(expected.map((number) => number % 256));
  });
});

describe('a reliable stream that goes on', () => {
  test('sends again what the client lacks', () => {
    const stream = streamOf(5);
    stream.acknowledge(2);
    expect(stream.continuationFor(claim(3))).toBe('normal');
    expect(marks(stream.resend(3))).toEqual([4, 5]);
    expect(stream.heldBytes).toBe(20);
  });

  test('has nothing to send again to a client that has all', () => {
    const stream = streamOf(5);
    expect(stream.continuationFor(claim(5))).toBe('normal');
    expect(marks(stream.resend(5))).toEqual([]);
  });

  test('does so for the oldest that it holds, and has a gap for the one before', () => {
    const stream = streamOf(5, 30);
    expect(stream.continuationFor(claim(2))).toBe('normal');
    expect(stream.continuationFor(claim(1))).toBe('gap');
  });

  test('over a gap counts on from all that was sent, and says how much of it is missed', () => {
    const stream = streamOf(5, 30);
    expect(stream.skip(1, 0)).toBe(4);
    expect([stream.sent, stream.heldBytes]).toEqual([5, 0]);
    stream.push(payload(6));
    expect(marks(stream.resend(5))).toEqual([6]);
  });

  test('over a gap counts what will never be sent as sent', () => {
    const stream = streamOf(5, 30);
    expect(stream.skip(1, 3)).toBe(7);
    expect(stream.sent).toBe(8);
    // The words of that were lost: the client says the same again.
    expect(stream.continuationFor(claim(1))).toBe('gap');
    stream.push(payload(9));
    expect(stream.skip(1, 0)).toBe(8);
    stream.push(payload(10));
    expect(marks(stream.resend(9))).toEqual([10]);
  });

  test('starts anew for a client that remembers nothing', () => {
    const stream = streamOf(5);
    stream.noteReceived();
    expect(stream.continuationFor(claim(undefined))).toBe('restart');
    stream.restart();
    expect([stream.sent, stream.received, stream.heldBytes]).toEqual([0, 0, 0]);
  });

  test('starts anew for a client that has more than was ever sent', () => {
    const stream = streamOf(5);
    expect(stream.continuationFor(claim(5))).toBe('normal');
    expect(stream.continuationFor(claim(6))).toBe('restart');
  });

  test('counts the messages of the client over all its connections', () => {
    const stream = streamOf(1);
    for (let count = 0; count < 3; count += 1) stream.noteReceived();
    marks(stream.resend(0));
    stream.noteReceived();
    expect(stream.received).toBe(4);
    stream.skip(0, 0);
    expect(stream.received).toBe(4);
  });
});

describe('a reliable stream that started anew', () => {
  const LOSS = { fromTick: 70, ticksLost: 30 };

  function restarted(told?: typeof LOSS): ReliableStream {
    const stream = streamOf(5);
    stream.restart(told);
    for (let number = 1; number <= 9; number += 1) stream.push(payload(number));
    return stream;
  }

  test('does so again for a client to which the words of it never came', () => {
    expect(restarted().continuationFor(claim(5, true))).toBe('restart');
  });

  test('goes on for a client to which they came', () => {
    expect(restarted().continuationFor(claim(5))).toBe('normal');
  });

  test('goes on for either token once the client has acknowledged something', () => {
    const stream = restarted(LOSS);
    stream.acknowledge(0);
    expect(stream.told).toBeUndefined();
    expect(stream.continuationFor(claim(5))).toBe('normal');
    expect(stream.continuationFor(claim(5, true))).toBe('normal');
  });

  test('goes on for either token once it has gone on', () => {
    const stream = restarted();
    marks(stream.resend(5));
    expect(stream.continuationFor(claim(5, true))).toBe('normal');
    const other = restarted();
    other.skip(5, 0);
    expect(other.continuationFor(claim(9, true))).toBe('normal');
  });

  test('tells of a loss until it is certain that it was heard', () => {
    const stream = restarted(LOSS);
    expect(stream.continuationFor(claim(0))).toBe('restart');
    expect(stream.told).toEqual(LOSS);
    expect(stream.counts).toBeUndefined();
    stream.acknowledge(0);
    expect(stream.counts).toEqual({ sent: 9, received: 0 });
  });
});

describe('a reliable stream of an earlier process', () => {
  test('counts on when the process could write its counts down', () => {
    const stream = new ReliableStream(1_000);
    stream.restore({ sent: 40, received: 7 });
    expect(stream.counts).toEqual({ sent: 40, received: 7 });
    expect(stream.continuationFor(claim(40))).toBe('normal');
    expect(stream.continuationFor(claim(39))).toBe('gap');
    expect(stream.skip(39, 0)).toBe(1);
    stream.push(payload(41));
    expect(marks(stream.resend(40))).toEqual([41]);
  });

  test('starts anew when it could not, and holds nothing before that', () => {
    const stream = new ReliableStream(1_000);
    stream.restore(undefined);
    expect(stream.push(payload(1))).toBe(0);
    expect([stream.counts, stream.heldBytes]).toEqual([undefined, 0]);
    expect(stream.continuationFor(claim(0))).toBe('restart');
    stream.restart();
    expect(stream.counts).toEqual({ sent: 0, received: 0 });
    expect(stream.continuationFor(claim(0))).toBe('normal');
  });

  test('starts anew for a client with a token from before the last', () => {
    const stream = new ReliableStream(1_000);
    stream.restore({ sent: 40, received: 7 });
    expect(stream.continuationFor(claim(40, true))).toBe('restart');
  });
});
