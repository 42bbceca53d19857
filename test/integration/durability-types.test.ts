/** What the entries of the package say of stores, to whoever uses or writes one. */
import { expectTypeOf, test } from 'vitest';

import { MemoryStore } from '../../src/server/index.ts';
import type {
  HostNotice,
  OpenedStore,
  ServerConfig,
  ServerRuntime,
  SessionRecord,
  SessionStore,
  StopOptions,
  StoreOpening,
  StoreOpenOptions,
} from '../../src/server/index.ts';
import type { FaultyStore } from '../../src/simulator/index.ts';
import { createLmdbStore } from '../../src/store/lmdb-store.ts';

const authenticate = () => ({ playerId: 'ada' });

test('every store is one for a runtime, and so is one around another', () => {
  expectTypeOf(createLmdbStore).returns.toExtend<ServerConfig['store']>();
  expectTypeOf(new MemoryStore()).toExtend<SessionStore>();
  expectTypeOf<FaultyStore>().toExtend<SessionStore>();
  const inner: SessionStore = new MemoryStore();
  const around: SessionStore = {
    name: 'around',
    async open(options: StoreOpenOptions): Promise<StoreOpening> {
      const { store, contents } = await inner.open(options);
      const counted: OpenedStore = Object.create(store, {
        putSession: {
          value: (...args: Parameters<OpenedStore['putSession']>) => store.putSession(...args),
        },
      }) as OpenedStore;
      return { store: counted, contents };
    },
  };
  expectTypeOf(around.open).returns.resolves.toExtend<StoreOpening>();
  expectTypeOf<SessionRecord['entity']>().toEqualTypeOf<number>();
});

test('what is misspelt is no option', () => {
  const config: ServerConfig = { authenticate, store: new MemoryStore(), journal: 'ahead' };
  expectTypeOf(config.journal).toEqualTypeOf<'behind' | 'ahead' | undefined>();
  // @ts-expect-error there is no such journal
  const wrong: ServerConfig = { authenticate, journal: 'before' };
  expectTypeOf(wrong).toEqualTypeOf<ServerConfig>();
  expectTypeOf<StopOptions['sessions']>().toEqualTypeOf<'end' | 'keep' | undefined>();
  expectTypeOf<ServerRuntime['stop']>().parameter(0).toEqualTypeOf<StopOptions | undefined>();
});

test('a notice is told by its kind', () => {
  const words = (notice: HostNotice): string =>
    notice.kind === 'ticks-lost' ? `${notice.worldId} ${notice.ticks}` : notice.kind;
  expectTypeOf(words).returns.toBeString();
  type Restored = Extract<HostNotice, { kind: 'sessions-restored' }>;
  expectTypeOf<Restored>().toHaveProperty('count').toBeNumber();
});
