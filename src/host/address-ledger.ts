/**
 * How many of something each remote address holds: connections that nobody has proven, or seats.
 * In: an address that gains or loses one. Out: counts. Addresses that hold nothing cost nothing.
 */
import { addressGroup } from './address-group.ts';

export class AddressLedger {
  readonly #counts = new Map<string, number>();

  /** What `address` and its group hold now. */
  countOf(address: string): number {
    return this.#counts.get(addressGroup(address)) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(addressGroup(address), this.countOf(address) + 1);
  }

  remove(address: string): void {
    const count = this.countOf(address) - 1;
    if (count > 0) this.#counts.set(addressGroup(address), count);
    else this.#counts.delete(addressGroup(address));
  }

  /** Addresses that hold anything. */
  get size(): number {
    return this.#counts.size;
  }
}
