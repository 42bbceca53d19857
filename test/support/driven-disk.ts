/**
 * A store over a disk that a test drives: how long each commit takes, whether it fails; and what is
 * kept by now. In: fates. Out: a SessionStore for a host, the records on its disk.
 */
import type { CommitFate } from '../../src/store/memory-engine.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { SessionRecord } from '../../src/store/session-record.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualTime } from './virtual-time.ts';

export class DrivenDisk {
  /** What the next commits come to. */
  fate: CommitFate = {};
  readonly store = new MemoryStore({ drawFate: () => this.fate });

  /** Every session that a process that started now would find. */
  async sessions(): Promise<readonly SessionRecord[]> {
    const copy = new MemoryStore();
    copy.restore(this.store.capture());
    const { contents } = await copy.open({
      scheduler: new VirtualTime(),
      randomStreams: () => new SeededRandom(1),
    });
    return contents.sessions;
  }

  async sessionOf(playerId: string): Promise<SessionRecord | undefined> {
    return (await this.sessions()).find((record) => record.playerId === playerId);
  }
}
