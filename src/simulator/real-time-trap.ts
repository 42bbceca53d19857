/**
 * While it is armed, whoever touches the real clock, a real timer or real randomness is found out:
 * the call is reported and throws. In: who hears of it. Out: globals as they were, once released.
 * Node's and the test runner's own machinery keeps references of its own and goes on.
 * Promises and queueMicrotask are no time: their order is a simulation's too.
 * What was imported by name (`node:timers`) can't be seen; the platform's own objects can.
 */

type Holder = Record<PropertyKey, unknown>;

interface Snare {
  readonly holder: Holder;
  readonly key: string;
  readonly name: string;
}

interface SetSnare extends Snare {
  /** What the holder itself had there; undefined = what it inherits shows again. */
  readonly before: PropertyDescriptor | undefined;
}

/** Where the real things are: the path of their holder from globalThis, and their names. */
const TARGETS: readonly (readonly [path: string, keys: readonly string[]])[] = [
  [
    '',
    [
      'setTimeout',
      'setInterval',
      'setImmediate',
      'requestAnimationFrame',
      'requestIdleCallback',
      'MessageChannel',
    ],
  ],
  ['performance', ['now']],
  ['Math', ['random']],
  ['crypto', ['getRandomValues', 'randomUUID']],
  ['process', ['hrtime', 'uptime']],
  ['AbortSignal', ['timeout']],
];

/** Made once for each real thing: arming happens at every step of a simulation. */
const traps = new WeakMap<object, unknown>();
/** Those who have armed it, the last one first to hear. */
const armed: { readonly onTouched: (call: string) => void }[] = [];
let snares: readonly SetSnare[] = [];

function touched(call: string): never {
  armed.at(-1)?.onTouched(call);
  throw new RealTimeError(call);
}

/** What the call itself throws. */
export class RealTimeError extends Error {
  override readonly name = 'RealTimeError';
  /** Such as `Date.now`. */
  readonly call: string;

  constructor(call: string) {
    super(
      `a simulation touched ${call}: rules have context.tick and context.random(), hooks sleep ` +
        'and random, behaviours random (docs/SIMULATOR.md, Time and chance)',
    );
    this.call = call;
  }
}

/** Arms it. What is returned releases it; the last release restores the globals. */
export function armRealTimeTrap(onTouched: (call: string) => void): () => void {
  const owner = { onTouched };
  armed.push(owner);
  if (armed.length === 1) snares = findSnares().map(set);
  return () => {
    const index = armed.indexOf(owner);
    if (index === -1) return;
    armed.splice(index, 1);
    if (armed.length > 0) return;
    for (const snare of snares) restore(snare);
    snares = [];
  };
}

function findSnares(): Snare[] {
  const found: Snare[] = [{ holder: globalThis, key: 'Date', name: 'Date' }];
  for (const [path, keys] of TARGETS) {
    const holder = path === '' ? globalThis : (globalThis as unknown as Holder)[path];
    if (holder === undefined || holder === null) continue;
    for (const key of keys) {
      if (typeof (holder as Holder)[key] !== 'function') continue;
      found.push({ holder: holder as Holder, key, name: path === '' ? key : `${path}.${key}` });
    }
  }
  return found;
}

function set(snare: Snare): SetSnare {
  const { holder, key } = snare;
  const before = Object.getOwnPropertyDescriptor(holder, key);
  const value = trapOf(snare);
  // Plain writing is cheaper than defining, and keeps optimised code that reads its neighbours.
  if (before?.writable === true) holder[key] = value;
  else Object.defineProperty(holder, key, { value, writable: true, configurable: true });
  return { ...snare, before };
}

function trapOf({ holder, key, name }: Snare): unknown {
  const real = holder[key] as (...values: unknown[]) => unknown;
  const known = traps.get(real);
  if (known !== undefined) return known;
  const trap = key === 'Date' ? trapDate(real as unknown as DateConstructor) : trapCall(name, real);
  traps.set(real, trap);
  return trap;
}

function restore({ holder, key, before }: SetSnare): void {
  if (before === undefined) Reflect.deleteProperty(holder, key);
  else if (before.writable === true) holder[key] = before.value;
  else Object.defineProperty(holder, key, before);
}

function trapCall(name: string, real: (...values: unknown[]) => unknown): unknown {
  return new Proxy(real, {
    apply: () => touched(name),
    construct: () => touched(`new ${name}`),
    get: (target, key) => {
      // process.hrtime.bigint
      const member: unknown = Reflect.get(target, key);
      return typeof member === 'function' && key !== 'call' && key !== 'apply' && key !== 'bind'
        ? () => touched(`${name}.${String(key)}`)
        : member;
    },
  });
}

/** A date from numbers or text is no clock; one from nothing is. */
function trapDate(real: DateConstructor): DateConstructor {
  return new Proxy(real, {
    apply: () => touched('Date()'),
    construct: (target, values: unknown[], newTarget) =>
      values.length === 0
        ? touched('new Date()')
        : (Reflect.construct(target, values, newTarget) as object),
    get: (target, key): unknown =>
      key === 'now' ? () => touched('Date.now') : Reflect.get(target, key),
  });
}
