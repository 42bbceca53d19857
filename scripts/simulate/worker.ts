/**
 * One worker process of a campaign: runs seeds on the build that it was started with, one at a
 * time. In: orders of the parent. Out: reports. It ends when the parent goes away.
 */
import { loadSimulator, type SimulatorBuild } from './simulator-build.ts';
import type { SeedOrder, WorkerWord } from './worker-messages.ts';

// Kept from before a simulation sets its trap on the real things.
const send = process.send?.bind(process);

function say(word: WorkerWord): void {
  send?.(word);
}

function problemOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function runOrder(build: SimulatorBuild, order: SeedOrder): Promise<void> {
  const { seed, ...options } = order;
  try {
    const report = await build.runSeed(build.drawScenario(seed), options);
    say({ kind: 'done', report });
  } catch (error) {
    say({ kind: 'crashed', seed, problem: problemOf(error) });
  }
}

async function serve(directory: string): Promise<void> {
  let build: SimulatorBuild;
  try {
    build = await loadSimulator(directory);
  } catch (error) {
    say({ kind: 'unloadable', problem: problemOf(error) });
    return;
  }
  let last = Promise.resolve();
  process.on('message', (order) => {
    last = last.then(() => runOrder(build, order as SeedOrder));
  });
  process.on('disconnect', () => process.exit());
  say({ kind: 'ready' });
}

await serve(process.argv[2] ?? 'dist');
