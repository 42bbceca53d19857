/**
 * Checks a body against its schema before the generated code may allocate anything for it: wire
 * types, integers that would be truncated, lengths that reach beyond their message, lists that are
 * too long. The generated decoder is lenient about the first three and knows nothing of the last.
 * In: a descriptor and the longest lists. Out: a failure, or none. Doesn't look at UTF-8.
 */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { assert } from '../base/assert.ts';
import { WIRE_TYPE, type WireFailure, type WireReader } from './wire-reader.ts';

interface FieldRule {
  readonly wireType: number;
  /** A list of numbers, which may also come packed. */
  readonly isPackable: boolean;
  /** Longest list; undefined for a single field. */
  readonly listMax: number | undefined;
  check(reader: WireReader): void;
}

export interface WireGuard {
  /** By field number. */
  readonly rules: ReadonlyMap<number, FieldRule>;
  /** Whether anything has to be counted: most messages have no list. */
  readonly hasLists: boolean;
}

/** How long each list of one message is so far. */
type ListCounts = Map<FieldRule, number>;

/** Of messages without lists; nothing is ever written to it. */
const NO_COUNTS: ListCounts = new Map();

/** Longest lists by name of the field, the fields of nested messages included. */
export type ListLimits = Readonly<Record<string, number>>;

const INT32_MAX = 2 ** 31 - 1;

/** Builds the guard of a message; every list in it needs a limit. */
export function createWireGuard(desc: DescMessage, listLimits: ListLimits): WireGuard {
  const rules = new Map(desc.fields.map((field) => [field.number, createRule(field, listLimits)]));
  return { rules, hasLists: desc.fields.some((field) => field.fieldKind === 'list') };
}

/** Reads the rest of the reader's message; undefined = nothing is wrong. */
export function checkBody(guard: WireGuard, reader: WireReader): WireFailure | undefined {
  checkMessage(guard, reader);
  return reader.failure;
}

function checkMessage({ rules, hasLists }: WireGuard, reader: WireReader): void {
  const counts: ListCounts = hasLists ? new Map() : NO_COUNTS;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    const rule = rules.get(tag >>> 3);
    if (rule === undefined) reader.skip(tag, 0);
    else if ((tag & 7) === rule.wireType) checkValue(rule, counts, reader);
    else if ((tag & 7) === WIRE_TYPE.length && rule.isPackable) checkPacked(rule, counts, reader);
    else reader.fail('malformed');
  }
}

function checkPacked(rule: FieldRule, counts: ListCounts, reader: WireReader): void {
  const outer = reader.enter();
  while (reader.hasMore) checkValue(rule, counts, reader);
  reader.leave(outer);
}

function checkValue(rule: FieldRule, counts: ListCounts, reader: WireReader): void {
  if (rule.listMax !== undefined) {
    const count = (counts.get(rule) ?? 0) + 1;
    if (count > rule.listMax) {
      reader.fail('out-of-range');
      return;
    }
    counts.set(rule, count);
  }
  rule.check(reader);
}

function createRule(field: DescField, listLimits: ListLimits): FieldRule {
  const isList = field.fieldKind === 'list';
  const listMax = isList ? listLimits[field.localName] : undefined;
  assert(!isList || listMax !== undefined, `the list ${field.localName} has no limit`);
  const message = field.message;
  if (message !== undefined) {
    const guard = createWireGuard(message, listLimits);
    const check = (reader: WireReader): void => {
      const outer = reader.enter();
      checkMessage(guard, reader);
      reader.leave(outer);
    };
    return { wireType: WIRE_TYPE.length, isPackable: false, listMax, check };
  }
  const { wireType, check } = scalarRule(field);
  return { wireType, isPackable: isList && wireType !== WIRE_TYPE.length, listMax, check };
}

type ScalarRule = Pick<FieldRule, 'wireType' | 'check'>;

const UINT32_RULE: ScalarRule = {
  wireType: WIRE_TYPE.varint,
  check: (reader) => void reader.uint32(),
};

/** The types that the schema uses. */
const SCALAR_RULES: Readonly<Partial<Record<ScalarType, ScalarRule>>> = {
  [ScalarType.BOOL]: { wireType: WIRE_TYPE.varint, check: (reader) => void reader.varint() },
  [ScalarType.UINT32]: UINT32_RULE,
  [ScalarType.SINT32]: UINT32_RULE,
  [ScalarType.UINT64]: { wireType: WIRE_TYPE.varint, check: (reader) => void reader.safeInteger() },
  [ScalarType.FLOAT]: { wireType: WIRE_TYPE.bits32, check: (reader) => reader.advance(4) },
  [ScalarType.DOUBLE]: { wireType: WIRE_TYPE.bits64, check: (reader) => reader.advance(8) },
  [ScalarType.STRING]: { wireType: WIRE_TYPE.length, check: (reader) => reader.skipText() },
};

function scalarRule(field: DescField): ScalarRule {
  if (field.enum !== undefined) return { wireType: WIRE_TYPE.varint, check: checkEnum };
  const rule = field.scalar === undefined ? undefined : SCALAR_RULES[field.scalar];
  assert(rule !== undefined, `the field ${field.localName} has a type without a rule`);
  return rule;
}

function checkEnum(reader: WireReader): void {
  if (reader.varint() > INT32_MAX) reader.fail('out-of-range');
}
