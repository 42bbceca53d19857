/** Which process has which processor: the server the first, the players the second. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export interface Pinning {
  readonly isPinned: boolean;
  /** In words, for the result. */
  readonly description: string;
}

const SERVER_CPU = 0;
const GENERATOR_CPU = 1;

export function findPinning(): Pinning {
  if (availableParallelism() < 2) {
    return { isPinned: false, description: 'one processor: server and players share it' };
  }
  if (spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status !== 0) {
    return { isPinned: false, description: 'taskset is missing: nothing is pinned' };
  }
  const description = `server on CPU ${SERVER_CPU}, players on CPU ${GENERATOR_CPU}`;
  return { isPinned: true, description };
}

/** The command line that runs `command` where it belongs. */
export function pinnedCommand(
  { isPinned }: Pinning,
  role: 'server' | 'generator',
  command: readonly string[],
): readonly string[] {
  const cpu = role === 'server' ? SERVER_CPU : GENERATOR_CPU;
  return isPinned ? ['taskset', '-c', String(cpu), ...command] : command;
}
