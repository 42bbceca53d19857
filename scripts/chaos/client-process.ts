/** The process of all clients, as the controller sees it. In: orders. Out: how many are in. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { ClientOrder, ClientReport, StartOrder } from './client-orders.ts';
import { machineNow, sleep } from './machine-clock.ts';

type Status = Extract<ClientReport, { report: 'status' }>;

const POLL_MS = 20;
const FINISH_MS_MAX = 20_000;

export class ClientProcess {
  readonly #child: ChildProcess;
  #status: Status = { report: 'status', clients: 0, isIn: 0, lost: 0 };
  #hasEnded = false;

  constructor(order: Omit<StartOrder, 'order'>) {
    const script = new URL('client-main.js', import.meta.url);
    this.#child = fork(script, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => {
      const report = message as ClientReport;
      if (report.report === 'status') this.#status = report;
    });
    this.#child.once('exit', () => {
      this.#hasEnded = true;
    });
    this.send({ order: 'start', ...order });
  }

  get status(): Status {
    return this.#status;
  }

  send(order: ClientOrder): void {
    if (!this.#hasEnded) this.#child.send(order);
  }

  /** False when not all of them are in by then. */
  async untilAllIn(timeoutMs: number): Promise<boolean> {
    const deadline = machineNow() + timeoutMs;
    while (machineNow() < deadline) {
      const { clients, isIn } = this.#status;
      if (clients > 0 && isIn === clients) return true;
      if (this.#hasEnded) throw new Error('the process of the clients has ended');
      await sleep(POLL_MS);
    }
    return false;
  }

  /** Writes everything down and ends. */
  async finish(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.send({ order: 'finish' });
    const timer = setTimeout(() => this.destroy(), FINISH_MS_MAX);
    await ended;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#child.kill('SIGKILL');
  }
}
