/**
 * A script of operations in bytes: state machines are driven by the same inputs as decoders. In:
 * bytes. Out: numbers, drawn from the front; behind the end everything is 0 and `isOver` is true.
 */
const scratch = new DataView(new ArrayBuffer(8));

export class ScriptReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isOver(): boolean {
    return this.#position >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#position] ?? 0;
    this.#position += 1;
    return value;
  }

  below(bound: number): number {
    return this.byte() % bound;
  }

  /** One of the values; the first when the script is over. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** Any double, NaN and infinities included. */
  double(): number {
    for (let index = 0; index < 8; index += 1) scratch.setUint8(index, this.byte());
    return scratch.getFloat64(0);
  }

  /** The next bytes, fewer at the end. */
  take(length: number): Uint8Array {
    const part = this.#bytes.slice(this.#position, this.#position + length);
    this.#position += length;
    return part;
  }
}
