/**
 * Which epoch is stored for each session, so that a condition is judged without asking the disk:
 * the owner is the only one who writes. Judgements of a commit count once it is durable; after one
 * that failed, what it touched is unknown until it has been read again.
 * In: writes in their order, the fate of commits. Out: whether a condition holds.
 */
import type { SessionId } from '../protocol/ids.ts';
import type { StoredEpoch } from './session-store.ts';
import type { SessionWrite } from './store-write.ts';

export class SessionLedger {
  /** 0 is not in here: nothing is stored. */
  readonly #epochs = new Map<SessionId, number>();
  /** As they will be when the commit that is being made is durable. */
  readonly #tentative = new Map<SessionId, number>();
  readonly #unknown = new Set<SessionId>();

  /** Whether it is not known what is stored for one of the write's sessions. */
  unknownOf(write: SessionWrite): SessionId[] {
    const ids = [write.sessionId];
    if (write.kind === 'put-session' && write.replaced) ids.push(write.replaced.sessionId);
    return ids.filter((id) => this.#unknown.has(id));
  }

  /** What was read: `epoch` 0 = nothing is stored. */
  learn({ sessionId, epoch }: StoredEpoch): void {
    this.#unknown.delete(sessionId);
    this.#set(sessionId, epoch);
  }

  /** Whether the write's condition holds after all that was judged before; it counts if so. */
  judge(write: SessionWrite): boolean {
    if (write.kind === 'delete-session') {
      if (this.#epochOf(write.sessionId) !== write.epoch) return false;
      this.#tentative.set(write.sessionId, 0);
      return true;
    }
    const { sessionId, expectedEpoch, replaced } = write;
    if (this.#epochOf(sessionId) !== expectedEpoch) return false;
    if (replaced !== undefined && this.#epochOf(replaced.sessionId) !== replaced.epoch) {
      return false;
    }
    this.#tentative.set(sessionId, write.epoch);
    if (replaced !== undefined) this.#tentative.set(replaced.sessionId, 0);
    return true;
  }

  commit(): void {
    for (const [sessionId, epoch] of this.#tentative) this.#set(sessionId, epoch);
    this.#tentative.clear();
  }

  /** The outcome of what was judged is unknown. */
  doubt(): void {
    for (const sessionId of this.#tentative.keys()) this.#unknown.add(sessionId);
    this.#tentative.clear();
  }

  #epochOf(sessionId: SessionId): number {
    return this.#tentative.get(sessionId) ?? this.#epochs.get(sessionId) ?? 0;
  }

  #set(sessionId: SessionId, epoch: number): void {
    if (epoch === 0) this.#epochs.delete(sessionId);
    else this.#epochs.set(sessionId, epoch);
  }
}
