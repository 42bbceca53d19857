import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  defineMessages,
  type MessageDefinition,
  type MessageDefinitions,
  type MessageInputOf,
  type MessageOf,
} from './define-messages.ts';
import { MESSAGE_LANES } from './lanes.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

function schema<Input, Output = Input>(): StandardSchemaV1<Input, Output> {
  const validate = (value: unknown): { value: Output } => ({ value: value as Output });
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

const CHAT: MessageDefinition = { lane: 'reliable', schema: schema<string>() };
const REFUSED = { name: 'HoldfastError', code: 'invalid-message-definition' };

describe('defineMessages', () => {
  test('finds what was defined and nothing else', () => {
    const messages = defineMessages({ chat: CHAT, constructor: CHAT });
    expect(messages.get('chat')).toEqual(CHAT);
    expect(messages.get('constructor')).toEqual(CHAT);
    for (const name of ['toString', '__proto__', 'hasOwnProperty', '']) {
      expect(messages.get(name)).toBeUndefined();
    }
  });

  test('a name of the greatest length is taken, one more is refused', () => {
    const size = WIRE_LIMITS.userMessageNameLengthMax;
    for (const length of [size - 1, size]) {
      const name = 'n'.repeat(length);
      expect(defineMessages({ [name]: CHAT }).get(name)).toEqual(CHAT);
    }
    const define = (): unknown => defineMessages({ ['n'.repeat(size + 1)]: CHAT });
    expect(define).toThrow(expect.objectContaining(REFUSED));
  });

  test.each([
    '',
    'Chat',
    'chat_all',
    'chat--all',
    '-chat',
    'chat-',
    '1st',
    'chät',
    'a b',
    'toString',
  ])('name %j is refused, for it is not kebab-case', (name) => {
    expect(() => defineMessages({ [name]: CHAT })).toThrow(expect.objectContaining(REFUSED));
  });

  test.each(Object.keys(MESSAGE_LANES))('name %s is reserved', (name) => {
    expect(() => defineMessages({ [name]: CHAT })).toThrow(`'${name}': the name is reserved`);
  });

  test.each([
    ['no definition', undefined],
    ['no lane', { schema: schema<string>() }],
    ['an unknown lane', { lane: 'fast', schema: schema<string>() }],
    ['no schema', { lane: 'sync' }],
    ['a schema that is none', { lane: 'sync', schema: { parse: () => 1 } }],
    ['a schema without validate', { lane: 'sync', schema: { '~standard': {} } }],
  ])('%s is refused', (_, definition) => {
    const table = { chat: definition as unknown as MessageDefinition };
    expect(() => defineMessages(table)).toThrow(expect.objectContaining(REFUSED));
  });

  test('what was defined does not change any more', () => {
    const table = { chat: CHAT } as Record<string, MessageDefinition>;
    const messages = defineMessages(table);
    table['late'] = CHAT;
    expect(messages.get('late')).toBeUndefined();
    expect(Object.isFrozen(messages.table)).toBe(true);
  });

  test('the types of payloads follow from the schemas', () => {
    const messages = defineMessages({
      chat: { lane: 'reliable', schema: schema<string>() },
      'ping-at': { lane: 'sync', schema: schema<string, number>() },
    });
    type Received = MessageOf<typeof messages>;
    type Sent = MessageInputOf<typeof messages>;
    expectTypeOf<Received>().toEqualTypeOf<
      | { readonly name: 'chat'; readonly payload: string }
      | { readonly name: 'ping-at'; readonly payload: number }
    >();
    expectTypeOf<Extract<Sent, { name: 'ping-at' }>['payload']>().toEqualTypeOf<string>();
    expectTypeOf<typeof messages>().toExtend<MessageDefinitions>();
    expectTypeOf<MessageOf<MessageDefinitions>['payload']>().toEqualTypeOf<unknown>();
  });
});
