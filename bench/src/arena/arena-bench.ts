/**
 * The arena: N players in worlds of 50, 20 Hz in and out, on Holdfast, on its peers and on what
 * bounds them all, in one run. In: options. Out: a row for each, ratios, the bars.
 */
import { mkdirSync } from 'node:fs';

import type { BenchOptions } from '../bench-options.ts';
import type { Goal } from '../measure/goal.ts';
import { machineInfo } from '../measure/machine-info.ts';
import type { MachineInfo } from '../measure/machine-info.ts';
import { profileDirectoryFor, printProfiles } from '../measure/profile-summary.ts';
import { roundNumbers } from '../measure/round-numbers.ts';
import { findPinning } from '../processes/pinning.ts';
import { arenaGoals, arenaRatios } from './arena-ratios.ts';
import type { ArenaRatios, ArenaRows } from './arena-ratios.ts';
import { arenaRow } from './arena-row.ts';
import type { ArenaRow } from './arena-row.ts';
import { chooseContestants } from './choose-contestants.ts';
import type { Group } from './contestant.ts';
import type { ArenaSettings, ArenaWindow } from './measure-window.ts';
import { runWindows } from './run-windows.ts';
import type { DisturbedWindow } from './run-windows.ts';

const WORLD_PLAYERS = 50;
const SAMPLES = 32;
const WARM_UP_SECONDS = 5;
const GENERATOR_CORES_MAX = 0.9;

export interface ArenaResult {
  readonly bench: 'arena';
  readonly ours: ArenaRow | null;
  readonly peers: Readonly<Record<string, ArenaRow>>;
  readonly limits: Readonly<Record<string, ArenaRow>>;
  readonly ratios: ArenaRatios;
  readonly tickRateHz: number | null;
  readonly goals: readonly Goal[];
  readonly disturbedWindows: readonly DisturbedWindow[];
  readonly machine: MachineInfo;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function benchArena(options: BenchOptions): Promise<ArenaResult> {
  const contestants = chooseContestants(options);
  const settings = settingsFor(options);
  if (settings.profileDirectory !== undefined) {
    mkdirSync(settings.profileDirectory, { recursive: true });
  }
  process.stderr.write(`${settings.pinning.description}\n`);
  const { windows, disturbed } = await runWindows(contestants, settings);
  if (settings.profileDirectory !== undefined) printProfiles(settings.profileDirectory);
  const rows: ArenaRows = new Map(
    contestants.map(({ name, title }) => [name, arenaRow(title, windows.get(name) ?? [])]),
  );
  const groupOf = (group: Group): Record<string, ArenaRow> =>
    Object.fromEntries(
      contestants
        .filter((contestant) => contestant.group === group)
        .map(({ name }) => [name, rows.get(name)!]),
    );
  return roundNumbers({
    bench: 'arena',
    ours: rows.get('ours') ?? null,
    peers: groupOf('peers'),
    limits: groupOf('limits'),
    ratios: arenaRatios(rows),
    tickRateHz: rows.get('ours')?.tickRateHz.median ?? null,
    goals: arenaGoals(rows),
    disturbedWindows: disturbed,
    machine: machineInfo(),
    versions: versionsOf(windows),
    settings: describeSettings(settings, windows),
  });
}

function settingsFor(options: BenchOptions): ArenaSettings {
  return {
    clients: options.clients,
    samples: Math.min(SAMPLES, Math.ceil(options.clients / 2)),
    worldPlayers: WORLD_PLAYERS,
    seconds: options.seconds,
    warmUpSeconds: Math.min(WARM_UP_SECONDS, options.seconds),
    rounds: options.rounds,
    repeatsMax: options.repeats,
    bound: {
      disturbanceCoresMax: options.disturbance,
      generatorCoresMax: GENERATOR_CORES_MAX,
    },
    pinning: findPinning(),
    journal: options.journal,
    profileDirectory: options.profile ? profileDirectoryFor('arena') : undefined,
  };
}

function versionsOf(windows: ReadonlyMap<string, readonly ArenaWindow[]>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [first] of windows.values()) Object.assign(found, first?.versions);
  return found;
}

function describeSettings(
  settings: ArenaSettings,
  windows: ReadonlyMap<string, readonly ArenaWindow[]>,
): Readonly<Record<string, unknown>> {
  const servers = [...windows].map(([name, [first]]) => [name, first?.serverSettings ?? {}]);
  const { pinning, profileDirectory, journal = 'none', ...rest } = settings;
  return {
    ...rest,
    pinning: pinning.description,
    isProfiled: profileDirectory !== undefined,
    journal,
    tickRateHz: 20,
    servers: Object.fromEntries(servers) as unknown,
  };
}
