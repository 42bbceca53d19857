import { describe, expect, test } from 'vitest';

import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { sealBytes } from './sealed-bytes.ts';
import { decodeSessionRecord, encodeSessionRecord } from './session-record-codec.ts';
import type { SessionRecord } from './session-record.ts';

const RECORD: SessionRecord = {
  sessionId: 's' as SessionId,
  playerId: 'p' as PlayerId,
  worldId: 'w' as WorldId,
  entity: 7,
  epoch: 3,
  tokens: {
    current: Uint8Array.of(0, 255),
    previous: undefined,
    spent: [Uint8Array.of(16)],
  },
  reliable: { sent: 2, received: 1 },
  data: { a: 1 },
};

/** Format 1: it must be readable for as long as the format has this number. */
const TEXT =
  '{"sessionId":"s","playerId":"p","worldId":"w","entity":7,"epoch":3,' +
  '"tokens":{"current":"00ff","spent":["10"]},"reliable":{"sent":2,"received":1},"data":{"a":1}}';

function sealText(text: string): Uint8Array {
  return sealBytes(new TextEncoder().encode(text));
}

describe('the record of a session', () => {
  test('is the JSON of format 1', () => {
    expect(encodeSessionRecord(RECORD, 1_000)).toEqual(sealText(TEXT));
    expect(decodeSessionRecord(sealText(TEXT))).toEqual(RECORD);
  });

  test('may know nothing of what was sent and received', () => {
    const record = { ...RECORD, reliable: undefined };
    const text = TEXT.replace(',"reliable":{"sent":2,"received":1}', '');
    expect(encodeSessionRecord(record, 1_000)).toEqual(sealText(text));
    expect(decodeSessionRecord(sealText(text))).toEqual(record);
  });

  test('may know since when the player is away', () => {
    const record = { ...RECORD, restoredTick: 0 };
    const text = TEXT.replace(',"data"', ',"restoredTick":0,"data"');
    expect(encodeSessionRecord(record, 1_000)).toEqual(sealText(text));
    expect(decodeSessionRecord(sealText(text))).toEqual(record);
  });

  test.each([
    '',
    'null',
    '[]',
    '{}',
    TEXT.replace('"epoch":3', '"epoch":0'),
    TEXT.replace('"epoch":3', '"epoch":"3"'),
    TEXT.replace('"s"', '1'),
    TEXT.replace('"sent":2', '"sent":-1'),
    TEXT.replace('"spent":["10"]', '"spent":{}'),
    TEXT.replace('"entity":7', '"entity":0'),
    TEXT.replace('"entity":7,', ''),
    TEXT.replace('{"sent":2,"received":1}', '{"sent":2}'),
    TEXT.replace(',"data"', ',"restoredTick":-1,"data"'),
    TEXT.replace(',"data"', ',"restoredTick":"1","data"'),
  ])('that is none is corrupt: %s', (text) => {
    const corrupt = expect.objectContaining({ code: 'store-corrupt' });
    expect(() => decodeSessionRecord(sealText(text))).toThrow(corrupt);
  });
});
