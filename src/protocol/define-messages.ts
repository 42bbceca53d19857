/**
 * The game's own messages: names, lanes and schemas, written once and shared by both ends.
 * In: Standard Schemas of any library (https://standardschema.dev). Out: a checked table and types.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { HoldfastError } from './holdfast-error.ts';
import { type Lane, MESSAGE_LANES } from './lanes.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

export interface MessageDefinition {
  /** `reliable`: ordered and complete. `sync`: the latest one wins, stale ones may be dropped. */
  readonly lane: Lane;
  /** Must answer at once: a schema that answers a promise refuses everything. */
  readonly schema: StandardSchemaV1;
}

/** The table by name; create it with `defineMessages`. */
export interface MessageDefinitions<
  Table extends Readonly<Record<string, MessageDefinition>> = Readonly<
    Record<string, MessageDefinition>
  >,
> {
  readonly table: Table;
  /** The definition with that name, whoever chose the name. */
  get(name: string): MessageDefinition | undefined;
}

/** What arrives: a union of `{ name, payload }` as the schemas answer them. */
export type MessageOf<Definitions extends MessageDefinitions> = {
  readonly [Name in keyof Definitions['table'] & string]: {
    readonly name: Name;
    readonly payload: StandardSchemaV1.InferOutput<Definitions['table'][Name]['schema']>;
  };
}[keyof Definitions['table'] & string];

/** What is sent: a union of `{ name, payload }` as the schemas take them. */
export type MessageInputOf<Definitions extends MessageDefinitions> = {
  readonly [Name in keyof Definitions['table'] & string]: {
    readonly name: Name;
    readonly payload: StandardSchemaV1.InferInput<Definitions['table'][Name]['schema']>;
  };
}[keyof Definitions['table'] & string];

const KEBAB_CASE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * Checks and freezes the game's messages. Names are kebab-case, at most 64 characters, and none of
 * Holdfast's own kinds. Throws HoldfastError `invalid-message-definition`, which names the message.
 *
 * @example
 * const messages = defineMessages({ chat: { lane: 'reliable', schema: z.string().max(200) } });
 */
export function defineMessages<const Table extends Readonly<Record<string, MessageDefinition>>>(
  table: Table,
): MessageDefinitions<Table> {
  const byName = new Map<string, MessageDefinition>();
  for (const [name, definition] of Object.entries(table)) {
    const problem = nameProblem(name) ?? definitionProblem(definition);
    if (problem !== undefined) {
      throw new HoldfastError('invalid-message-definition', `message '${name}': ${problem}`);
    }
    byName.set(name, Object.freeze({ lane: definition.lane, schema: definition.schema }));
  }
  return Object.freeze({
    table: Object.freeze({ ...table }),
    get: (name: string): MessageDefinition | undefined => byName.get(name),
  });
}

function nameProblem(name: string): string | undefined {
  const lengthMax = WIRE_LIMITS.userMessageNameLengthMax;
  if (name.length > lengthMax) return `the name is longer than ${lengthMax} characters`;
  if (!KEBAB_CASE.test(name)) return 'the name is not kebab-case';
  if (Object.hasOwn(MESSAGE_LANES, name)) return 'the name is reserved for a message of Holdfast';
  return undefined;
}

/** What the types promise, for callers without types. */
function definitionProblem(definition: Partial<MessageDefinition> | undefined): string | undefined {
  const lane: unknown = definition?.lane;
  if (lane !== 'reliable' && lane !== 'sync') return `lane must be 'reliable' or 'sync'`;
  if (typeof definition?.schema?.['~standard']?.validate !== 'function') {
    return 'schema must be a Standard Schema';
  }
  return undefined;
}
