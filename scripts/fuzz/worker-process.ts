/**
 * One core of the campaign: a process that carries out work orders, one after the other. In:
 * orders. Out: a report for each, always: a process that dies or stands still is a report with a
 * finding, and the next order gets a new process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { WorkOrder, WorkProgress, WorkReport } from './worker-run.ts';

/** A batch takes milliseconds: a process that says nothing for so long hangs in one input. */
const SILENCE_MS_MAX = 60_000;
/** Once the time is over, the corpus may still be made small. */
const KEEPING_MS_MAX = 600_000;

export class WorkerProcess {
  readonly #path: string;
  #child: ChildProcess | undefined;

  /** The module at `path` carries out the orders that it gets as messages. */
  constructor(path: string) {
    this.#path = path;
  }

  run(order: WorkOrder): Promise<WorkReport> {
    const child = (this.#child ??= fork(this.#path, ['--worker'], {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }));
    return new Promise((resolve) => {
      let executions = 0;
      let silence: NodeJS.Timeout | undefined;
      const watch = (): void => {
        clearTimeout(silence);
        const patienceMs = order.keep ? KEEPING_MS_MAX : SILENCE_MS_MAX;
        silence = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      };
      const settle = (report: WorkReport): void => {
        clearTimeout(silence);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        resolve(report);
      };
      child.on('message', (message: WorkReport | WorkProgress) => {
        executions = message.executions;
        if (message.kind === 'report') settle(message);
        else watch();
      });
      child.on('exit', (code, signal) => {
        this.#child = undefined;
        settle(deadReport(order, `the process ended with ${signal ?? code} after ${executions}`));
      });
      watch();
      child.send(order);
    });
  }

  close(): void {
    this.#child?.disconnect();
    this.#child = undefined;
  }
}

function deadReport({ target, seed }: WorkOrder, error: string): WorkReport {
  return {
    kind: 'report',
    executions: 0,
    executionsPerSecond: 0,
    crashes: 1,
    heapBytesBefore: 0,
    heapBytesAfter: 0,
    combinations: 0,
    findings: [{ target, seed, input: '', error }],
    isDecoder: false,
  };
}
