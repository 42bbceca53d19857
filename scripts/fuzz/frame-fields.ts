/**
 * Where the fields of a frame begin, as far as they can be followed. In: bytes that need not be a
 * frame at all. Out: positions in one array that is used again. Allocates nothing.
 */
const FIELDS_MAX = 256;

export class FrameFields {
  /** `starts[i]` to `starts[i + 1]` is the i-th field, tag included; one more than `count`. */
  readonly starts = new Int32Array(FIELDS_MAX + 1);
  #count = 0;
  #position = 0;

  get count(): number {
    return this.#count;
  }

  /** Follows the fields from `begin` on, until something is no field. */
  read(bytes: Uint8Array, begin: number, end: number): void {
    this.#count = 0;
    this.#position = begin;
    this.starts[0] = begin;
    while (this.#position < end && this.#count < FIELDS_MAX) {
      const next = this.#skipField(bytes, end);
      if (next <= this.#position || next > end) return;
      this.#position = next;
      this.#count += 1;
      this.starts[this.#count] = next;
    }
  }

  /** Where the field ends; 0 = it is none. */
  #skipField(bytes: Uint8Array, end: number): number {
    const value = varintEnd(bytes, this.#position, end);
    if (value === 0) return 0;
    const wireType = (bytes[this.#position] as number) & 7;
    if (wireType === 0) return varintEnd(bytes, value, end);
    if (wireType === 1) return value + 8;
    if (wireType === 5) return value + 4;
    if (wireType !== 2) return 0;
    const content = varintEnd(bytes, value, end);
    if (content === 0) return 0;
    let length = 0;
    for (let index = content - 1; index >= value; index -= 1) {
      length = length * 128 + ((bytes[index] as number) & 0x7f);
    }
    return content + length;
  }
}

/** Behind the varint that begins at `position`; 0 = it doesn't end. */
export function varintEnd(bytes: Uint8Array, position: number, end: number): number {
  for (let index = position; index < end; index += 1) {
    if ((bytes[index] as number) < 0x80) return index + 1;
  }
  return 0;
}
