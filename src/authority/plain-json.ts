/**
 * The payload of a user input as text, if it is plain JSON and so comes back equal, −0 included. An
 * object without a prototype comes back with the usual one.
 * In: what a schema answered, anything at all. Out: its text, or undefined. Never throws.
 */

/** Deeper values, and circles, are not plain. */
const DEPTH_MAX = 256;

/** JSON of `value` that `JSON.parse` turns into its equal; undefined when there is none. */
export function toPlainJson(value: unknown): string | undefined {
  try {
    return write(value, 0);
  } catch {
    // A getter or a proxy of the game's threw: not plain.
    return undefined;
  }
}

function write(value: unknown, depth: number): string | undefined {
  if (value === null) return 'null';
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    return Number.isFinite(value) ? String(value) : undefined;
  }
  if (typeof value !== 'object' || depth >= DEPTH_MAX) return undefined;
  return Array.isArray(value) ? writeList(value, depth + 1) : writeObject(value, depth + 1);
}

function writeList(list: readonly unknown[], depth: number): string | undefined {
  const parts: string[] = [];
  // By index: a hole is no value, and is not plain.
  for (let index = 0; index < list.length; index += 1) {
    const part = write(list[index], depth);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return `[${parts.join(',')}]`;
}

function writeObject(value: object, depth: number): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return undefined;
  if (Object.getOwnPropertySymbols(value).length > 0) return undefined;
  const parts: string[] = [];
  for (const [key, each] of Object.entries(value)) {
    const part = write(each, depth);
    if (part === undefined) return undefined;
    parts.push(`${JSON.stringify(key)}:${part}`);
  }
  return `{${parts.join(',')}}`;
}
