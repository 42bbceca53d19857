/**
 * The game's own messages between their JSON text on the wire and checked values. What arrives is
 * hostile until its schema said otherwise; what is sent is the game's own, and a mistake there is
 * an error that it gets to see.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Result } from '../base/result.ts';
import type { MessageDefinitions, MessageInputOf, MessageOf } from './define-messages.ts';
import { HoldfastError } from './holdfast-error.ts';
import { fitsUserPayload } from './message-bounds.ts';
import { MESSAGE_LANES } from './lanes.ts';
import type { UserMessage, UserUpdate } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

/** Why it is none: nobody defined its name for its lane, or its schema refuses the payload. */
export type UserMessageProblem = 'unknown-input' | 'invalid-payload';

const UNKNOWN_INPUT = { ok: false, error: 'unknown-input' } as const;
const INVALID_PAYLOAD = { ok: false, error: 'invalid-payload' } as const;

/**
 * Parses and validates what the other side sent. Never throws, whatever the text and whatever the
 * schema does. Keys named `__proto__` are dropped before the schema sees them.
 */
export function tryParseUserMessage<Definitions extends MessageDefinitions>(
  definitions: Definitions,
  message: UserMessage | UserUpdate,
): Result<MessageOf<Definitions>, UserMessageProblem> {
  const definition = definitions.get(message.name);
  if (definition?.lane !== MESSAGE_LANES[message.kind]) return UNKNOWN_INPUT;
  if (!fitsUserPayload(message.payload)) return INVALID_PAYLOAD;
  try {
    const outcome = definition.schema['~standard'].validate(parsePayload(message.payload));
    if (isPromise(outcome)) return refusePromise(outcome);
    if (outcome.issues !== undefined) return INVALID_PAYLOAD;
    // The schema that stands under this name answered the value.
    const value = { name: message.name, payload: outcome.value } as MessageOf<Definitions>;
    return { ok: true, value };
  } catch {
    return INVALID_PAYLOAD;
  }
}

/**
 * Makes the message of the definition's lane that carries `payload` as JSON. The receiver
 * validates it, not the sender.
 * Throws HoldfastError `invalid-argument` for a name that is not defined or a payload that JSON
 * can't say, `message-too-large` beyond `WIRE_LIMITS.userPayloadBytesMax`.
 */
export function createUserMessage<Definitions extends MessageDefinitions>(
  definitions: Definitions,
  { name, payload }: MessageInputOf<Definitions>,
): UserMessage | UserUpdate {
  const definition = definitions.get(name);
  if (definition === undefined) {
    throw new HoldfastError('invalid-argument', `no message '${name}' is defined`);
  }
  const text = formatPayload(name, payload);
  if (!fitsUserPayload(text)) {
    const limit = WIRE_LIMITS.userPayloadBytesMax;
    const problem = `the payload of message '${name}' takes more than ${limit} bytes`;
    throw new HoldfastError('message-too-large', problem);
  }
  const kind = definition.lane === 'sync' ? 'user-update' : 'user-message';
  return { kind, name, payload: text };
}

/** `undefined` is the empty text: JSON has no word for it. */
function formatPayload(name: string, payload: unknown): string {
  if (payload === undefined) return '';
  const problem = `the payload of message '${name}' can't be said in JSON`;
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw new HoldfastError('invalid-argument', problem, { cause });
  }
  if (text === undefined) throw new HoldfastError('invalid-argument', problem);
  return text;
}

function parsePayload(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text, dropPrototypeKey);
}

/** As an own key it is harmless until somebody copies it with `Object.assign`. */
function dropPrototypeKey(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function isPromise<Value>(outcome: Value | Promise<Value>): outcome is Promise<Value> {
  return typeof (outcome as Partial<Promise<Value>>).then === 'function';
}

/** Nobody waits for it, so nobody else would see it fail. */
function refusePromise(promise: Promise<StandardSchemaV1.Result<unknown>>): typeof INVALID_PAYLOAD {
  promise.then(undefined, () => undefined);
  return INVALID_PAYLOAD;
}
