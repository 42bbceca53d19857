/** A memory store whose disk does what a test says, from the next commit on. */
import { HoldfastError } from '../../src/protocol/holdfast-error.ts';
import type { CommitFate } from '../../src/store/memory-engine.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { QueuedStore } from '../../src/store/queued-store.ts';
import type { StoreOpening, StoreOpenOptions } from '../../src/store/session-store.ts';
import type { StoreLimits } from '../../src/store/store-limits.ts';

export type DiskState = 'well' | 'failing' | 'answerless' | 'hanging';

const FATES: Readonly<Record<DiskState, CommitFate>> = {
  well: {},
  failing: { fault: 'nothing-written' },
  answerless: { fault: 'answer-lost' },
  hanging: { delayMs: Infinity },
};

export class Disk extends MemoryStore {
  readonly #setting: { state: DiskState; delayMs: number };
  #opened: QueuedStore | undefined;

  constructor(limits: Partial<StoreLimits> = {}) {
    const setting: { state: DiskState; delayMs: number } = { state: 'well', delayMs: 0 };
    super({ limits, drawFate: () => ({ delayMs: setting.delayMs, ...FATES[setting.state] }) });
    this.#setting = setting;
  }

  override async open(options: StoreOpenOptions): Promise<StoreOpening> {
    const opening = await super.open(options);
    if (opening.store instanceof QueuedStore) this.#opened = opening.store;
    return opening;
  }

  /** As if another process had taken it over. */
  loseOwner(): void {
    this.#opened?.lose(new HoldfastError('store-lost', 'another process has it'));
  }

  /** What it is like from now on; a commit that hangs already hangs on. */
  set state(state: DiskState) {
    this.#setting.state = state;
  }

  /** How long a commit takes that is well or fails. */
  set delayMs(delayMs: number) {
    this.#setting.delayMs = delayMs;
  }
}
