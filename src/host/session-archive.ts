/**
 * Sessions in the store, one record for each player: written ahead, undone, forgotten. A write that
 * failed may have been made all the same, so for each player it is known what may be stored, and
 * whoever writes next tries from each of that; nothing is left behind but after `lost`.
 * In: records and what they follow. Out: whether they are durable. Without a store nothing waits.
 * Must not know: sessions' states, tokens, who asks.
 */
import type { Scheduler, Timer } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, SessionId } from '../protocol/ids.ts';
import type { SessionRecord } from '../store/session-record.ts';
import { copyStorableData } from '../store/storable-data.ts';
import type { OpenedStore, PutSessionCondition, StoredEpoch } from '../store/session-store.ts';

/** How long what failed waits for the next try: as long as the store gathers after a failure. */
const RETRY_DELAY_MS = 250;
/** How long somebody who comes or leaves waits for a disk that fails, or does not answer. */
const PATIENCE_MS = 2_000;

/**
 * `raced`: something else is kept than the condition says. `failed`: it is not known what is
 * stored, and it is being undone. `unstorable`: no store takes this record; nothing was written.
 */
export type KeepOutcome = 'kept' | 'raced' | 'failed' | 'unstorable';

export interface SessionArchiveOptions {
  readonly scheduler: Scheduler;
  /** Whether there will be a store. */
  readonly isDurable: boolean;
  /** What the operator has to know. */
  readonly onFailure: (error: unknown, where: string) => void;
}

/** What one player has in the store. */
interface Entry {
  readonly playerId: PlayerId;
  /** What shall be stored; undefined = nothing. */
  record: SessionRecord | undefined;
  /** All that may be stored now, `undefined` = nothing last. One thing when nothing is in doubt. */
  maybe: readonly (StoredEpoch | undefined)[];
  /** The last of the writes that are under way. */
  writing: Promise<KeepOutcome> | undefined;
  retry: Timer | undefined;
  /** Who waits until what shall be stored is durable. */
  waiting: (() => void)[];
}

export class SessionArchive {
  /** Whether there is a store. */
  readonly isDurable: boolean;
  readonly #options: SessionArchiveOptions;
  readonly #entries = new Map<PlayerId, Entry>();
  readonly #records = new Map<SessionId, SessionRecord>();
  /** Whose a session is, or may still be, in the store. */
  readonly #owners = new Map<SessionId, PlayerId>();
  #store: OpenedStore | undefined;
  #isRetaining = false;

  constructor(options: SessionArchiveOptions) {
    this.isDurable = options.isDurable;
    this.#options = options;
  }

  /** The store is open: from now on it is written to. Once, before anything is asked. */
  open(store: OpenedStore, records: readonly SessionRecord[]): void {
    this.#store = store;
    for (const record of records) {
      this.#setRecord(this.#entryOf(record.playerId, epochOf(record)), record);
      this.#owners.set(record.sessionId, record.playerId);
    }
  }

  /** Sessions that are durable, or being written. */
  get size(): number {
    return this.#records.size;
  }

  /** Whether all that is stored is a later process's. */
  get isRetaining(): boolean {
    return this.#isRetaining;
  }

  /** What is durable or being written. */
  recordOf(sessionId: SessionId): SessionRecord | undefined {
    return this.#records.get(sessionId);
  }

  /**
   * Writes the record where the player's has the expected epoch, or is the one to be replaced.
   * Undefined = no store: nothing to wait for. Never rejects, and never takes longer than
   * `PATIENCE_MS`: then it has failed.
   */
  keep(record: SessionRecord, condition: PutSessionCondition): Promise<KeepOutcome> | undefined {
    if (!this.isDurable) return undefined;
    const entry = this.#entryOf(record.playerId, undefined);
    const before = entry.record;
    const owner = this.#owners.get(record.sessionId) ?? record.playerId;
    if (owner !== record.playerId || !isExpected(before, record, condition)) {
      this.#tidy(entry);
      return Promise.resolve('raced');
    }
    const own = this.#tryOwn(record, before);
    if (own === undefined) {
      this.#tidy(entry);
      return Promise.resolve('unstorable');
    }
    this.#owners.set(record.sessionId, record.playerId);
    entry.retry?.cancel();
    entry.retry = undefined;
    this.#setRecord(entry, own);
    return this.#keep(entry, own, before);
  }

  /** Puts back what was there before a keep whose attempt has ended. Nobody waits; retried. */
  undo(record: SessionRecord, before: SessionRecord | undefined): void {
    const entry = this.#entries.get(record.playerId);
    if (entry !== undefined) this.#revert(entry, record, before);
  }

