/**
 * The codec of a cold message whose fields are plain values, made from a table of its fields: the
 * bytes of Protobuf's generated code without its weight, which was two fifths of the client.
 * Byte-compatible with `holdfast.v1` (test/fuzz/differential.test.ts). In: a table, bounds. Out:
 * frames and back. Must not know: what any message means.
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import type { BodyCodec } from './body-codec.ts';
import { isCount, isUint32 } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from './message-kinds.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WIRE_TYPE, WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

/** `string`, `bool`, `uint32`, `uint64` and `optional uint64` of the schema. */
type FieldType = 'text' | 'bool' | 'uint32' | 'count' | 'optional-count';
type Value = string | boolean | number | undefined;

export interface PlainTranslation<Message extends { readonly kind: MessageKind }> {
  readonly kind: Message['kind'];
  /** In the order of the schema: the first has the number 1. */
  readonly fields: Readonly<Record<Exclude<keyof Message, 'kind'>, FieldType>>;
  /** Makes a message fit for the wire, such as a shorter text. */
  readonly fit?: (message: Message) => Message;
  /** Whether every value is within its bounds. */
  readonly isMeant: (message: Message) => boolean;
}

interface FieldRule {
  readonly name: string;
  readonly type: FieldType;
  readonly tag: number;
}

const EMPTY: Readonly<Record<FieldType, Value>> = {
  text: '',
  bool: false,
  uint32: 0,
  count: 0,
  'optional-count': undefined,
};
const BYTE_ORDER_MARK = '\ufeff';

const writer = new WireWriter(WIRE_LIMITS.serverFrameBytesMax);

export function createPlainCodec<Message extends { readonly kind: MessageKind }>(
  translation: PlainTranslation<Message>,
): BodyCodec<Message> {
  const { kind, fields, isMeant } = translation;
  const rules = Object.entries<FieldType>(fields).map(([name, type], index): FieldRule => {
    const wireType = type === 'text' ? WIRE_TYPE.length : WIRE_TYPE.varint;
    return { name, type, tag: ((index + 1) << 3) | wireType };
  });
  const nothing = Object.fromEntries(rules.map(({ name, type }) => [name, EMPTY[type]]));

  function encode(message: Message): Uint8Array {
    const fitting = translation.fit?.(message) ?? message;
    const values = fitting as unknown as Readonly<Record<string, Value>>;
    const isBounded = rules.every(({ name, type }) => isWritable(type, values[name]));
    assert(isBounded && isMeant(fitting), `a value of a ${kind} is beyond its bounds`);
    writer.start(MESSAGE_KIND_BYTES[kind]);
    for (const { name, type, tag } of rules) write(type, tag, values[name]);
    return writer.finish();
  }

  function decode(frame: Uint8Array): Message | DecodeRejection {
    const reader = new WireReader(frame, 1);
    const values: Record<string, Value> = { kind, ...nothing };
    for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
      const rule = rules[(tag >>> 3) - 1];
      if (rule?.tag === tag) values[rule.name] = read(rule.type, reader);
      else reader.skip(tag, rules.length);
    }
    if (reader.failure !== undefined) return decodeRejection(reader.failure);
    const message = values as unknown as Message;
    return isMeant(message) ? message : decodeRejection('out-of-range');
  }

  return { encode, decode };
}

function isWritable(type: FieldType, value: Value): boolean {
  if (type === 'text') return typeof value === 'string' && !value.startsWith(BYTE_ORDER_MARK);
  if (type === 'uint32') return isUint32(value as number);
  if (type === 'count') return isCount(value as number);
  return type === 'bool' || value === undefined || isCount(value as number);
}

/** Protobuf leaves out what is nothing, unless the field is optional. */
function write(type: FieldType, tag: number, value: Value): void {
  if (typeof value === 'string') {
    writer.textField(tag, value);
  } else if (type === 'optional-count') {
    if (value === undefined) return;
    writer.byte(tag);
    writer.varint(Number(value));
  } else {
    writer.varintField(tag, Number(value));
  }
}

function read(type: FieldType, reader: WireReader): Value {
  if (type === 'text') return reader.text();
  if (type === 'bool') return reader.bool();
  return type === 'uint32' ? reader.uint32() : reader.safeInteger();
}
