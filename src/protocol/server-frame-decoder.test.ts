import { expect, test } from 'vitest';
import { ACCEPTED } from '../../test/support/fake-server.ts';
import { ServerFrameEncoder } from '../../test/support/server-frame-encoder.ts';
import { ServerFrameDecoder } from './server-frame-decoder.ts';

const SNAPSHOT = {
  kind: 'snapshot',
  tick: 7,
  players: [{ entity: 1, fields: [100, -200, 3, 1] }],
} as const;
const UNKNOWN = { kind: 'rejected', code: 'unknown-baseline' };

test('a snapshot is read with the fields that the login has named', () => {
  const encoder = new ServerFrameEncoder();
  const decoder = new ServerFrameDecoder();
  const accepted = encoder.encode(ACCEPTED);
  const snapshot = encoder.encode(SNAPSHOT);
  expect(decoder.decode(snapshot)).toEqual(UNKNOWN);
  expect(decoder.knowsFields).toBe(false);
  expect(decoder.decode(accepted)).toEqual(ACCEPTED);
  expect(decoder.decode(snapshot)).toEqual(SNAPSHOT);
  expect(decoder.knowsFields).toBe(true);
});

test('any other message is read as ever', () => {
  const close = { kind: 'close', code: 'left', retryable: false, message: '' } as const;
  expect(new ServerFrameDecoder().decode(new ServerFrameEncoder().encode(close))).toEqual(close);
});
