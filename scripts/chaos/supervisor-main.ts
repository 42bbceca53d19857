/**
 * The supervisor's process of a chaos run: the shipped one around `server-main`. In: the words for
 * the server. Out: to its parent, when a server process serves; its exit code.
 */
import { supervise } from 'holdfast/supervisor';
import { machineNow } from './machine-clock.ts';
import type { SupervisorReport } from './supervised-server.ts';

function report(message: SupervisorReport): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

// Nobody is left to stop it.
process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));

process.exitCode = await supervise({
  script: new URL('server-main.js', import.meta.url).href,
  args: process.argv.slice(2),
  onListening: ({ restarts, port = 0 }) => {
    report({ at: machineNow(), process: restarts, port });
  },
  say: (line) => void process.stderr.write(`${line}\n`),
});
process.disconnect?.();
