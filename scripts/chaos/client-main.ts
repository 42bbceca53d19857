/**
 * The process of all clients of a chaos run. In: orders of the controller. Out: how many are in,
 * and a file of rows. Ends with the controller.
 */
import { ChaosClient } from './chaos-client.ts';
import { ChaosLog } from './chaos-log.ts';
import type { ClientOrder, ClientReport, StartOrder } from './client-orders.ts';
import { sleep } from './machine-clock.ts';
import { WorldLog } from './world-log.ts';

const STATUS_INTERVAL_MS = 50;
/** What was sent last is still answered. */
const LAST_ANSWERS_MS = 500;

class Crowd {
  readonly #order: StartOrder;
  readonly #log: ChaosLog;
  readonly #world: WorldLog;
  readonly #clients: ChaosClient[] = [];
  #names = 0;
  #next = 0;
  #lost = 0;

  constructor(order: StartOrder) {
    this.#order = order;
    this.#log = new ChaosLog(order.logPath);
    this.#world = new WorldLog((row) => this.#log.write(row));
    for (let index = 0; index < order.clients; index += 1) this.#enter(index);
  }

  mark(order: Extract<ClientOrder, { order: 'mark' }>): void {
    this.#log.write(order.row);
  }

  churn(count: number): void {
    for (const index of this.#nextOnes(count)) {
      void this.#clients[index]?.leave();
      this.#enter(index);
    }
  }

  drop(count: number): void {
    for (const index of this.#nextOnes(count)) this.#clients[index]?.drop();
  }

  async finish(): Promise<void> {
    await sleep(LAST_ANSWERS_MS);
    await Promise.all(this.#clients.map((client) => client.finish()));
    await this.#log.end();
  }

  status(): ClientReport {
    for (const [index, client] of this.#clients.entries()) {
      if (!client.isLost) continue;
      this.#lost += 1;
      this.#enter(index);
    }
    const isIn = this.#clients.filter((client) => client.isIn).length;
    return { report: 'status', clients: this.#clients.length, isIn, lost: this.#lost };
  }

  #enter(index: number): void {
    const { url, shotTicks, tokenTicks } = this.#order;
    const client = new ChaosClient({
      url,
      shotTicks,
      tokenTicks,
      name: `player-${(this.#names += 1)}`,
      phase: index * 7,
      write: (row) => this.#log.write(row),
      world: this.#world,
    });
    this.#clients[index] = client;
    void client.start();
  }

  /** Everybody in turn. */
  #nextOnes(count: number): number[] {
    const total = this.#clients.length;
    const indexes = Array.from({ length: Math.min(count, total) }, (_, at) => this.#next + at);
    this.#next = (this.#next + count) % total;
    return indexes.map((index) => index % total);
  }
}

let crowd: Crowd | undefined;

function report(message: ClientReport): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

async function handleOrder(order: ClientOrder): Promise<void> {
  if (order.order === 'start') {
    crowd = new Crowd(order);
    const begun = crowd;
    setInterval(() => report(begun.status()), STATUS_INTERVAL_MS);
  }
  if (order.order === 'mark') crowd?.mark(order);
  if (order.order === 'churn') crowd?.churn(order.count);
  if (order.order === 'drop') crowd?.drop(order.count);
  if (order.order === 'finish') {
    await crowd?.finish();
    report({ report: 'finished' });
    process.disconnect?.();
    process.exit(0);
  }
}

process.on('message', (order) => void handleOrder(order as ClientOrder));
process.once('disconnect', () => process.exit(1));
