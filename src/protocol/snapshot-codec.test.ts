import { describe, expect, test } from 'vitest';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const MAX_INT = 2 ** 31 - 1;

function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

describe('encodeSnapshot', () => {
  test('an encoded snapshot decodes to the same tick, entities and fields', () => {
    const entities = [0, 1, 300, 2 ** 32 - 1];
    const fields = [[], [0], [1, -1, 64, -65], [MAX_INT, -MAX_INT - 1]];
    expect(decodeSnapshot(encodeSnapshot(81, entities, fields))).toEqual({
      kind: 'snapshot',
      tick: 81,
      players: entities.map((entity, index) => ({ entity, fields: fields[index] })),
    });
  });

  test.each([0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'tick %d survives',
    (tick) => {
      expect(decodeSnapshot(encodeSnapshot(tick, [], []))).toEqual({
        kind: 'snapshot',
        tick,
        players: [],
      });
    },
  );

  test('a field of −0 is 0', () => {
    expect(encodeSnapshot(1, [1], [[-0, 5]])).toEqual(encodeSnapshot(1, [1], [[0, 5]]));
  });

  test('bytes that were handed out do not change with the next call', () => {
    const first = encodeSnapshot(1, [1], [[1, 2, 3]]);
    const copy = first.slice();
    encodeSnapshot(2, [9], [[-9, -9, -9]]);
    expect(first).toEqual(copy);
  });

  test('a snapshot of the most players is encoded, one more is our own bug', () => {
    const count = WIRE_LIMITS.snapshotPlayersMax;
    const encode = (players: number): Uint8Array =>
      encodeSnapshot(
        1,
        times(players, (index) => index),
        times(players, () => [1]),
      );
    expect(decodeSnapshot(encode(count - 1))).toMatchObject({ kind: 'snapshot' });
    expect(decodeSnapshot(encode(count))).toMatchObject({ kind: 'snapshot' });
    expect(() => encode(count + 1)).toThrow('too many players');
  });

  test('a player with the most fields is encoded, one more is our own bug', () => {
    const count = WIRE_LIMITS.snapshotFieldsMax;
    const encode = (fields: number): Uint8Array => encodeSnapshot(1, [1], [times(fields, () => 5)]);
    expect(decodeSnapshot(encode(count - 1))).toMatchObject({ kind: 'snapshot' });
    expect(decodeSnapshot(encode(count))).toMatchObject({ kind: 'snapshot' });
    expect(() => encode(count + 1)).toThrow('too many fields');
  });

  test('a snapshot larger than a frame is our own bug', () => {
    const fields = times(WIRE_LIMITS.snapshotFieldsMax, () => MAX_INT);
    const entities = times(WIRE_LIMITS.snapshotPlayersMax, (index) => index);
    expect(() =>
      encodeSnapshot(
        1,
        entities,
        entities.map(() => fields),
      ),
    ).toThrow('larger than its kind may be');
  });

  test.each([
    ['a fractional field', 1, [[0.5]]],
    ['a field of 33 bits', 1, [[2 ** 31]]],
    ['a field that is no number', 1, [[Number.NaN]]],
    ['a negative tick', -1, [[1]]],
    ['an entity without fields', 1, []],
  ])('%s is our own bug', (_, tick, fields) => {
    expect(() => encodeSnapshot(tick, [1], fields)).toThrow();
  });
});

describe('decodeSnapshot', () => {
  const decode = (...body: number[]): unknown => decodeSnapshot(Uint8Array.of(0x25, ...body));

  test('fields that are not packed are read as Protobuf demands', () => {
    expect(decode(0x12, 6, 0x08, 7, 0x10, 2, 0x10, 1)).toEqual({
      kind: 'snapshot',
      tick: 0,
      players: [{ entity: 7, fields: [1, -1] }],
    });
  });

  test('unknown fields of every wire type are passed by', () => {
    const unknown = [
      0x18, 0x80, 0x01, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2a, 2, 9, 9, 0x35, 1, 2, 3, 4,
    ];
    expect(decode(0x08, 5, ...unknown)).toEqual({ kind: 'snapshot', tick: 5, players: [] });
  });

  test.each([
    ['a tick without its value', [0x08]],
    ['a varint without end', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
    ['a varint of 65 bits', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]],
    ['a player longer than the frame', [0x12, 0x05, 0x08, 1]],
    ['a player of 4 GiB', [0x12, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x08, 1]],
    ['fields longer than their player', [0x12, 0x02, 0x12, 0x03, 1, 1, 1]],
    ['a value cut by the end of its player', [0x12, 0x02, 0x08, 0x80, 0x01]],
    ['field number 0', [0x00, 0x01]],
    ['a group', [0x1b, 0x1c]],
    ['a tick of the wrong wire type', [0x0d, 1, 2, 3, 4]],
    ['a tag of more than 32 bits', [0x80, 0x80, 0x80, 0x80, 0x10, 0x01]],
    ['a tag in more than 5 bytes', [0x88, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01]],
  ])('%s is malformed', (_, body) => {
    expect(decode(...body)).toEqual({ kind: 'rejected', code: 'malformed' });
  });

  test.each([
    ['a tick of 2^53', [0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a tick of 2^64 - 1', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ['an entity of 2^32', [0x12, 0x06, 0x08, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a field of 33 bits', [0x12, 0x07, 0x12, 0x05, 0x80, 0x80, 0x80, 0x80, 0x10]],
    [
      'one player too many',
      times(2 * (WIRE_LIMITS.snapshotPlayersMax + 1), (i) => (i % 2 ? 0 : 0x12)),
    ],
    ['one field too many', [0x12, 35, 0x12, 33, ...times(33, () => 0)]],
  ])('%s is out of range', (_, body) => {
    expect(decode(...body)).toEqual({ kind: 'rejected', code: 'out-of-range' });
  });
});
