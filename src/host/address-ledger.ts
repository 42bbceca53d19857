/**
 * How many of something each remote address holds: connections that nobody has proven, or seats.
 * In: an address that gains or loses one. Out: counts. Addresses that hold nothing cost nothing.
 */
export class AddressLedger {
  readonly #counts = new Map<string, number>();

  /** What `address` holds now. */
  countOf(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(address, this.countOf(address) + 1);
  }

  remove(address: string): void {
    const count = this.countOf(address) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }

  /** Addresses that hold anything. */
  get size(): number {
    return this.#counts.size;
  }
}
