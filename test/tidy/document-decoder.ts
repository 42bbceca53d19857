/**
 * A second decoder, which knows nothing but docs/PROTOCOL.md: whoever writes one in another
 * language has no more. In: the document, a frame. Out: its fields under the document's names.
 * Must not know: src/protocol, the schema, any library for Protobuf.
 */
import { readTable } from './markdown-table.ts';

interface DocumentedField {
  readonly name: string;
  /** Without `repeated` or `optional`. */
  readonly type: string;
  readonly label: 'single' | 'repeated' | 'optional';
}

export interface DocumentedMessage {
  readonly kind: string;
  readonly fields: Fields;
}

/** Absent fields have their default; absent messages and optional fields are undefined. */
export type Fields = { [name: string]: unknown };

/** Bytes and how far they are read. */
class Cursor {
  readonly view: DataView;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isOver(): boolean {
    return this.position >= this.view.byteLength;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.view.getUint8(this.position++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  take(length: number): Uint8Array {
    const { buffer, byteOffset } = this.view;
    const part = new Uint8Array(buffer, byteOffset + this.position, length);
    this.position += length;
    return part;
  }
}

const FIXED_BYTES: Readonly<Record<string, number>> = { float: 4, double: 8 };

export class DocumentDecoder {
  readonly #document: string;

  constructor(document: string) {
    this.#document = document;
  }

  decode(frame: Uint8Array): DocumentedMessage {
    const byte = `0x${frame[0]?.toString(16).padStart(2, '0')}`;
    const row = readTable(this.#document, 'Kinds and lanes').find(([first]) => first === byte);
    const [, kind, message] = row ?? [];
    if (kind === undefined || message === undefined) throw new Error(`no kind ${byte}`);
    return { kind, fields: this.#readMessage(message, frame.subarray(1)) };
  }

  #fieldsOf(message: string): ReadonlyMap<number, DocumentedField> {
    const rows = readTable(this.#document, message);
    return new Map(
      rows.map(([name = '', number, words = '']) => {
        const type = words.split(' ').at(-1) ?? '';
        const label = words === type ? 'single' : (words.split(' ')[0] as 'repeated' | 'optional');
        return [Number(number), { name, type, label }];
      }),
    );
  }

  #readMessage(message: string, bytes: Uint8Array): Fields {
    const known = this.#fieldsOf(message);
    const fields: Fields = {};
    for (const field of known.values()) fields[field.name] = this.#defaultOf(field);
    const cursor = new Cursor(bytes);
    while (!cursor.isOver) {
      const tag = Number(cursor.varint());
      const field = known.get(tag >> 3);
      if (field === undefined) throw new Error(`${message} has no field ${tag >> 3}`);
      const values = this.#readField(field, tag & 7, cursor);
      if (field.label === 'repeated') (fields[field.name] as unknown[]).push(...values);
      else fields[field.name] = values.at(-1);
    }
    return fields;
  }

  /** One value, or the values of a packed list. */
  #readField({ type, label }: DocumentedField, wireType: number, cursor: Cursor): unknown[] {
    if (wireType !== 2) return [readNumber(type, cursor)];
    const content = cursor.take(Number(cursor.varint()));
    if (type === 'string') return [new TextDecoder('utf-8', { fatal: true }).decode(content)];
    if (this.#isMessage(type)) return [this.#readMessage(type, content)];
    if (label !== 'repeated') throw new Error(`a single ${type} has a length`);
    const packed = new Cursor(content);
    const values: unknown[] = [];
    while (!packed.isOver) values.push(readNumber(type, packed));
    return values;
  }

  #isMessage(type: string): boolean {
    return readTable(this.#document, type).length > 0;
  }

  #defaultOf({ type, label }: DocumentedField): unknown {
    if (label === 'repeated') return [];
    if (label === 'optional' || this.#isMessage(type)) return undefined;
    if (type === 'string') return '';
    return type === 'bool' ? false : 0;
  }
}

/** Enumerations are numbers. */
function readNumber(type: string, cursor: Cursor): number | boolean {
  const size = FIXED_BYTES[type];
  if (size !== undefined) {
    const { view, position } = cursor;
    cursor.position += size;
    return size === 4 ? view.getFloat32(position, true) : view.getFloat64(position, true);
  }
  const value = cursor.varint();
  if (type === 'bool') return value !== 0n;
  return Number(type === 'sint32' ? (value >> 1n) ^ -(value & 1n) : value);
}
