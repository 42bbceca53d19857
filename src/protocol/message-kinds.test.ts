import { describe, expect, test } from 'vitest';
import { MESSAGE_LANES } from './lanes.ts';
import { MESSAGE_KIND_BYTES, type MessageKind, peekMessageKind } from './message-kinds.ts';

const KINDS = Object.keys(MESSAGE_KIND_BYTES) as MessageKind[];

describe('message kinds', () => {
  test('each kind has a byte of its own and a lane', () => {
    expect(new Set(Object.values(MESSAGE_KIND_BYTES)).size).toBe(KINDS.length);
    expect(Object.keys(MESSAGE_LANES).toSorted()).toEqual(KINDS.toSorted());
  });

  test.each(KINDS)('%s is recognised by its first byte', (kind) => {
    expect(peekMessageKind(Uint8Array.of(MESSAGE_KIND_BYTES[kind], 1, 2))).toBe(kind);
  });

  test('a byte that is nobody’s and an empty frame name no kind', () => {
    const used = new Set<number>(Object.values(MESSAGE_KIND_BYTES));
    for (let byte = 0; byte < 256; byte += 1) {
      if (!used.has(byte)) expect(peekMessageKind(Uint8Array.of(byte))).toBeUndefined();
    }
    expect(peekMessageKind(new Uint8Array(0))).toBeUndefined();
  });

  test('zeroes and JSON are no message', () => {
    expect(peekMessageKind(Uint8Array.of(0))).toBeUndefined();
    expect(peekMessageKind(Uint8Array.of('{'.charCodeAt(0)))).toBeUndefined();
  });
});
