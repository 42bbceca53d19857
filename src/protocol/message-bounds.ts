/** The bounds of values inside messages, as predicates: the same for both directions. */
import { utf8Length } from './utf8-length.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

/** A tick or a counter: a safe integer from 0. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** An unsigned 32-bit integer. */
export function isUint32(value: number): boolean {
  return value >>> 0 === value;
}

/** Not infinite as a 32-bit float either. */
export function isFloat(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

/** A code that is always there. */
export function isCode(text: string): boolean {
  return text.length > 0 && text.length <= WIRE_LIMITS.codeLengthMax;
}

export function isNonce(text: string): boolean {
  return text.length <= WIRE_LIMITS.nonceLengthMax;
}

const BASE64URL = /^[\w-]*$/;

/** A resume token, or none. */
export function isToken(text: string): boolean {
  return text.length <= WIRE_LIMITS.tokenLengthMax && BASE64URL.test(text);
}

/** An explanation for people. */
export function isText(text: string): boolean {
  return text.length <= WIRE_LIMITS.textLengthMax;
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Cuts an explanation to what the wire carries; half a character becomes U+FFFD. */
export function cutText(text: string): string {
  return text.slice(0, WIRE_LIMITS.textLengthMax).replace(LONE_SURROGATE, '\ufffd');
}

/** `move-input`, `shoot-input`, or the name of a user message. */
export function isMessageName(text: string): boolean {
  return text.length > 0 && text.length <= WIRE_LIMITS.userMessageNameLengthMax;
}

export function fitsCredentials(text: string): boolean {
  return utf8Length(text) <= WIRE_LIMITS.credentialsBytesMax;
}

export function fitsUserPayload(text: string): boolean {
  return utf8Length(text) <= WIRE_LIMITS.userPayloadBytesMax;
}
