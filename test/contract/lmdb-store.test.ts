import { LmdbHarness } from './lmdb-harness.ts';
import { describeStoreContract } from './store-contract.ts';

describeStoreContract('lmdb', () => LmdbHarness.create());
