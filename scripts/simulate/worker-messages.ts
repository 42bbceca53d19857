/** What the campaign and its worker processes say to each other. */
import type { SeedReport } from '../../src/simulator/seed-report.ts';

/** To a worker. Its build's directory is its first argument. */
export interface SeedOrder {
  readonly seed: number;
  /** Run the joint part twice and compare. */
  readonly isReplayed: boolean;
  /** One mismatch is enough: make no further run of the seed. */
  readonly stopsAtMismatch: boolean;
}

/** From a worker: ready for orders, unable to load its build, or done with a seed. */
export type WorkerWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unloadable'; readonly problem: string }
  | { readonly kind: 'done'; readonly report: SeedReport }
  /** Something outside the oracles threw: no mismatch, and no seed that counts either. */
  | { readonly kind: 'crashed'; readonly seed: number; readonly problem: string };
