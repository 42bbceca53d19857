/** What was sent and not acknowledged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { RetransmitBuffer } from './retransmit-buffer.ts';

function frame(id: number, bytes = 10): Uint8Array {
  return new Uint8Array(bytes).fill(id);
}

function filled(count: number): RetransmitBuffer {
  const buffer = new RetransmitBuffer(1_000);
  for (let id = 1; id <= count; id += 1) buffer.push(frame(id));
  return buffer;
}

function ids(frames: readonly Uint8Array[]): (number | undefined)[] {
  return frames.map(([id]) => id);
}

describe('room', () => {
  test.each([
    [89, true],
    [90, true],
    [91, false],
  ])('of 100 bytes, 10 are taken: there is room for %i more: %s', (bytes, hasRoom) => {
    const buffer = new RetransmitBuffer(100);
    buffer.push(frame(1));
    expect(buffer.hasRoomFor(frame(2, bytes))).toBe(hasRoom);
  });

  test('comes back with acknowledgements', () => {
    const buffer = new RetransmitBuffer(20);
    buffer.push(frame(1));
    buffer.push(frame(2));
    expect(buffer.hasRoomFor(frame(3))).toBe(false);
    buffer.acknowledge(1);
    expect(buffer.hasRoomFor(frame(3))).toBe(true);
    expect(buffer.hasRoomFor(frame(3, 11))).toBe(false);
  });

  test('comes back when the counting begins anew', () => {
    const buffer = new RetransmitBuffer(20);
    buffer.push(frame(1));
    buffer.push(frame(2));
    expect(buffer.restart()).toBe(2);
    expect(buffer.sent).toBe(0);
    expect(buffer.hasRoomFor(frame(3, 20))).toBe(true);
  });
});

describe('acknowledgements', () => {
  test('release what they cover, in order', () => {
    const buffer = filled(5);
    expect(buffer.acknowledge(3)).toBe(true);
    expect([buffer.sent, buffer.size]).toEqual([5, 2]);
    expect(ids(buffer.continueFrom(3))).toEqual([4, 5]);
  });

  test('that are older than the last change nothing', () => {
    const buffer = filled(5);
    buffer.acknowledge(3);
    expect(buffer.acknowledge(1)).toBe(true);
    expect(buffer.size).toBe(2);
  });

  test.each([
    [4, true],
    [5, true],
    [6, false],
  ])('of %i when five were sent can be: %s', (received, canBe) => {
    const buffer = filled(5);
    expect(buffer.acknowledge(received)).toBe(canBe);
    expect(buffer.size).toBe(canBe ? 5 - received : 5);
  });
});

describe('going on', () => {
  test('answers what the other side lacks', () => {
    expect(ids(filled(5).continueFrom(2))).toEqual([3, 4, 5]);
    expect(ids(filled(5).continueFrom(5))).toEqual([]);
  });

  test('counts as the other side says, even where that cannot be', () => {
    const more = filled(5);
    expect(more.continueFrom(9)).toEqual([]);
    expect(more.sent).toBe(9);
    const fewer = filled(5);
    fewer.acknowledge(3);
    expect(ids(fewer.continueFrom(1))).toEqual([4, 5]);
    expect(fewer.sent).toBe(3);
  });
});

test('whatever is sent, acknowledged and lost, the other side gets each message once, in order', () => {
  const events = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('send' as const), arrives: fc.boolean() }),
      fc.record({ kind: fc.constant('acknowledge' as const), arrives: fc.boolean() }),
      fc.record({ kind: fc.constant('resume' as const), arrives: fc.boolean() }),
    ),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(events, (script) => {
      const buffer = new RetransmitBuffer(200);
      const taken: number[] = [];
      let sent = 0;
      // A connection loses everything from its first loss on.
      let isOpen = true;
      for (const { kind, arrives } of script) {
        isOpen &&= arrives;
        if (kind === 'send' && buffer.hasRoomFor(frame(0))) {
          sent += 1;
          buffer.push(frame(sent));
          if (isOpen) taken.push(sent);
        } else if (kind === 'acknowledge' && isOpen) {
          buffer.acknowledge(taken.length);
        } else if (kind === 'resume') {
          isOpen = true;
          for (const id of ids(buffer.continueFrom(taken.length))) taken.push(id ?? 0);
          expect(taken.length).toBe(sent);
        }
      }
      expect(taken).toEqual(taken.map((_, index) => index + 1));
      expect(buffer.sent).toBe(sent);
    }),
  );
});
