/** Frames as nobody honest sends them, for fast-check: noise, almost Protobuf, damaged messages. */
import fc from 'fast-check';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';

const FRAME_BYTES_MAX = 5_000;

/** Bytes without any meaning, empty and too large ones included. */
export const noise = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.uint8Array({ minLength: 4_000, maxLength: FRAME_BYTES_MAX, size: 'max' }),
);

const kindByte = fc.constantFrom(...Object.values(MESSAGE_KIND_BYTES));

/** Varints of every length, longer than any number needs included. */
const varint = fc.oneof(
  fc.nat(127).map((value) => [value]),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(toVarint),
  fc.constantFrom(2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n).map(toVarint),
  fc.array(fc.integer({ min: 0x80, max: 0xff }), { maxLength: 12 }),
  fc.nat(11).map((zeroes) => [...Array.from({ length: zeroes }, () => 0x80), 0]),
);

function toVarint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

const someBytes = fc.array(fc.nat(255), { maxLength: 12 });

/** One field: a tag of a small field number and any wire type, and a value that suits it or not. */
function field(inner: fc.Arbitrary<number[]>): fc.Arbitrary<number[]> {
  const tag = fc.tuple(fc.integer({ min: 0, max: 16 }), fc.constantFrom(0, 0, 1, 2, 2, 2, 3, 4, 5));
  const withLength = inner.map((bytes) => [...toVarint(BigInt(bytes.length)), ...bytes]);
  return tag.chain(([number, wireType]) => {
    const values: Readonly<Record<number, fc.Arbitrary<number[]>>> = {
      0: varint,
      1: fc.array(fc.nat(255), { minLength: 8, maxLength: 8 }),
      2: fc.oneof({ weight: 4, arbitrary: withLength }, { weight: 1, arbitrary: varint }),
      5: fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }),
    };
    const value = values[wireType] ?? fc.constant([]);
    return value.map((bytes) => [...toVarint(BigInt(number * 8 + wireType)), ...bytes]);
  });
}

function fields(inner: fc.Arbitrary<number[]>): fc.Arbitrary<number[]> {
  return fc.array(field(inner), { maxLength: 8 }).map((all) => all.flat());
}

const packed = fc.array(varint, { maxLength: 8 }).map((all) => all.flat());
const leaf = fc.oneof(
  someBytes,
  packed,
  fc.string().map((any) => [...Buffer.from(any)]),
);

/** The body of almost Protobuf, messages in messages included. */
export const almostBody = fields(fc.oneof(leaf, fields(leaf)));

/** A kind of ours, then noise or almost Protobuf. */
export const almostFrame = fc
  .tuple(
    kindByte,
    fc.oneof({ weight: 3, arbitrary: almostBody }, { weight: 1, arbitrary: someBytes }),
  )
  .map(([kind, body]) => Uint8Array.of(kind, ...body));

/** The frame with something done to it: bytes changed, removed, added, repeated. */
export function damaged(frame: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const splice = fc.record({
    at: fc.nat(FRAME_BYTES_MAX),
    remove: fc.oneof(fc.nat(2), fc.nat(50)),
    insert: fc.oneof(someBytes, varint, field(leaf)),
  });
  return fc.tuple(frame, fc.array(splice, { minLength: 1, maxLength: 3 })).map(([bytes, all]) => {
    const result = [...bytes];
    for (const { at, remove, insert } of all) result.splice(at % bytes.length, remove, ...insert);
    return Uint8Array.from(result);
  });
}
