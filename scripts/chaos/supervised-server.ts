/**
 * The server under its supervisor, as the controller sees it: where it listens, its marks, its
 * death by SIGKILL and its successor. In: options. Out: calls when it serves and at each mark.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { machineNow, sleep } from './machine-clock.ts';
import { OpenPhases, parseMark } from './phase-marks.ts';
import type { Phase, PhaseMark } from './phase-marks.ts';
import { findPortOwner, isRunning, parentOf } from './port-owner.ts';
import { formatServerOptions } from './server-options.ts';
import type { ServerOptions } from './server-options.ts';

/** What the supervisor's process says to its parent. */
export interface SupervisorReport {
  readonly at: number;
  /** Number of the server process, from 0 on. */
  readonly process: number;
  readonly port: number;
}

export interface Kill {
  readonly at: number;
  readonly process: number;
}

interface Waiting {
  readonly resolve: (report: SupervisorReport) => void;
  readonly reject: (error: Error) => void;
}

const END_MS_MAX = 12_000;
const DEATH_POLL_MS = 1;

export class SupervisedServer {
  readonly phases = new OpenPhases();
  readonly #child: ChildProcess;
  #serving: SupervisorReport | undefined;
  #pid: number | undefined;
  #killedPid: number | undefined;
  #waiting: Waiting[] = [];
  #onMark: (mark: PhaseMark) => void = () => undefined;
  #hasEnded = false;

  constructor(options: ServerOptions) {
    const script = new URL('supervisor-main.js', import.meta.url);
    this.#child = fork(script, [formatServerOptions(options)], {
      execArgv: [],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#handleLine(line));
    this.#child.on('message', (report) => this.#handleServing(report as SupervisorReport));
    this.#child.once('exit', () => {
      this.#hasEnded = true;
      for (const { reject } of this.#waiting) reject(new Error('the supervisor has given up'));
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Number of the server process that serves, or did last. */
  get process(): number {
    return this.#serving?.process ?? 0;
  }

  /** Resolves when the process of that number serves; rejects when none will. */
  serving(process: number): Promise<SupervisorReport> {
    const now = this.#serving;
    if (now !== undefined && now.process >= process) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** Calls at each mark until the returned function is called. */
  watchMarks(handle: (mark: PhaseMark) => void): () => void {
    this.#onMark = handle;
    return () => {
      this.#onMark = () => undefined;
    };
  }

  /** Kills the process that owns the port, at once. */
  kill(): Kill {
    const pid = this.#pid;
    if (pid === undefined) throw new Error('nobody owns the port');
    const at = machineNow();
    process.kill(pid, 'SIGKILL');
    this.#pid = undefined;
    this.#killedPid = pid;
    return { at, process: this.process };
  }

  /** Resolves when the killed process runs no more. */
  async untilDead(): Promise<void> {
    const pid = this.#killedPid;
    while (pid !== undefined && isRunning(pid)) await sleep(DEATH_POLL_MS);
  }

  /** Whether that process, which is dead, died in that phase. All its marks must have come. */
  diedIn(process: number, phase: Phase): boolean {
    return this.phases.isOpen(process, phase);
  }

  /** Asks the supervisor to end; kills what doesn't. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    const timer = setTimeout(() => this.destroy(), END_MS_MAX);
    await ended;
    clearTimeout(timer);
  }

  /** At once; the server notices that its supervisor is gone. */
  destroy(): void {
    if (this.#pid !== undefined && isRunning(this.#pid)) process.kill(this.#pid, 'SIGKILL');
    this.#child.kill('SIGKILL');
  }

  #handleLine(line: string): void {
    const mark = parseMark(line);
    if (mark === undefined) {
      process.stderr.write(`server: ${line}\n`);
      return;
    }
    this.phases.handleMark(mark);
    this.#onMark(mark);
  }

  #handleServing(report: SupervisorReport): void {
    this.#pid = findPortOwner(report.port);
    if (this.#pid === undefined || parentOf(this.#pid) !== this.#child.pid) {
      this.#pid = undefined;
      process.stderr.write(`port ${report.port} is not our server's\n`);
    }
    this.#serving = report;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve(report);
  }
}
