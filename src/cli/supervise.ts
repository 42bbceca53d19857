/**
 * Runs a server script under a supervisor, in this process. In: the script, signals. Out: its
 * output, one line for each restart, an exit code. This process listens nowhere and serves nobody.
 */
import { fileURLToPath } from 'node:url';
import { nodeClock, nodeScheduler } from '../host/node-platform.ts';
import { forkServer } from './fork-server.ts';
import { Supervisor } from './supervisor.ts';
import type { Listening } from './supervisor.ts';
import { validateSupervisorLimits } from './supervisor-limits.ts';
import type { SupervisorLimits } from './supervisor-limits.ts';

export interface SuperviseOptions {
  /** The server's script: a path, or a `file:` URL such as `import.meta.resolve` makes. */
  readonly script: string;
  /** The words after it. */
  readonly args?: readonly string[];
  readonly limits?: Partial<SupervisorLimits>;
  /** Called when the first process serves, and when each later one does. */
  readonly onListening?: (listening: Listening) => void;
  /** Gets a line for each restart; default: stderr. */
  readonly say?: (line: string) => void;
}

/**
 * Starts the server and starts it again whenever a signal or a non-zero exit ends it. Resolves
 * with the exit code when it is over: the server ended with 0, SIGINT, SIGTERM or SIGHUP came and
 * was passed on, it never listened, or it died too often. Rejects with
 * HoldfastError('invalid-configuration').
 */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const { script, args = [] } = options;
  const path = script.startsWith('file:') ? fileURLToPath(script) : script;
  const supervisor = new Supervisor({
    clock: nodeClock,
    scheduler: nodeScheduler,
    limits: validateSupervisorLimits(options.limits),
    launch: forkServer(path, args),
    say: options.say ?? ((line) => void process.stderr.write(`${line}\n`)),
    onListening: options.onListening ?? (() => undefined),
  });
  const handleSignal = (signal: 'SIGINT' | 'SIGTERM'): void => supervisor.handleSignal(signal);
  process.on('SIGINT', handleSignal);
  process.on('SIGTERM', handleSignal);
  // Its terminal is gone: an end that is nobody's wish, and so room for a successor.
  const handleHangUp = (): void => handleSignal('SIGTERM');
  process.on('SIGHUP', handleHangUp);
  // Deliberate: who reads our words may go away; the server is not to die of it.
  process.stderr.on('error', ignore);
  try {
    supervisor.start();
    return await supervisor.ended;
  } finally {
    process.off('SIGINT', handleSignal);
    process.off('SIGTERM', handleSignal);
    process.off('SIGHUP', handleHangUp);
    process.stderr.off('error', ignore);
  }
}

function ignore(): void {}
