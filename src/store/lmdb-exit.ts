/**
 * The end of a process in the middle of a transaction. At exit Node waits for its worker threads,
 * and the one that writes waits for the transaction's function, which never runs any more: the
 * process would stay for ever, with its ports and with the store. So it is killed, which LMDB
 * survives. In: transactions as they run. Must not know: what they do.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

const STDERR = 2;

let running = 0;
let isWatching = false;
/** What is about to end the process; Node itself says it only after the exit. */
let lastError: unknown;

/** Runs a transaction; an exit of the process meanwhile is an end. */
export async function endingAtExit<Value>(transaction: () => Promise<Value>): Promise<Value> {
  watchExit();
  running += 1;
  try {
    return await transaction();
  } finally {
    running -= 1;
  }
}

function watchExit(): void {
  if (isWatching) return;
  isWatching = true;
  process.on('uncaughtExceptionMonitor', (error) => {
    lastError = error;
  });
  process.on('exit', () => {
    if (running === 0) return;
    if (lastError !== undefined && process.listenerCount('uncaughtException') === 0) trySay();
    process.kill(process.pid, 'SIGKILL');
  });
}

function trySay(): void {
  try {
    writeSync(STDERR, `${inspect(lastError)}\n`);
  } catch {
    // Nobody reads it.
  }
}
