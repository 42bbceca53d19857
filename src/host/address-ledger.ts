/**
 * How many connections and sessions each remote address holds. A session counts from first contact
 * until its removal, its reconnect window included, so that dropping a connection frees no place.
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
