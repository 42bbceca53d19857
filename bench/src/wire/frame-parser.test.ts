import { describe, expect, test } from 'vitest';

import { clientFrame } from './client-frame.ts';
import { FrameParser } from './frame-parser.ts';

/** A frame as servers send it. */
function serverFrame(payload: Buffer, first = 0x82): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = first;
  if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

function parse(chunks: readonly Buffer[]): { opcode: number; payload: Buffer }[] {
  const found: { opcode: number; payload: Buffer }[] = [];
  const parser = new FrameParser((opcode, payload) => {
    found.push({ opcode, payload: Buffer.from(payload) });
  });
  for (const chunk of chunks) parser.push(chunk);
  return found;
}

const PAYLOADS = [0, 1, 125, 126, 65_535, 65_536].map((length) => Buffer.alloc(length, length));

describe('FrameParser', () => {
  test('finds frames of every form of length in one chunk', () => {
    const bytes = Buffer.concat(PAYLOADS.map((payload) => serverFrame(payload)));
    expect(parse([bytes]).map(({ payload }) => payload)).toEqual(PAYLOADS);
  });

  test.each([1, 2, 3, 7, 200])('finds them when %i bytes come at a time', (size) => {
    const bytes = Buffer.concat(PAYLOADS.slice(0, 4).map((payload) => serverFrame(payload)));
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    expect(parse(chunks).map(({ payload }) => payload)).toEqual(PAYLOADS.slice(0, 4));
  });

  test('keeps nothing of a chunk that is written over', () => {
    const frame = serverFrame(Buffer.from('abc'));
    const chunk = Buffer.from(frame.subarray(0, 4));
    const found: string[] = [];
    const parser = new FrameParser((_opcode, payload) => found.push(payload.toString()));
    parser.push(chunk);
    chunk.fill(0);
    parser.push(frame.subarray(4));
    expect(found).toEqual(['abc']);
  });

  test('joins fragments, with a ping between them', () => {
    const found = parse([
      serverFrame(Buffer.from('ab'), 0x01),
      serverFrame(Buffer.from('!'), 0x89),
      serverFrame(Buffer.from('cd'), 0x80),
    ]);
    expect(found.map(({ opcode, payload }) => [opcode, payload.toString()])).toEqual([
      [0x9, '!'],
      [0x1, 'abcd'],
    ]);
  });
});

describe('clientFrame', () => {
  test.each([0, 1, 125, 126, 4_000])('masks %i bytes so that they come out again', (length) => {
    const payload = Buffer.alloc(length, 0x61);
    const frame = clientFrame('binary', payload);
    const begin = length < 126 ? 6 : 8;
    const mask = frame.subarray(begin - 4, begin);
    const unmasked = frame.subarray(begin).map((byte, index) => byte ^ mask[index & 3]!);
    expect(frame[0]).toBe(0x82);
    expect(frame[1]! & 0x80).toBe(0x80);
    expect(Buffer.from(unmasked)).toEqual(payload);
  });

  test('says which kind it is', () => {
    expect(clientFrame('text', 'a')[0]).toBe(0x81);
    expect(clientFrame('pong', 'a')[0]).toBe(0x8a);
  });
});
