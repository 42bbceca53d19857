/** What `onSuspicion` is told; in a file of its own, for it is a type of the public interface. */
import type { SuspicionKind } from './suspicion-limits.ts';

/** One crossing of a threshold by one session. */
export interface Suspicion {
  readonly kind: SuspicionKind;
  readonly change: 'raised' | 'cleared';
  /** Offences per second at this moment, averaged over `suspicion.windowMs`. */
  readonly perSecond: number;
}
