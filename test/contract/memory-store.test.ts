import { MemoryStore } from '../../src/store/memory-store.ts';
import { describeStoreContract } from './store-contract.ts';
import { openOptions } from './store-harness.ts';
import type { StoreHarness } from './store-harness.ts';

async function createHarness(): Promise<StoreHarness> {
  let store = new MemoryStore();
  return {
    open: ({ limits, ...options } = {}) => {
      const image = store.capture();
      if (limits !== undefined) {
        store = new MemoryStore({ limits });
        store.restore(image);
      }
      return store.open(openOptions(options));
    },
    crash: () => store.crash(),
    dispose: async () => store.crash(),
  };
}

describeStoreContract('memory', createHarness);
