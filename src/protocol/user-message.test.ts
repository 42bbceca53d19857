import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, test } from 'vitest';
import { defineMessages } from './define-messages.ts';
import { HoldfastError } from './holdfast-error.ts';
import type { UserMessage, UserUpdate } from './messages.ts';
import { createUserMessage, tryParseUserMessage } from './user-message.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

function schema(validate: (value: unknown) => unknown): StandardSchemaV1 {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: validate as StandardSchemaV1['~standard']['validate'],
    },
  };
}

const messages = defineMessages({
  any: { lane: 'reliable', schema: schema((value) => ({ value })) },
  latest: { lane: 'sync', schema: schema((value) => ({ value })) },
  length: {
    lane: 'reliable',
    schema: schema((value) =>
      typeof value === 'string' ? { value: value.length } : { issues: [{ message: 'no text' }] },
    ),
  },
  throwing: {
    lane: 'sync',
    schema: schema(() => {
      throw new Error('planted');
    }),
  },
  late: { lane: 'sync', schema: schema(async (value) => ({ value })) },
  failing: { lane: 'sync', schema: schema(() => Promise.reject(new Error('planted'))) },
  silent: { lane: 'sync', schema: schema(() => undefined) },
});

function parse(name: string, payload: string): ReturnType<typeof tryParseUserMessage> {
  const kind = messages.get(name)?.lane === 'sync' ? 'user-update' : 'user-message';
  return tryParseUserMessage(messages, { kind, name, payload });
}

function payloadOf(payload: string): unknown {
  const outcome = parse('any', payload);
  return outcome.ok ? outcome.value.payload : outcome;
}

const INVALID = { ok: false, error: 'invalid-payload' };

describe('tryParseUserMessage', () => {
  test('answers what the schema makes of the payload', () => {
    expect(parse('length', '"four"')).toEqual({ ok: true, value: { name: 'length', payload: 4 } });
  });

  test.each(['nobody', 'toString', '__proto__', ''])('name %j is an unknown input', (name) => {
    expect(parse(name, '1')).toEqual({ ok: false, error: 'unknown-input' });
  });

  test.each([
    ['user-update', 'any'],
    ['user-message', 'latest'],
  ] as const)('a %s is an unknown input where %s is defined for the other lane', (kind, name) => {
    const outcome = tryParseUserMessage(messages, { kind, name, payload: '1' });
    expect(outcome).toEqual({ ok: false, error: 'unknown-input' });
  });

  test('what the schema refuses is an invalid payload', () => {
    expect(parse('length', '4')).toEqual(INVALID);
  });

  test.each(['throwing', 'late', 'failing', 'silent'])(
    'a schema that is %s makes every payload invalid',
    async (name) => {
      expect(parse(name, '1')).toEqual(INVALID);
      // A rejection that nobody handles would end the run here.
      await Promise.resolve();
    },
  );

  test.each(['{', '[1,]', 'undefined', '\uFEFF1', '1 2', "'a'"])(
    '%j is an invalid payload',
    (text) => {
      expect(parse('any', text)).toEqual(INVALID);
    },
  );

  test('a payload of the most bytes is parsed, one more is invalid', () => {
    const text = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`;
    const size = WIRE_LIMITS.userPayloadBytesMax;
    expect(parse('any', text(size - 1))).toMatchObject({ ok: true });
    expect(parse('any', text(size))).toMatchObject({ ok: true });
    expect(parse('any', text(size + 1))).toEqual(INVALID);
  });

  test('the deepest nesting that fits is parsed', () => {
    const depth = WIRE_LIMITS.userPayloadBytesMax / 2;
    expect(parse('any', '['.repeat(depth) + ']'.repeat(depth))).toMatchObject({ ok: true });
  });

  test.each([
    ['{"a":1,"__proto__":{"isAdmin":true}}', { a: 1 }],
    ['{"a":{"\\u005f_proto__":[1]},"b":2}', { a: {}, b: 2 }],
  ])('%s loses its prototype', (text, expected) => {
    const value = payloadOf(text);
    expect(value).toEqual(expected);
    expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
    expect('isAdmin' in Object.assign({}, value)).toBe(false);
  });

  test('an empty text is undefined', () => {
    expect(parse('any', '')).toEqual({ ok: true, value: { name: 'any', payload: undefined } });
  });
});

describe('createUserMessage', () => {
  const create = (name: string, payload: unknown): UserMessage | UserUpdate =>
    createUserMessage(messages, { name, payload } as { name: 'any'; payload: unknown });

  test.each([[null], [0], ['text'], [[1, [2]]], [{ a: { b: '€' } }], [undefined]])(
    'payload %j arrives as it was',
    (payload) => {
      expect(payloadOf(create('any', payload).payload)).toEqual(payload);
    },
  );

  test('the lane of the definition decides the kind', () => {
    expect(create('any', 1)).toEqual({ kind: 'user-message', name: 'any', payload: '1' });
    expect(create('latest', 1)).toEqual({ kind: 'user-update', name: 'latest', payload: '1' });
  });

  test('a payload of the most bytes is taken, one more is an error', () => {
    const size = WIRE_LIMITS.userPayloadBytesMax - 2;
    expect(create('any', 'x'.repeat(size - 1)).payload).toHaveLength(size + 1);
    expect(create('any', 'x'.repeat(size)).payload).toHaveLength(size + 2);
    const tooLarge = expect.objectContaining({ code: 'message-too-large' });
    expect(() => create('any', 'x'.repeat(size + 1))).toThrow(tooLarge);
    expect(() => create('any', '€'.repeat(Math.ceil(size / 3) + 1))).toThrow(tooLarge);
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  test.each([
    ['a name that is not defined', 'nobody', 1],
    ['a cycle', 'any', cycle],
    ['a bigint', 'any', 1n],
    ['a function', 'any', () => 1],
  ])('%s is an invalid argument', (_, name, payload) => {
    expect(() => create(name, payload)).toThrow(HoldfastError);
    expect(() => create(name, payload)).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
