/**
 * What one process of the campaign does: one target, one seed, for a while. In: the order. Out:
 * what it counted, measured and found. Speed is executions per second of processor time, so that a
 * busy machine doesn't look like a slow decoder; heap is measured after forced collections.
 */
import { readCorpus, extendCorpus } from './corpus.ts';
import { FuzzEngine, type Finding } from './fuzz-engine.ts';
import { loadProduction } from './production.ts';
import { createTargets } from './targets/all-targets.ts';

/** Caches, code and pools are filled meanwhile; the heap counts from then on. */
const WARM_UP_SHARE = 0.3;
const PROGRESS_MS = 1_000;

export interface WorkOrder {
  readonly target: string;
  readonly seed: number;
  readonly durationMs: number;
  /** Directory of the built modules, a URL that ends with `/`. */
  readonly build: string;
  /** Whether what reached something new goes into the corpus. */
  readonly keep: boolean;
}

export interface WorkReport {
  readonly kind: 'report';
  readonly executions: number;
  /** Of the measured part, on this one core. */
  readonly executionsPerSecond: number;
  readonly crashes: number;
  readonly heapBytesBefore: number;
  readonly heapBytesAfter: number;
  /** Combinations reached. */
  readonly combinations: number;
  readonly findings: readonly Finding[];
  readonly isDecoder: boolean;
}

export interface WorkProgress {
  readonly kind: 'progress';
  readonly executions: number;
}

export async function runWork(
  order: WorkOrder,
  onProgress: (progress: WorkProgress) => void,
): Promise<WorkReport> {
  const production = await loadProduction(new URL(order.build), 'js');
  const target = createTargets(production).find(({ name }) => name === order.target);
  if (target === undefined) throw new Error(`no target ${order.target}`);
  const corpus = readCorpus(target.name).map(({ input }) => input);
  const engine = new FuzzEngine({ target, seed: order.seed, corpus });
  let told = performance.now();
  const lasts = (durationMs: number): ((executions: number) => boolean) => {
    const end = performance.now() + durationMs;
    return (executions) => {
      const now = performance.now();
      if (now - told >= PROGRESS_MS) {
        told = now;
        onProgress({ kind: 'progress', executions });
      }
      return now < end;
    };
  };
  await engine.run(lasts(order.durationMs * WARM_UP_SHARE));
  const heapBytesBefore = await collectedHeap();
  const executionsBefore = engine.executions;
  const cpuBefore = process.cpuUsage();
  await engine.run(lasts(order.durationMs * (1 - WARM_UP_SHARE)));
  const { user, system } = process.cpuUsage(cpuBefore);
  const executionsMeasured = engine.executions - executionsBefore;
  const heapBytesAfter = await collectedHeap();
  if (order.keep) await extendCorpus(target, engine.newInputs);
  return {
    kind: 'report',
    executions: engine.executions,
    executionsPerSecond: Math.round(executionsMeasured / ((user + system) / 1e6)),
    crashes: engine.crashes,
    heapBytesBefore,
    heapBytesAfter,
    combinations: engine.coverage.size,
    findings: engine.findings,
    isDecoder: target.isDecoder,
  };
}

async function collectedHeap(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
