/**
 * The process of the players, for every server the same. In: one word of JSON, then questions. Out:
 * how many are in, then a report for each window. Inputs leave spread over the tick.
 */
import { machineNow } from '../../../scripts/chaos/machine-clock.ts';
import { quantile } from '../measure/quantile.ts';
import { createAdapter } from './create-adapter.ts';
import { createSeeingPlayer } from './create-seeing-player.ts';
import { LoadClient } from './load-client.ts';
import type { LoadEntered, LoadOrder, LoadQuestion, LoadReport } from './load-orders.ts';
import { Sample } from './sample.ts';

const STEP_MS = 50;
/** A tick's inputs leave in this many bundles. */
const BUNDLES = 10;
/** Logins under way at once. */
const ENTERING_MAX = 25;
const ENTER_MS_MAX = 15_000;

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const worldsOfAll = Math.ceil(order.clients / order.worldPlayers);
const problems: string[] = [];

/** The first clients of each world are seeing ones, as far as they go. */
function worldIdOf(index: number): string {
  return `world${index % worldsOfAll}`;
}

async function enterSamples(): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let index = 0; index < order.samples; index += 1) {
    const isEager = order.adapter === 'holdfast' && index % 2 === 1;
    const player = await createSeeingPlayer(order.adapter, isEager);
    const name = `sample${index}`;
    const { port, parser } = order;
    const sample = new Sample(player, isEager);
    try {
      await inTime(player.start({ port, parser, worldId: worldIdOf(index), name }));
      samples.push(sample);
      sample.start();
    } catch (error) {
      problems.push(`${name}: ${String(error)}`);
    }
  }
  return samples;
}

async function enterClients(): Promise<LoadClient[]> {
  const adapter = createAdapter(order.adapter);
  const { port } = order;
  const clients = Array.from({ length: order.clients - order.samples }, (_, index) => {
    const worldId = worldIdOf(index + order.samples);
    return new LoadClient(adapter, { port, worldId, name: `client${index}` }, index);
  });
  // One of each world first: a room is made by who comes first.
  await enterSome(clients.slice(0, worldsOfAll), 1);
  await enterSome(clients.slice(worldsOfAll), ENTERING_MAX);
  return clients;
}

async function enterSome(clients: readonly LoadClient[], most: number): Promise<void> {
  const waiting = [...clients].toReversed();
  const work = async (): Promise<void> => {
    for (let client = waiting.pop(); client !== undefined; client = waiting.pop()) {
      try {
        if (!(await inTime(client.enter()))) problems.push(client.lostBecause ?? 'refused');
      } catch (error) {
        problems.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: most }, work));
}

function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ENTER_MS_MAX);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Calls each client once per tick, a tenth of them every tenth of it. */
function startInputs(clients: readonly LoadClient[]): void {
  let bundle = 0;
  let dueAt = machineNow();
  const act = (): void => {
    for (let index = bundle; index < clients.length; index += BUNDLES) clients[index]!.sendInput();
    bundle = (bundle + 1) % BUNDLES;
    dueAt += STEP_MS / BUNDLES;
    setTimeout(act, Math.max(0, dueAt - machineNow()));
  };
  act();
}

interface Totals {
  readonly at: number;
  readonly down: number;
  readonly up: number;
  readonly inputs: number;
  readonly refusals: number;
}

function totalsOf(clients: readonly LoadClient[]): Totals {
  let [down, up, inputs, refusals] = [0, 0, 0, 0];
  for (const client of clients) {
    down += client.bytesReceived;
    up += client.bytesSent;
    inputs += client.inputsSent;
    refusals += client.refusals;
  }
  return { at: machineNow(), down, up, inputs, refusals };
}

function latenciesOf(some: readonly Sample[]): number[] {
  return some.flatMap(({ watch }) => watch.latenciesMs);
}

function reportOf(begin: Totals): LoadReport {
  const end = totalsOf(clients);
  const clientSeconds = (clients.length * (end.at - begin.at)) / 1_000;
  const rates = clients.map(({ stateHz }) => stateHz).filter((hz) => !Number.isNaN(hz));
  return {
    bytesDownPerClientSecond: (end.down - begin.down) / clientSeconds,
    bytesUpPerClientSecond: (end.up - begin.up) / clientSeconds,
    inputsPerClientSecond: (end.inputs - begin.inputs) / clientSeconds,
    stateHz: quantile(rates, 0.5),
    latenciesMs: latenciesOf(samples.filter(({ isEager }) => !isEager)),
    eagerLatenciesMs: latenciesOf(samples.filter(({ isEager }) => isEager)),
    unseenTurns: samples.reduce((sum, { watch }) => sum + watch.unseen, 0),
    refusals: end.refusals - begin.refusals,
    lost: clients.filter(({ lostBecause }) => lostBecause !== undefined).length,
  };
}

const samples = await enterSamples();
const clients = await enterClients();
startInputs(clients);
let begin = totalsOf(clients);
process.on('message', (question: LoadQuestion) => {
  if (question === 'open') {
    for (const { watch } of samples) watch.reset();
    for (const client of clients) client.openWindow();
    begin = totalsOf(clients);
  } else {
    process.send?.(reportOf(begin));
  }
});
process.once('disconnect', () => process.exit(0));
const entered: LoadEntered = {
  entered: samples.length + clients.filter(({ isIn }) => isIn).length,
  problems: [...new Set(problems)].slice(0, 5),
};
process.send?.(entered);
