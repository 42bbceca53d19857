/**
 * A process of its own that owns an LMDB store and writes to it until it is killed or can't; or one
 * that ends in the middle of a transaction.
 * In: the directory, and whether to go on. Out: a line for each thing that the store has promised.
 */
import { join } from 'node:path';

import { nodeRandomStreams, nodeScheduler } from '../../src/host/node-platform.ts';
import { LmdbDatabase } from '../../src/store/lmdb-database.ts';
import { createLmdbStore } from '../../src/store/lmdb-store.ts';
import { sampleBytes, sampleRecord, sessionId, worldId } from '../contract/store-harness.ts';

const [directory = '', mode = 'write'] = process.argv.slice(2);
/** Enough to fill the space that the test leaves, and to be killed in the middle of. */
const WRITES_MAX = 5_000;
const MAIN = worldId('main');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The transaction's thread waits for its function, which this thread comes to no more. */
async function endInTransaction(): Promise<void> {
  const database = await LmdbDatabase.open(join(directory, 'exit.mdb'));
  void database.transaction(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  if (mode === 'exit') process.exit(3);
  setImmediate(() => {
    throw new Error('a bug of the game');
  });
  await new Promise(() => undefined);
}

if (mode === 'exit' || mode === 'throw') await endInTransaction();

try {
  const { store, contents } = await createLmdbStore({ directory }).open({
    scheduler: nodeScheduler,
    randomStreams: nodeRandomStreams,
    onHealth: ({ health, reason }) => say(`health ${health} ${reason}`),
  });
  say(`open with ${contents.sessions.length} sessions`);
  if (mode === 'fill') {
    await fill();
    await store.close();
  } else {
    await write();
  }

  async function write(): Promise<void> {
    await store.putCheckpoint(MAIN, { tick: 0, bytes: sampleBytes(500, 0) });
    for (let tick = 1; tick <= WRITES_MAX; tick += 1) {
      const id = sessionId(String(tick));
      void store.appendJournal(MAIN, { tick, bytes: sampleBytes(100, tick) });
      await store.putSession(sampleRecord({ sessionId: id }), { expectedEpoch: 0 });
      say(`kept ${tick}`);
    }
  }

  async function fill(): Promise<void> {
    let failures = 0;
    for (let index = 0; failures < 3; index += 1) {
      const world = worldId(`world-${index}`);
      await store.putCheckpoint(world, { tick: 0, bytes: sampleBytes(50_000, index) }).then(
        () => say(`kept ${index}`),
        ({ code }: { code: string }) => {
          failures += 1;
          say(`failed ${code}`);
        },
      );
    }
    await store.deleteWorld(worldId('world-0'));
    await store.deleteWorld(worldId('world-1'));
    await store.putSession(sampleRecord(), { expectedEpoch: 0 });
    say('kept the session');
  }
} catch (error) {
  say(`error ${String((error as { code?: unknown }).code)}`);
}
