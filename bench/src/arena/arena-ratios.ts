/** Ours to theirs within one run, and the bars of the project. NaN: one of them was not there. */
import { atMost, within } from '../measure/goal.ts';
import type { Goal } from '../measure/goal.ts';
import type { ArenaMeasure, ArenaRow } from './arena-row.ts';

export type ArenaRows = ReadonlyMap<string, ArenaRow>;

interface RatioPlan {
  readonly measure: ArenaMeasure;
  readonly to: string;
  /** Of the other one, where it has another. */
  readonly toMeasure?: ArenaMeasure;
  readonly most?: number;
}

const PLANS = {
  cpuToColyseus: { measure: 'cpuMsPerClientSecond', to: 'colyseus', most: 0.7 },
  cpuToSocketIo: { measure: 'cpuMsPerClientSecond', to: 'socket.io', most: 0.58 },
  cpuToPlainWs: { measure: 'cpuMsPerClientSecond', to: 'plain-ws', most: 1 },
  cpuToLimitC: { measure: 'cpuMsPerClientSecond', to: 'c-epoll' },
  bytesToColyseus: { measure: 'bytesDownPerClientSecond', to: 'colyseus', most: 0.12 },
  bytesToSocketIo: { measure: 'bytesDownPerClientSecond', to: 'socket.io', most: 0.03 },
  latencyP50ToColyseus: { measure: 'latencyP50Ms', to: 'colyseus', most: 0.4 },
  latencyP99ToColyseus: { measure: 'latencyP99Ms', to: 'colyseus', most: 0.5 },
  rssToColyseus: { measure: 'rssBytesPerClient', to: 'colyseus', most: 0.35 },
  rssToPlainWs: { measure: 'rssBytesPerClient', to: 'plain-ws', most: 1.3 },
} as const satisfies Record<string, RatioPlan>;

/** Bars that are no keys of `ratios`. */
const FURTHER_PLANS: Readonly<Record<string, RatioPlan>> = {
  latencyP50ToLimitC: { measure: 'latencyP50Ms', to: 'c-epoll', most: 1.1 },
  latencyP99ToLimitC: { measure: 'latencyP99Ms', to: 'c-epoll', most: 1.1 },
  eagerLatencyP50ToColyseus: {
    measure: 'eagerLatencyP50Ms',
    to: 'colyseus',
    toMeasure: 'latencyP50Ms',
    most: 0.4,
  },
  eagerLatencyP99ToColyseus: {
    measure: 'eagerLatencyP99Ms',
    to: 'colyseus',
    toMeasure: 'latencyP99Ms',
    most: 0.5,
  },
  eagerLatencyP50ToLimitC: {
    measure: 'eagerLatencyP50Ms',
    to: 'c-epoll',
    toMeasure: 'latencyP50Ms',
    most: 1.1,
  },
  eagerLatencyP99ToLimitC: {
    measure: 'eagerLatencyP99Ms',
    to: 'c-epoll',
    toMeasure: 'latencyP99Ms',
    most: 1.1,
  },
};

/** 1.4 times 1 433, which 50 players can be packed into. */
const BYTES_PER_SECOND_MAX = 2_006;
const TICK_RATE = { from: 19.95, to: 20.05 } as const;

export type ArenaRatios = Readonly<Record<keyof typeof PLANS, number>>;

export function arenaRatios(rows: ArenaRows): ArenaRatios {
  const ratios = Object.entries(PLANS).map(([name, plan]) => [name, ratioOf(rows, plan)] as const);
  return Object.fromEntries(ratios) as Record<keyof typeof PLANS, number>;
}

function ratioOf(rows: ArenaRows, { measure, to, toMeasure = measure }: RatioPlan): number {
  const ours = rows.get('ours')?.[measure].median ?? Number.NaN;
  return ours / (rows.get(to)?.[toMeasure].median ?? Number.NaN);
}

export function arenaGoals(rows: ArenaRows): Goal[] {
  const ours = rows.get('ours');
  const plans: [string, RatioPlan][] = Object.entries({ ...PLANS, ...FURTHER_PLANS });
  return [
    ...plans.flatMap(([name, plan]) =>
      plan.most === undefined ? [] : [atMost(name, ratioOf(rows, plan), plan.most)],
    ),
    atMost(
      'bytesDownPerClientSecond',
      ours?.bytesDownPerClientSecond.median ?? Number.NaN,
      BYTES_PER_SECOND_MAX,
    ),
    within('tickRateHz', ours?.tickRateHz.median ?? Number.NaN, TICK_RATE),
  ];
}
