/**
 * Which baselines the snapshots of one connection may have, after docs/PROTOCOL.md: what was sent
 * last on an ordered lane, the newest that was acknowledged elsewhere, and of those only the rungs
 * of the ladder. In: snapshots as they are sent, acknowledgements as they come. Out: what is wrong.
 */
const YOUNG = 4;
const SPACING = 4;
const OLD = 4;
/** So far back an acknowledgement is understood. */
const KNOWN_TICKS = 32;

export interface SentSnapshot {
  readonly tick: number;
  /** Ticks since its baseline; 0 = it is whole. */
  readonly age: number;
  /** On a lane that loses. */
  readonly isSync: boolean;
  /** It was made in this very instant: nothing was heard since. */
  readonly isFresh: boolean;
}

export class SnapshotDuty {
  readonly #sent = new Set<number>();
  readonly #acknowledged = new Set<number>();
  #newest = 0;
  /** What was sent last has been said to be of no use. */
  #isLost = true;

  handleSent(snapshot: SentSnapshot): string | undefined {
    const { tick, age } = snapshot;
    const problem = this.#problemOf(snapshot);
    this.#sent.add(tick);
    this.#newest = tick;
    this.#isLost = false;
    if (problem === undefined) return undefined;
    const manner = age === 0 ? 'whole' : `since ${tick - age}`;
    return `gets the snapshot of tick ${tick} ${manner}, ${problem}`;
  }

  /** False: it names what was never sent. */
  handleAck(tick: number, earlier: number): boolean {
    if (tick === 0 && earlier === 0) {
      this.#acknowledged.clear();
      this.#isLost = true;
      return true;
    }
    if (tick === 0) return false;
    const named = [tick];
    for (let bit = 0; bit < KNOWN_TICKS; bit += 1) {
      if (((earlier >>> bit) & 1) === 1) named.push(tick - 1 - bit);
    }
    const known = named.filter((each) => this.#newest - each < KNOWN_TICKS);
    if (known.some((each) => !this.#sent.has(each))) return false;
    for (const each of known) this.#acknowledged.add(each);
    return true;
  }

  #problemOf({ tick, age, isSync, isFresh }: SentSnapshot): string | undefined {
    const baseline = tick - age;
    if (age !== 0 && !rungsOf(tick).includes(baseline)) return 'which is no rung';
    if (age !== 0 && !this.#sent.has(baseline)) return 'which it was never sent';
    if (!isFresh) return undefined;
    const best = this.#bestOf(tick, isSync);
    const isBest = age === 0 ? best === undefined : best === baseline;
    return isBest ? undefined : `and has ${best ?? 'none'}`;
  }

  #bestOf(tick: number, isSync: boolean): number | undefined {
    const has = (each: number): boolean =>
      isSync
        ? this.#acknowledged.has(each) && this.#newest - each < KNOWN_TICKS
        : each === this.#newest && !this.#isLost;
    return rungsOf(tick).find(has);
  }
}

/** The newest first. */
function rungsOf(tick: number): number[] {
  const rungs = Array.from({ length: YOUNG }, (_, index) => tick - 1 - index);
  const old = Math.floor((tick - YOUNG - 1) / SPACING) * SPACING;
  for (let count = 0; count < OLD; count += 1) rungs.push(old - count * SPACING);
  return rungs;
}
