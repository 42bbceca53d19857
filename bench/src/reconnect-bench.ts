/**
 * Many who lose their connection at once: how long until they are healthy again, and what those who
 * stayed feel of it. Beside it, in turn in the same run, the same drop on bare `ws`.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { percentile } from '../../scripts/chaos/judge/percentile.ts';
import { machineNow, sleep } from '../../scripts/chaos/machine-clock.ts';
import type {
  CrowdKind,
  CrowdOrder,
  CrowdReport,
  ServerKind,
  ServerOrder,
  StayersOrder,
  StayersReport,
  Window,
} from './reconnect-orders.ts';

export interface ReconnectRow {
  readonly clients: number;
  /** From the drop of all to the first frame of each. */
  readonly healthyP50Ms: number;
  readonly healthyP99Ms: number;
  /** Of the ticks of those who stayed, from the drop until all were back. */
  readonly latenessP99Ms: number;
  readonly latenessMaxMs: number;
  readonly lost: number;
  /** p99 to that of the same drop on bare `ws`. */
  readonly ratioToPlainWs: number;
}

export interface ReconnectResult {
  readonly rows: readonly ReconnectRow[];
}

interface Setting {
  readonly clients: number;
  readonly kind: CrowdKind;
  readonly plainKind: CrowdKind;
  readonly worldPlayers: number;
  /** 2 000 shipped clients in one process can't read 20 snapshots each in a second. */
  readonly tickRateHz: number;
  readonly rounds: number;
  /** That count, in each round; one more before them warms everything up. */
  readonly drops: number;
}

const STAYERS = 20;
/** Between two drops, and after everybody is in. */
const CALM_MS = 2_000;
/** What a player takes in a frame of the plain server: about as much as in a snapshot. */
const PLAYER_BYTES = 17;

const SETTINGS: readonly Setting[] = [
  {
    clients: 500,
    kind: 'raw',
    plainKind: 'plain',
    worldPlayers: 50,
    tickRateHz: 20,
    rounds: 3,
    drops: 3,
  },
  {
    clients: 2_000,
    kind: 'official',
    plainKind: 'plain-patient',
    worldPlayers: 10,
    tickRateHz: 10,
    rounds: 2,
    drops: 2,
  },
];

interface Measured {
  readonly healthyMs: number[];
  readonly latenessMs: number[];
  /** Of the same length, before each drop. */
  readonly calmLatenessMs: number[];
  /** Of the first drop of each server, whose code has never run before. */
  readonly coldMs: number[];
  lost: number;
}

/** `scale`: a part of the clients, for a quick look. */
export async function benchReconnect({ scale = 1 }: { scale?: number }): Promise<ReconnectResult> {
  const rows: ReconnectRow[] = [];
  for (const setting of SETTINGS) {
    rows.push(await runSetting({ ...setting, clients: Math.ceil(setting.clients * scale) }));
  }
  return { rows };
}

async function runSetting(setting: Setting): Promise<ReconnectRow> {
  const { clients, kind, plainKind, rounds } = setting;
  const ours = newMeasured();
  const plain = newMeasured();
  for (let round = 1; round <= rounds; round += 1) {
    await measure('holdfast', { ...setting, kind }, { round, measured: ours });
    await measure('plain', { ...setting, kind: plainKind }, { round, measured: plain });
    say(`${clients} ${kind}, round ${round} of ${rounds}: p99 ${ms(ours.healthyMs)} ms`);
    say(`${clients} ${plainKind}: p99 ${ms(plain.healthyMs)} ms, ${plain.lost} lost`);
  }
  say(`the first drop of each server: p99 ${ms(ours.coldMs)} ms, plain ${ms(plain.coldMs)} ms`);
  say(`lateness before the drops: p99 ${ms(ours.calmLatenessMs)} ms`);
  return {
    clients,
    healthyP50Ms: tenths(percentile(ours.healthyMs, 0.5)),
    healthyP99Ms: tenths(percentile(ours.healthyMs, 0.99)),
    latenessP99Ms: tenths(percentile(ours.latenessMs, 0.99)),
    latenessMaxMs: tenths(percentile(ours.latenessMs, 1)),
    lost: ours.lost,
    ratioToPlainWs:
      Math.round((percentile(ours.healthyMs, 0.99) / percentile(plain.healthyMs, 0.99)) * 1_000) /
      1_000,
  };
}