  /** Replaces the record of the same session and epoch. Nobody waits; retried. */
  amend(record: SessionRecord): void {
    const entry = this.#entries.get(record.playerId);
    if (entry === undefined || !isSame(entry.record, record)) return;
    this.#setRecord(entry, record);
    void this.#settle(entry);
  }

  /**
   * Deletes the record. Resolves when that is durable, or when a failing disk is not waited for any
   * longer, which the operator is told; then it goes on being tried. Undefined = nothing to wait
   * for.
   */
  forget(sessionId: SessionId): Promise<void> | undefined {
    const record = this.#records.get(sessionId);
    const entry = record && this.#entries.get(record.playerId);
    if (entry === undefined || this.#isRetaining) return undefined;
    this.#setRecord(entry, undefined);
    void this.#settle(entry);
    return this.#patience(entry, `the record of session ${sessionId} is not deleted yet`);
  }

  /** From here on the records are a later process's: nothing is forgotten. */
  retain(): void {
    this.#isRetaining = true;
  }

  /** Resolves when all that was asked for is done, or can't be done any more. */
  async settled(): Promise<void> {
    const entries = [...this.#entries.values()].filter(isUnsettled);
    await Promise.all(
      entries.map((entry) => new Promise<void>((resolve) => entry.waiting.push(resolve))),
    );
  }

  /** Nothing is tried any more. */
  close(): void {
    for (const entry of this.#entries.values()) {
      entry.retry?.cancel();
      for (const resolve of entry.waiting.splice(0)) resolve();
    }
    this.#entries.clear();
    this.#records.clear();
    this.#owners.clear();
    this.#store = undefined;
  }

  /**
   * What is kept is what was there at the login: the game has the object, and goes on with it.
   * Undefined: no store takes it.
   */
  #tryOwn(record: SessionRecord, before: SessionRecord | undefined): SessionRecord | undefined {
    if (record.data === before?.data) return record;
    try {
      return { ...record, data: copyStorableData(record.data) };
    } catch (error) {
      this.#tellUnstorable(error, record.playerId);
      return undefined;
    }
  }

  async #keep(
    entry: Entry,
    record: SessionRecord,
    before: SessionRecord | undefined,
  ): Promise<KeepOutcome> {
    const writing = this.#write(entry);
    const outcome = await this.#inTime(writing);
    if (outcome === 'late') {
      // It is still under way, and whatever undoes it comes after it.
      this.#revert(entry, record, before);
      return 'failed';
    }
    endWriting(entry, writing);
    if (outcome !== 'kept') this.#revert(entry, record, before);
    else if (entry.record === record && entry.retry === undefined) this.#release(entry);
    return outcome;
  }

