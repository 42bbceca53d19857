/**
 * The disk of a drawn run: a faulty store that outlives the server's processes, with a witness kept
 * elsewhere, so that one that comes back older is noticed. In: faults, deaths. Out: a store for the
 * hosts, and facts of what has become durable. Must not know: hosts, sessions.
 */
import type { Clock } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { WorldId } from '../protocol/ids.ts';
import type { MemoryImage } from '../store/memory-image.ts';
import type {
  OpenedStore,
  StoredTick,
  StoreOpening,
  StoreOpenOptions,
  StoreWitness,
} from '../store/session-store.ts';
import { FaultyStore, type StoreFaults } from './faulty-store.ts';
import type { StoreFault, StoreLoss } from './scenario.ts';
import type { SimulationStore } from './simulation-options.ts';
import { TrackedStore } from './tracked-store.ts';

/** What the disk does for as long as a fault lasts. */
const FAULTS: Readonly<Record<StoreFault, StoreFaults>> = {
  'store-slow': { delayMsMin: 20, delayMsMax: 700 },
  'store-failing': { delayMsMax: 30, failureRate: 0.7 },
  'store-answer-lost': { delayMsMax: 30, answerLossRate: 0.7 },
  'store-hang': { delayMsMax: 30, hangRate: 1 },
};
/** A good disk, though not one that answers in the same instant. */
const HEALTHY: StoreFaults = { delayMsMin: 1, delayMsMax: 6 };

/** A promise of the store has been kept. */
export interface DurableFact {
  readonly at: number;
  readonly worldId: WorldId;
  /** Everything of the world up to this tick. */
  readonly tick: number;
}

export interface ScenarioDiskOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export class ScenarioDisk implements SimulationStore {
  readonly name = 'drawn';
  readonly facts: DurableFact[] = [];
  /** When it did not do what it was told. */
  readonly troubles: { readonly from: number; until: number }[] = [];
  /** When it came back as something else. */
  readonly losses: number[] = [];
  readonly #clock: Clock;
  readonly #store: FaultyStore;
  #witness: StoreWitness | undefined;
  #backup: MemoryImage | undefined;

  constructor({ clock, random }: ScenarioDiskOptions) {
    this.#clock = clock;
    this.#store = new FaultyStore({ random });
    this.heal();
  }

  async open(options: StoreOpenOptions): Promise<StoreOpening> {
    const witness = this.#witness === undefined ? {} : { witness: this.#witness };
    const { store, contents } = await this.#store.open({ ...options, ...witness });
    this.#witness = store.witness;
    return { store: new WatchedStore(store, this), contents };
  }

  crash(): void {
    this.#store.crash();
  }

  begin(fault: StoreFault): void {
    this.#endTrouble();
    if (fault !== 'store-slow') this.troubles.push({ from: this.#clock.now(), until: Infinity });
    this.#store.setFaults(FAULTS[fault]);
  }

  heal(): void {
    this.#endTrouble();
    this.#store.setFaults(HEALTHY);
  }

  /** A copy that somebody makes, and may put back. */
  backUp(): void {
    this.#backup = this.#store.capture();
  }

  lose(loss: StoreLoss): void {
    this.losses.push(this.#clock.now());
    const { term = 0 } = this.#witness ?? {};
    // One of the same term can't be told from what it is a copy of (docs/STORE.md).
    const isOlder = (this.#backup?.witness?.term ?? term) < term;
    if (loss === 'store-rolled-back' && isOlder) this.#store.rollBack(this.#backup!);
    else this.#store.empty();
  }

  /** The operator begins anew with an empty one, having been told that it is not what it was. */
  accept(error: unknown): boolean {
    if (!(error instanceof HoldfastError) || error.code !== 'store-outdated') return false;
    this.#store.empty();
    this.#witness = undefined;
    return true;
  }

  /** Sessions and worlds that are on it. */
  get recordsCount(): number {
    const { sessions, worlds } = this.#store.capture().read();
    return sessions.length + worlds.length;
  }

  #endTrouble(): void {
    const last = this.troubles.at(-1);
    if (last?.until === Infinity) last.until = this.#clock.now();
  }

  noteDurable(worldId: WorldId, tick: number): void {
    this.facts.push({ at: this.#clock.now(), worldId, tick });
  }
}

/** Notes what has been acknowledged. */
class WatchedStore extends TrackedStore {
  readonly #disk: ScenarioDisk;

  constructor(store: OpenedStore, disk: ScenarioDisk) {
    super(store, () => undefined);
    this.#disk = disk;
  }

  override async putCheckpoint(worldId: WorldId, checkpoint: StoredTick): Promise<void> {
    await super.putCheckpoint(worldId, checkpoint);
    this.#disk.noteDurable(worldId, checkpoint.tick);
  }

  override async appendJournal(worldId: WorldId, record: StoredTick): Promise<void> {
    await super.appendJournal(worldId, record);
    this.#disk.noteDurable(worldId, record.tick);
  }
}
