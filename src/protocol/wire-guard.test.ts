import { describe, expect, test } from 'vitest';
import { RosterSchema, VerdictReportSchema } from './generated/holdfast/v1/server_messages_pb.ts';
import { checkBody, createWireGuard } from './wire-guard.ts';
import { WireReader } from './wire-reader.ts';

const guard = createWireGuard(RosterSchema, { entered: 2, left: 3 });

function check(...body: number[]): string | undefined {
  return checkBody(guard, new WireReader(Uint8Array.from(body), 0));
}

describe('the wire guard', () => {
  test('a list without a limit is our own bug', () => {
    expect(() => createWireGuard(VerdictReportSchema, {})).toThrow('entries has no limit');
  });

  test.each([
    ['nothing', []],
    ['a list at its limit', [0x12, 0, 0x12, 0]],
    ['packed numbers at their limit', [0x1a, 3, 1, 2, 3]],
    ['numbers one by one', [0x18, 1, 0x18, 2, 0x18, 3]],
    ['numbers in both forms', [0x1a, 2, 1, 2, 0x18, 3]],
    ['an unknown field', [0x7a, 2, 1, 2]],
    ['a nested unknown field', [0x12, 4, 0x7a, 2, 1, 2]],
  ])('%s passes', (_, body) => {
    expect(check(...body)).toBeUndefined();
  });

  test.each([
    ['one message too many', [0x12, 0, 0x12, 0, 0x12, 0]],
    ['one packed number too many', [0x1a, 4, 1, 2, 3, 4]],
    ['one number too many in both forms', [0x1a, 3, 1, 2, 3, 0x18, 4]],
    ['an entity of 2^32', [0x12, 6, 0x08, 0x80, 0x80, 0x80, 0x80, 0x10]],
  ])('%s is out of range', (_, body) => {
    expect(check(...body)).toBe('out-of-range');
  });

  test.each([
    ['a bool as four bytes', [0x0d, 1, 2, 3, 4]],
    ['a packed list that is cut', [0x1a, 3, 1, 2]],
    ['a packed number that is cut', [0x1a, 1, 0x80, 0x01]],
    ['a nested message longer than its frame', [0x12, 3, 0x08, 1]],
    ['a nested string longer than its message', [0x12, 3, 0x12, 5, 0x61, 0x61, 0x61]],
    ['a message as a number', [0x10, 1]],
    ['a group', [0x7b, 0x7c]],
    ['the end of a group', [0x7c]],
    ['wire type 6', [0x7e]],
  ])('%s is malformed', (_, body) => {
    expect(check(...body)).toBe('malformed');
  });
});