function newMeasured(): Measured {
  return { healthyMs: [], latenessMs: [], calmLatenessMs: [], coldMs: [], lost: 0 };
}

/** One server with its crowd, dropped a few times. */
async function measure(
  kind: ServerKind,
  setting: Setting,
  { round, measured }: { round: number; measured: Measured },
): Promise<void> {
  const { clients, worldPlayers, tickRateHz, rounds, drops } = setting;
  const frameBytes = worldPlayers * PLAYER_BYTES;
  const serverOrder: ServerOrder = {
    kind,
    clients,
    worldPlayers,
    tickRateHz,
    frameBytes,
  };
  const children: ChildProcess[] = [];
  try {
    const [server, address] = await start('reconnect-server', serverOrder);
    children.push(server);
    const url = String(address);
    const stayers = kind === 'holdfast' ? await startStayers(url, worldPlayers) : undefined;
    if (stayers !== undefined) children.push(stayers);
    const crowdOrder: CrowdOrder = { kind: setting.kind, url, clients, worldPlayers };
    const [crowd, entered] = await start('reconnect-crowd', crowdOrder);
    children.push(crowd);
    if (entered !== clients) say(`only ${String(entered)} of ${clients} came in`);
    await sleep(CALM_MS);
    const cold = (await ask(crowd, 'drop')) as CrowdReport;
    measured.coldMs.push(...cold.healthyMs);
    measured.lost += cold.lost;
    for (let drop = 0; drop < drops; drop += 1) {
      // All come back with a tick: after the same sleep the next drop would find it as far on.
      const part = ((round - 1) * drops + drop) / (rounds * drops);
      await sleep(CALM_MS + (part * 1_000) / tickRateHz);
      const calmFrom = machineNow() - CALM_MS / 2;
      const report = (await ask(crowd, 'drop')) as CrowdReport;
      measured.healthyMs.push(...report.healthyMs);
      measured.lost += report.lost;
      if (stayers === undefined) continue;
      const { droppedAt } = report;
      const calm = await latenessIn(stayers, { from: calmFrom, to: droppedAt });
      measured.calmLatenessMs.push(...calm);
      const back = droppedAt + percentile(report.healthyMs, 1);
      measured.latenessMs.push(...(await latenessIn(stayers, { from: droppedAt, to: back })));
    }
  } finally {
    for (const child of children.toReversed()) await end(child);
  }
}

async function startStayers(url: string, worldPlayers: number): Promise<ChildProcess> {
  const order: StayersOrder = { url, players: STAYERS, worldPlayers };
  const [stayers, entered] = await start('reconnect-stayers', order);
  if (entered !== STAYERS) say(`only ${String(entered)} of ${STAYERS} who stay came in`);
  return stayers;
}

async function latenessIn(stayers: ChildProcess, window: Window): Promise<readonly number[]> {
  return ((await ask(stayers, window)) as StayersReport).latenessMs;
}

/** Starts a process and waits for its first word. */
async function start(script: string, order: object): Promise<[ChildProcess, unknown]> {
  const path = new URL(`${script}.ts`, import.meta.url);
  const child = fork(path, [JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return [child, await nextWord(child)];
}

function ask(child: ChildProcess, question: object | string): Promise<unknown> {
  const answer = nextWord(child);
  child.send(question);
  return answer;
}

function nextWord(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const handleExit = (): void => reject(new Error('a process of the bench has ended'));
    child.once('exit', handleExit);
    child.once('message', (message) => {
      child.off('exit', handleExit);
      resolve(message);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
}

function ms(values: readonly number[]): number {
  return tenths(percentile(values, 0.99));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
