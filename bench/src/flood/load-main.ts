/**
 * The players of the flood bench: healthy ones, and one that sends as fast as it is told to and
 * comes back whenever it is thrown out. In: one word of JSON, then questions. Out: how many are in,
 * then a report for each window.
 */
import { machineNow, sleep } from '../../../scripts/chaos/machine-clock.ts';
import { createAdapter } from '../arena/create-adapter.ts';
import { LoadClient } from '../arena/load-client.ts';
import { latenessOf } from '../measure/lateness.ts';
import type { FloodOrder, FloodQuestion, FloodReport } from './flood-orders.ts';

const STEP_MS = 50;
const BUNDLES = 10;
const FLOOD_INTERVAL_MS = 2;
const RETURN_MS = 20;

const order = JSON.parse(process.argv[2] ?? '') as FloodOrder;
const adapter = createAdapter(order.adapter);
const worlds = Math.ceil(order.clients / order.worldPlayers);

function placeOf(name: string, index: number) {
  return { port: order.port, worldId: `world${index % worlds}`, name };
}

class Flooder {
  sent = 0;
  ended = 0;
  isFlooding = false;
  #client: LoadClient | undefined;
  #owed = 0;
  #isEntering = false;

  /** Keeps its rate, as far as the server takes it. */
  act(elapsedMs: number): void {
    if (!this.isFlooding) return;
    const { messagesPerSecond } = order;
    this.#owed = Math.min(
      messagesPerSecond / 10,
      this.#owed + (messagesPerSecond * elapsedMs) / 1e3,
    );
    const client = this.#client;
    if (client?.isIn !== true || client.lostBecause !== undefined) return void this.#enter();
    const copies = Math.floor(this.#owed);
    this.#owed -= copies;
    const before = client.inputsSent;
    client.sendCopies(copies);
    this.sent += client.inputsSent - before;
  }

  async #enter(): Promise<void> {
    if (this.#isEntering) return;
    this.#isEntering = true;
    if (this.#client !== undefined) {
      this.ended += 1;
      await sleep(RETURN_MS);
    }
    this.#client = new LoadClient(adapter, placeOf('flooder', 0), 0);
    await this.#client.enter().catch(() => false);
    this.#isEntering = false;
  }
}

const flooder = new Flooder();
const clients = Array.from(
  { length: order.clients },
  (_, index) => new LoadClient(adapter, placeOf(`client${index}`, index), index),
);
for (const client of clients) await client.enter();

let bundle = 0;
let dueAt = machineNow();
function sendInputs(): void {
  for (let index = bundle; index < clients.length; index += BUNDLES) clients[index]!.sendInput();
  bundle = (bundle + 1) % BUNDLES;
  dueAt += STEP_MS / BUNDLES;
  setTimeout(sendInputs, Math.max(0, dueAt - machineNow()));
}
sendInputs();

let actedAt = machineNow();
setInterval(() => {
  const now = machineNow();
  flooder.act(now - actedAt);
  actedAt = now;
}, FLOOD_INTERVAL_MS);

async function measure({ seconds, isFlooded }: FloodQuestion): Promise<FloodReport> {
  const [sent, ended] = [flooder.sent, flooder.ended];
  flooder.isFlooding = isFlooded;
  for (const client of clients) client.arrivals = [];
  await sleep(seconds * 1_000);
  flooder.isFlooding = false;
  const states = clients.reduce((sum, { arrivals }) => sum + (arrivals?.length ?? 0), 0);
  return {
    latenessMs: clients.flatMap(({ arrivals = [] }) => latenessOf(arrivals, STEP_MS)),
    statesPerClientSecond: states / (clients.length * seconds),
    messagesSentPerSecond: (flooder.sent - sent) / seconds,
    ended: flooder.ended - ended,
    lost: clients.filter(({ lostBecause }) => lostBecause !== undefined).length,
  };
}

process.on('message', (question: FloodQuestion) => {
  void measure(question).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));
process.send?.(clients.filter(({ isIn }) => isIn).length);
