/**
 * 1 000 logins at once: how long until each is in, and what a login costs the server. Twice on each
 * server: with code that has never run before, and when it has. In: options. Out: rows.
 */
import { sleep } from '../../../scripts/chaos/machine-clock.ts';
import { chooseContestants } from '../arena/choose-contestants.ts';
import type { Contestant } from '../arena/contestant.ts';
import type { BenchOptions } from '../bench-options.ts';
import { machineInfo } from '../measure/machine-info.ts';
import type { MachineInfo } from '../measure/machine-info.ts';
import { MachineUseMeter } from '../measure/machine-use.ts';
import { quantile } from '../measure/quantile.ts';
import { roundNumbers } from '../measure/round-numbers.ts';
import { spreadOf } from '../measure/spread.ts';
import type { Spread } from '../measure/spread.ts';
import { LoadProcess } from '../processes/load-process.ts';
import { findPinning } from '../processes/pinning.ts';
import { ServerProcess } from '../processes/server-process.ts';
import type { JoinOrder, JoinReport } from './join-orders.ts';

const WORLD_PLAYERS = 50;
/** Between two bursts. */
const CALM_MS = 2_000;

interface Burst {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuMsPerLogin: number;
  readonly foreignCores: number;
}

type BurstSpreads = Readonly<Record<keyof Burst, Spread>>;

export interface JoinRow {
  readonly title: string;
  /** The first burst of a fresh process. */
  readonly cold: BurstSpreads;
  readonly warm: BurstSpreads;
  readonly lost: number;
}

export interface JoinResult {
  readonly bench: 'join';
  readonly rows: Readonly<Record<string, JoinRow>>;
  readonly machine: MachineInfo;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function benchJoin(options: BenchOptions): Promise<JoinResult> {
  const { clients, rounds } = options;
  const rows: Record<string, JoinRow> = {};
  for (const contestant of chooseContestants(options)) {
    rows[contestant.name] = await measureJoins(contestant, options);
  }
  return roundNumbers({
    bench: 'join',
    rows,
    machine: machineInfo(),
    settings: { clients, rounds, worldPlayers: WORLD_PLAYERS, pinning: findPinning().description },
  });
}

async function measureJoins(
  contestant: Contestant,
  { clients, rounds }: BenchOptions,
): Promise<JoinRow> {
  const bursts: { readonly cold: Burst[]; readonly warm: Burst[] } = { cold: [], warm: [] };
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const pinning = findPinning();
    const server = await ServerProcess.start({
      path: contestant.path,
      options: { ...contestant.options, ...(contestant.group === 'ours' ? { clients } : {}) },
      pinning,
    });
    const order: JoinOrder = {
      adapter: contestant.adapter,
      port: server.port,
      clients,
      worldPlayers: WORLD_PLAYERS,
      enteringMax: clients,
    };
    const load = new LoadProcess({ script: 'join/load-main.ts', order, pinning });
    try {
      await load.hear<string>();
      for (const kind of ['cold', 'warm'] as const) {
        const { burst, report } = await measureBurst(server, load);
        bursts[kind].push(burst);
        lost += report.lost;
        say(contestant.title, { kind, burst, report });
        const answer = load.hear<JoinReport>();
        load.tell('leave');
        await answer;
        await sleep(CALM_MS);
      }
    } finally {
      await load.stop();
      await server.stop();
    }
  }
  const { cold, warm } = bursts;
  return { title: contestant.title, cold: spreadsOf(cold), warm: spreadsOf(warm), lost };
}

async function measureBurst(
  server: ServerProcess,
  load: LoadProcess,
): Promise<{ burst: Burst; report: JoinReport }> {
  const meter = new MachineUseMeter([server.pid, load.pid]);
  const answer = load.hear<JoinReport>();
  load.tell('enter');
  const report = await answer;
  const use = meter.close();
  const { enteredMs } = report;
  const cpuSeconds = use.processSeconds.get(server.pid) ?? 0;
  const burst = {
    p50Ms: quantile(enteredMs, 0.5),
    p99Ms: quantile(enteredMs, 0.99),
    maxMs: quantile(enteredMs, 1),
    cpuMsPerLogin: (cpuSeconds * 1_000) / enteredMs.length,
    foreignCores: use.foreignCores,
  };
  return { burst, report };
}

function spreadsOf(bursts: readonly Burst[]): BurstSpreads {
  const keys = Object.keys(bursts[0]!) as (keyof Burst)[];
  return Object.fromEntries(
    keys.map((key) => [key, spreadOf(bursts.map((burst) => burst[key]))]),
  ) as Record<keyof Burst, Spread>;
}

function say(
  title: string,
  { kind, burst, report }: { kind: string; burst: Burst; report: JoinReport },
): void {
  const { p50Ms, p99Ms } = burst;
  const words = `p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, ${report.lost} lost`;
  process.stderr.write(`${title}, ${kind}: ${words} ${report.problems.join('; ')}\n`);
}