  #inTime(writing: Promise<KeepOutcome>): Promise<KeepOutcome | 'late'> {
    return new Promise((resolve) => {
      const timer = this.#options.scheduler.setTimer(PATIENCE_MS, () => resolve('late'));
      const finish = (outcome: KeepOutcome): void => {
        timer.cancel();
        resolve(outcome);
      };
      void writing.then(finish);
    });
  }

  #entryOf(playerId: PlayerId, stored: StoredEpoch | undefined): Entry {
    let entry = this.#entries.get(playerId);
    if (entry === undefined) {
      const nothing = { record: undefined, writing: undefined, retry: undefined };
      entry = { ...nothing, playerId, maybe: [stored], waiting: [] };
      this.#entries.set(playerId, entry);
    }
    return entry;
  }

  #setRecord(entry: Entry, record: SessionRecord | undefined): void {
    if (entry.record !== undefined) this.#records.delete(entry.record.sessionId);
    entry.record = record;
    if (record !== undefined) this.#records.set(record.sessionId, record);
  }

  /** `record` has not come to be: what was there before it shall be there again. */
  #revert(entry: Entry, record: SessionRecord, before: SessionRecord | undefined): void {
    if (!isSame(entry.record, record)) return;
    this.#setRecord(entry, before);
    this.#disown(entry, [record]);
    void this.#settle(entry);
  }

  /** Writes what shall be stored, again and again until it is. Nobody has to wait. */
  async #settle(entry: Entry): Promise<void> {
    entry.retry?.cancel();
    entry.retry = undefined;
    const target = entry.record;
    const writing = this.#write(entry);
    const outcome = await writing;
    endWriting(entry, writing);
    if (entry.record !== target || entry.retry !== undefined) return;
    const mayHelp = outcome === 'failed' && this.#store?.health !== 'lost';
    if (!mayHelp || this.#store === undefined) return this.#release(entry);
    const { scheduler } = this.#options;
    entry.retry = scheduler.setTimer(RETRY_DELAY_MS, () => void this.#settle(entry));
  }

  /** It is as it shall be, or nothing can be done about it. */
  #release(entry: Entry): void {
    for (const resolve of entry.waiting.splice(0)) resolve();
    this.#tidy(entry);
  }

  /** Nothing is known of whom nothing is stored. */
  #tidy(entry: Entry): void {
    const { record, maybe, playerId } = entry;
    const isEmpty = record === undefined && maybe.length === 1 && maybe[0] === undefined;
    if (isEmpty && !isUnsettled(entry)) this.#entries.delete(playerId);
  }

  /** Resolves when what shall be stored is, or after `PATIENCE_MS`. */
  #patience(entry: Entry, problem: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.scheduler.setTimer(PATIENCE_MS, () => {
        this.#options.onFailure(new HoldfastError('store-write-failed', problem), 'the store');
        resolve();
      });
      entry.waiting.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /**
   * One after the other for each player; the first reaches the store within this call. Whoever
   * asked ends it, in the same moment in which it is clear what follows.
   */
  #write(entry: Entry): Promise<KeepOutcome> {
    const target = entry.record;
    const write = (): Promise<KeepOutcome> => this.#tryFromAll(entry, target);
    const writing = entry.writing === undefined ? write() : entry.writing.then(write);
    entry.writing = writing;
    return writing;
  }

  /** From each thing that may be stored: one of them is. */
  async #tryFromAll(entry: Entry, target: SessionRecord | undefined): Promise<KeepOutcome> {
    const goal = target && epochOf(target);
    try {
      for (const stored of entry.maybe) {
        if (!(await this.#move(stored, target))) continue;
        const before = entry.maybe;
        entry.maybe = [goal];
        this.#disown(entry, before);
        return 'kept';
      }
    } catch (error) {
      return this.#handleFailure(entry, goal, error);
    }
    return 'raced';
  }

  /** Sessions that this player's entry is not about any more may be anybody's. */
  #disown(
    { playerId, record, maybe }: Entry,
    sessions: readonly (StoredEpoch | undefined)[],
  ): void {
    for (const each of sessions) {
      if (each === undefined || this.#owners.get(each.sessionId) !== playerId) continue;
      if (record?.sessionId === each.sessionId) continue;
      if (maybe.some((stored) => stored?.sessionId === each.sessionId)) continue;
      this.#owners.delete(each.sessionId);
    }
  }

  #tellUnstorable(error: unknown, playerId: PlayerId): void {
    this.#options.onFailure(error, `the record of player ${JSON.stringify(playerId)}`);
  }

  #handleFailure(entry: Entry, goal: StoredEpoch | undefined, error: unknown): KeepOutcome {
    const code = error instanceof HoldfastError ? error.code : undefined;
    if (code === 'data-not-storable' || code === 'invalid-argument') {
      this.#tellUnstorable(error, entry.playerId);
      return 'unstorable';
    }
    if (!entry.maybe.some((each) => isSame(each, goal))) {
      // Nothing follows nothing in any case, so that is tried last.
      entry.maybe = goal === undefined ? [...entry.maybe, goal] : [goal, ...entry.maybe];
    }
    return 'failed';
  }

  async #move(from: StoredEpoch | undefined, to: SessionRecord | undefined): Promise<boolean> {
    const store = this.#store;
    if (store === undefined) throw new HoldfastError('already-stopped', 'the store is closed');
    if (to === undefined) return from === undefined || store.deleteSession(from);
    if (from === undefined) return store.putSession(to, { expectedEpoch: 0 });
    if (from.sessionId === to.sessionId) {
      return store.putSession(to, { expectedEpoch: from.epoch });
    }
    return store.putSession(to, { expectedEpoch: 0, replaced: from });
  }
}

/** Unless another one follows it already. */
function endWriting(entry: Entry, writing: Promise<KeepOutcome>): void {
  if (entry.writing === writing) entry.writing = undefined;
}

function isUnsettled({ writing, retry }: Entry): boolean {
  return writing !== undefined || retry !== undefined;
}

function epochOf({ sessionId, epoch }: StoredEpoch): StoredEpoch {
  return { sessionId, epoch };
}

function isSame(a: StoredEpoch | undefined, b: StoredEpoch | undefined): boolean {
  return a?.sessionId === b?.sessionId && a?.epoch === b?.epoch;
}

/** Whether the condition speaks of what the player has. */
function isExpected(
  before: SessionRecord | undefined,
  record: SessionRecord,
  { expectedEpoch, replaced }: PutSessionCondition,
): boolean {
  if (before?.sessionId === record.sessionId) {
    return expectedEpoch === before.epoch && replaced === undefined;
  }
  return expectedEpoch === 0 && isSame(before, replaced);
}
