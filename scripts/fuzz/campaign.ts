/**
 * The campaign: each target for its share of the time, one process per core, results merged. In:
 * targets, minutes, a seed. Out: the numbers of the JSON line, and findings. A process that dies or
 * stands still is a finding too.
 */
import { availableParallelism } from 'node:os';
import type { Finding } from './fuzz-engine.ts';
import { WorkerProcess } from './worker-process.ts';
import type { WorkReport } from './worker-run.ts';

export interface TargetResult {
  readonly name: string;
  /** On one core. */
  readonly executionsPerSecond: number;
  readonly crashes: number;
  /** Heap after by heap before, the largest of all processes. */
  readonly heapGrowthRatio: number;
  readonly executions: number;
  readonly combinations: number;
  readonly isDecoder: boolean;
}

export interface CampaignResult {
  /** Of the slowest decoder, on one core. */
  readonly executionsPerSecond: number;
  readonly crashes: number;
  readonly heapGrowthRatio: number;
  readonly targets: readonly TargetResult[];
  readonly findings: readonly Finding[];
}

export interface CampaignOptions {
  readonly targets: readonly string[];
  readonly minutes: number;
  readonly seed: number;
  readonly build: string;
  readonly keep: boolean;
  /** The module that runs a work order, see scripts/fuzz.ts. */
  readonly workerPath: string;
  readonly onProgress: (line: string) => void;
}

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { targets, minutes, seed, workerPath } = options;
  const cores = availableParallelism();
  const workers = Array.from({ length: cores }, () => new WorkerProcess(workerPath));
  const end = performance.now() + minutes * 60_000;
  const results: TargetResult[] = [];
  const findings: Finding[] = [];
  for (const [index, target] of targets.entries()) {
    const durationMs = Math.max(200, (end - performance.now()) / (targets.length - index));
    const reports = await Promise.all(
      workers.map((worker, core) =>
        worker.run({
          target,
          seed: seed + core,
          durationMs,
          build: options.build,
          // One writer for the corpus.
          keep: options.keep && core === 0,
        }),
      ),
    );
    const result = mergeReports(target, reports);
    results.push(result);
    findings.push(...reports.flatMap((report) => report.findings));
    options.onProgress(progressLine(result));
  }
  for (const worker of workers) worker.close();
  const decoders = results.filter(({ isDecoder }) => isDecoder);
  const slowest = decoders.length > 0 ? decoders : results;
  return {
    executionsPerSecond: Math.min(...slowest.map((result) => result.executionsPerSecond)),
    crashes: sum(results.map(({ crashes }) => crashes)),
    heapGrowthRatio: Math.max(...results.map((result) => result.heapGrowthRatio)),
    targets: results,
    findings,
  };
}

/** The agreed keys of the JSON line, and no others. */
export function summaryOf(result: CampaignResult): Readonly<Record<string, unknown>> {
  const targets = result.targets.map((target) => ({ name: target.name, ...numbersOf(target) }));
  return { ...numbersOf(result), targets };
}

type Numbers = Pick<CampaignResult, 'executionsPerSecond' | 'crashes' | 'heapGrowthRatio'>;

function numbersOf({ executionsPerSecond, crashes, heapGrowthRatio }: Numbers): Numbers {
  return { executionsPerSecond, crashes, heapGrowthRatio };
}

function progressLine(result: TargetResult): string {
  const { name, executions, executionsPerSecond, crashes, combinations } = result;
  const speed = `${executions} executions, ${executionsPerSecond}/s on one core`;
  const heap = `heap × ${result.heapGrowthRatio}`;
  return `${name}: ${speed}, ${combinations} combinations, ${crashes} crashes, ${heap}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function mergeReports(name: string, reports: readonly WorkReport[]): TargetResult {
  const rates = reports.map((report) => report.executionsPerSecond);
  const growth = reports.map(({ heapBytesBefore, heapBytesAfter }) =>
    heapBytesBefore === 0 ? 0 : heapBytesAfter / heapBytesBefore,
  );
  return {
    name,
    executionsPerSecond: Math.round(sum(rates) / rates.length),
    crashes: sum(reports.map(({ crashes }) => crashes)),
    heapGrowthRatio: Math.round(Math.max(...growth) * 1_000) / 1_000,
    executions: sum(reports.map(({ executions }) => executions)),
    combinations: Math.max(...reports.map(({ combinations }) => combinations)),
    isDecoder: reports.some(({ isDecoder }) => isDecoder),
  };
}
