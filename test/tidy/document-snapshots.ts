/**
 * A second reader of snapshots, which knows nothing but docs/PROTOCOL.md: whoever writes one in
 * another language has no more. In: frames in the order of their coming. Out: tick and rows. Slow
 * on purpose: a frame is a string of zeros and ones, numbers are BigInts.
 * Must not know: src/protocol.
 */
export interface DocumentedSnapshot {
  readonly tick: bigint;
  /** Who is there, in ascending order, and its numbers. */
  readonly rows: readonly (readonly bigint[])[];
}

interface Body {
  readonly values: readonly bigint[];
  /** By field; undefined where the field is not linear. */
  readonly velocities: readonly (bigint | undefined)[];
}

interface Known {
  readonly tick: bigint;
  readonly bodies: ReadonlyMap<bigint, Body>;
}

class Bits {
  #rest: string;

  constructor(bytes: Uint8Array) {
    this.#rest = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  }

  take(count: number): string {
    const taken = this.#rest.slice(0, count);
    if (taken.length < count) throw new Error('the frame is too short');
    this.#rest = this.#rest.slice(count);
    return taken;
  }

  number(count: number): bigint {
    return count === 0 ? 0n : BigInt(`0b${this.take(count)}`);
  }

  varint(): bigint {
    const byte = this.number(8);
    return byte < 128n ? byte : byte - 128n + 128n * this.varint();
  }

  golomb(order: number): bigint {
    let extra = 0;
    while (this.take(1) === '1') extra += 1;
    const width = order + extra;
    return (1n << BigInt(width)) + this.number(width) - (1n << BigInt(order));
  }

  expectFilling(): void {
    if (!/^0{0,7}$/.test(this.#rest)) throw new Error(`${this.#rest} is no filling`);
  }
}

export class DocumentSnapshots {
  readonly #isLinear: readonly boolean[];
  #known: readonly Known[] = [];

  constructor(interpolations: readonly string[]) {
    this.#isLinear = interpolations.map((interpolation) => interpolation === 'linear');
  }

  read(frame: Uint8Array): DocumentedSnapshot {
    const bits = new Bits(frame.subarray(1));
    const tick = bits.varint();
    const header = bits.number(8);
    const age = header / 2n;
    const baseline = this.#known.find((known) => known.tick === tick - age);
    if (age > 0n && baseline === undefined) throw new Error(`tick ${tick - age} is not known`);
    const before = age === 0n ? new Map<bigint, Body>() : (baseline?.bodies ?? new Map());
    const entities = bits.take(1) === '1' ? [...before.keys()] : readEntities(bits, before);
    const isMotionTold = header === 0n || header % 2n === 1n;
    const bodies = this.#readBodies(bits, { entities, before, age, isMotionTold });
    bits.expectFilling();
    this.#known = [...this.#known, { tick, bodies }];
    return { tick, rows: [...bodies].map(([entity, { values }]) => [entity, ...values]) };
  }

  #readBodies(bits: Bits, difference: Difference): ReadonlyMap<bigint, Body> {
    const { entities, before, age, isMotionTold } = difference;
    const columns = this.#isLinear.map((isLinear, field) => {
      if (entities.length === 0) return { values: [], velocities: undefined };
      let last = 0n;
      const values = readColumn(bits, entities.length).map((change, index) => {
        const known = before.get(entities[index] ?? -1n);
        const moved = (known?.velocities[field] ?? 0n) * age;
        last = wrap((known === undefined ? last : (known.values[field] ?? 0n) + moved) + change);
        return last;
      });
      if (!isLinear) return { values, velocities: undefined };
      const changes = isMotionTold ? readColumn(bits, entities.length) : undefined;
      const velocities = entities.map((entity, index) => {
        const known = before.get(entity);
        if (changes !== undefined) {
          return wrap((known?.velocities[field] ?? 0n) + (changes[index] ?? 0n));
        }
        if (known === undefined) return 0n;
        const change = wrap((values[index] ?? 0n) - (known.values[field] ?? 0n));
        return floorOf(2n * change + age, 2n * age);
      });
      return { values, velocities };
    });
    const body = (index: number): Body => ({
      values: columns.map(({ values }) => values[index] ?? 0n),
      velocities: columns.map(({ velocities }) => velocities?.[index]),
    });
    return new Map(entities.map((entity, index) => [entity, body(index)]));
  }
}

interface Difference {
  readonly entities: readonly bigint[];
  readonly before: ReadonlyMap<bigint, Body>;
  readonly age: bigint;
  readonly isMotionTold: boolean;
}

function readEntities(bits: Bits, before: ReadonlyMap<bigint, Body>): bigint[] {
  const known = [...before.keys()];
  const left = new Set<bigint>();
  let place = 0n;
  for (let rest = bits.golomb(0); rest > 0n; rest -= 1n) {
    place += bits.golomb(2);
    left.add(known[Number(place)] ?? -1n);
    place += 1n;
  }
  const entered: bigint[] = [];
  for (let rest = bits.golomb(0); rest > 0n; rest -= 1n) {
    const last = entered.at(-1);
    entered.push(last === undefined ? bits.golomb(8) : last + 1n + bits.golomb(0));
  }
  const all = [...known.filter((entity) => !left.has(entity)), ...entered];
  return all.toSorted((one, other) => Number(one - other));
}

function readColumn(bits: Bits, count: number): bigint[] {
  const way = bits.take(2);
  const order = way === '00' ? 0 : Number(bits.number(5));
  return Array.from({ length: count }, () => {
    const zigzag = readZigzag(bits, way, order);
    return zigzag % 2n === 0n ? zigzag / 2n : -(zigzag + 1n) / 2n;
  });
}

function readZigzag(bits: Bits, way: string, order: number): bigint {
  if (way === '00') return 0n;
  if (way === '11') return bits.golomb(order);
  if (bits.take(1) === '0') return 0n;
  if (way === '01') return bits.golomb(order) + 1n;
  return bits.take(1) === '0' ? 1n + bits.number(1) : bits.golomb(order) + 3n;
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(32, value);
}

function floorOf(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
