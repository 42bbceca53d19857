/** What all connections of one simulated network share. */
import type { Clock } from '../base/clock.ts';
import type { FaultCounters } from './fault-counters.ts';
import type { NetworkTap } from './network-tap.ts';
import type { ViewLender } from './view-lender.ts';

export interface NetworkContext {
  /** The true time. */
  readonly clock: Clock;
  readonly faults: FaultCounters;
  readonly tap: NetworkTap | undefined;
  readonly lender: ViewLender;
  readonly closeTimeoutMs: number;
}
