/**
 * The payloads of user messages against schemas of every temper: honest, throwing, promising,
 * answering nonsense. Input: a byte that picks the name, and in its highest bit the kind, then the
 * payload's text. Never throws, answers a message of that name or one of two problems, takes none
 * of the other lane, and what it makes keeps no own `__proto__`.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';

const PAYLOADS = [
  '',
  'null',
  '"hello"',
  '{"text":"hi","to":["a","b"]}',
  '{"__proto__":{"isAdmin":true},"constructor":{"prototype":1}}',
  '[[[[[[1e999,-0,0.1]]]]]]',
  '"\\ud800\\u0000"',
  '{"a":{"b":{"c":{"__proto__":[]}}}}',
];
const UPDATE_BIT = 0x80;
const OUTCOMES = ['accepted', 'unknown-input', 'invalid-payload'] as const;

type Validate = (value: unknown) => unknown;

function schemaOf(validate: Validate): StandardSchemaV1 {
  return {
    '~standard': { version: 1, vendor: 'fuzz', validate },
  } as unknown as StandardSchemaV1;
}

const SCHEMAS: Readonly<Record<string, Validate>> = {
  'takes-all': (value) => ({ value }),
  'takes-text': (value) =>
    typeof value === 'string' && value.length < 100 ? { value } : { issues: [{ message: 'no' }] },
  'takes-records': (value) =>
    typeof value === 'object' && value !== null
      ? { value: Object.assign({}, value) }
      : { issues: [{ message: 'no' }] },
  'throws-sometimes': (value) => {
    if (Array.isArray(value)) throw new Error('a schema of the game');
    return { value };
  },
  promises: (value) => Promise.reject(new Error(typeof value)),
  'answers-nothing': () => undefined,
  'answers-null': () => null,
};

/** Names that nobody has defined, those of objects included. */
const STRANGERS = ['', 'stranger', '__proto__', 'constructor', 'toString'];

export function createUserMessageTarget(production: Production): FuzzTarget {
  const { defineMessages, tryParseUserMessage, MESSAGE_LANES, WIRE_LIMITS } = production;
  const table = Object.entries(SCHEMAS).map(
    ([name, validate]) => [name, { lane: laneOf(name), schema: schemaOf(validate) }] as const,
  );
  const definitions = defineMessages(Object.fromEntries(table));
  const names = [...Object.keys(SCHEMAS), ...STRANGERS];
  return {
    name: 'user-message',
    // Deliberate: mostly JSON.parse, which throws for most inputs and takes its time for that.
    isDecoder: false,
    isAsync: false,
    shape: 'text',
    inputBytesMax: WIRE_LIMITS.userPayloadBytesMax + 64,
    createSeeds: () =>
      names.flatMap((name, index) =>
        PAYLOADS.map((text) =>
          Buffer.concat([Buffer.of(index | kindBitOf(name)), Buffer.from(text)]),
        ),
      ),
    execute(input, coverage) {
      const first = input[0] ?? 0;
      const choice = (first & ~UPDATE_BIT) % names.length;
      const kind = first < UPDATE_BIT ? 'user-message' : 'user-update';
      const name = names[choice] as string;
      const payload = Buffer.from(input.buffer, input.byteOffset, input.length).toString('utf8', 1);
      const result = tryParseUserMessage(definitions, { kind, name, payload });
      const outcome = OUTCOMES.indexOf(result.ok ? 'accepted' : result.error);
      if (outcome === -1) throw new Error(`an outcome that is not in the table`);
      coverage.note(choice * OUTCOMES.length + outcome);
      if (!result.ok) return;
      if (result.value.name !== name) throw new Error('a message of another name');
      if (MESSAGE_LANES[kind] !== laneOf(name)) throw new Error('a message of the other lane');
      checkPlain(result.value.payload, 0);
    },
    describe: (key) =>
      `${names[Math.floor(key / OUTCOMES.length)]}/${OUTCOMES[key % OUTCOMES.length]}`,
  };
}

/** Half of the messages are of each lane. */
function laneOf(name: string): 'reliable' | 'sync' {
  return name.length % 2 === 0 ? 'reliable' : 'sync';
}

function kindBitOf(name: string): number {
  return laneOf(name) === 'sync' ? UPDATE_BIT : 0;
}

/** The prototype is the language's own and no key is named like it. */
function checkPlain(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 8) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) {
    throw new Error('a payload has a prototype of its own');
  }
  if (Object.hasOwn(value, '__proto__')) throw new Error('a payload has the key __proto__');
  for (const part of Object.values(value)) checkPlain(part, depth + 1);
}
