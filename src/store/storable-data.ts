/**
 * Which values of a user can be kept and come back equal: plain JSON. In: `session.data`. Out: its
 * JSON text, or a HoldfastError that names the place; so nothing is turned into something else in
 * silence (a Date into text, NaN into null, a Map into an empty object). Properties that are
 * undefined are as if they weren't there. Runs no code of the value's but getters of its own.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** Deeper values are refused: deep enough for any state, and no recursion overflows. */
const DEPTH_MAX = 32;

/**
 * JSON of `data`, undefined for undefined. Throws HoldfastError `data-not-storable`.
 */
export function encodeStorableData(data: unknown): string | undefined {
  if (data === undefined) return undefined;
  return JSON.stringify(copyStorable(data, 'session.data', 0));
}

/** An equal value that nobody else has. Throws HoldfastError `data-not-storable`. */
export function copyStorableData(data: unknown): unknown {
  const text = encodeStorableData(data);
  return text === undefined ? undefined : JSON.parse(text);
}

function copyStorable(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    // JSON has one zero.
    const isKept = Number.isFinite(value) && !Object.is(value, -0);
    return isKept ? value : refuse(path, `the number ${Object.is(value, -0) ? '-0' : value}`);
  }
  if (typeof value !== 'object') return refuse(path, `of type ${typeof value}`);
  if (depth >= DEPTH_MAX) return refuse(path, `deeper than ${DEPTH_MAX} levels, or in a circle`);
  return copyComposite(value, path, depth + 1);
}

function copyComposite(value: object, path: string, depth: number): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return Array.from(items, (item, index) => copyStorable(item, `${path}[${index}]`, depth));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    return refuse(path, 'an object of a class');
  }
  if (Object.getOwnPropertySymbols(value).length > 0) return refuse(path, 'an object with symbols');
  // No prototype, so that `__proto__` is a key like any other and toJSON is not called.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(value)) {
    if (each !== undefined) copy[key] = copyStorable(each, `${path}.${key}`, depth);
  }
  return copy;
}

function refuse(path: string, what: string): never {
  const message = `${path} is ${what}; a store keeps plain JSON`;
  throw new HoldfastError('data-not-storable', message);
}
