/**
 * A store over a disk that a test drives: how long each commit takes, whether it fails; and what is
 * kept by now. In: fates. Out: a SessionStore for a host, the records on its disk.
 */
import type { CommitFate } from '../../src/store/memory-engine.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { SessionRecord } from '../../src/store/session-record.ts';
import type { OpenedStore, SessionStore } from '../../src/store/session-store.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualTime } from './virtual-time.ts';

export class DrivenDisk {
  /** What the next commits come to. */
  fate: CommitFate = {};
  /** Somebody else has written: no condition holds. */
  isForeign = false;
  readonly store = new MemoryStore({ drawFate: () => this.fate });
  /** The same for a host, with its conditions judged as `isForeign` says. */
  readonly judged: SessionStore = {
    name: 'driven',
    open: async (options) => {
      const { store, contents } = await this.store.open(options);
      return { store: this.#judge(store), contents };
    },
  };

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

  #judge(store: OpenedStore): OpenedStore {
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'putSession' && this.isForeign) return () => Promise.resolve(false);
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  async sessionOf(playerId: string): Promise<SessionRecord | undefined> {
    return (await this.sessions()).find((record) => record.playerId === playerId);
  }
}
