/**
 * When a server process is to end: SIGINT, SIGTERM, SIGHUP, or its supervisor is gone. In: signals.
 * Out: one promise of which it was. What ending means is the caller's.
 */
import { nodeClock, nodeScheduler } from '../host/node-platform.ts';
import { findSupervisor } from './supervisor-link.ts';

/** A terminal signals the whole group and npx passes its own on: that is one wish, not two. */
const SAME_SIGNAL_MS = 1_000;
/** Without a supervisor nobody forces a process that doesn't come to its end. */
const LOST_END_MS = 5_000;
const IMPATIENT_EXIT_CODE = 130;

/**
 * Resolves when the process is asked to end; asked again later, it ends at once. SIGINT is somebody
 * who has finished; SIGTERM, which SIGHUP and a lost supervisor count as, leaves room for a
 * successor.
 */
export function waitForEnd(): Promise<'SIGINT' | 'SIGTERM'> {
  return new Promise((settle) => {
    let askedAt: number | undefined;
    const handleSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
      const now = nodeClock.now();
      askedAt ??= now;
      if (now - askedAt > SAME_SIGNAL_MS) process.exit(IMPATIENT_EXIT_CODE);
      settle(signal);
    };
    process.on('SIGINT', handleSignal);
    process.on('SIGTERM', handleSignal);
    process.on('SIGHUP', () => {
      // Deliberate: who has given it a meaning, such as a new certificate, doesn't mean the end.
      if (process.listenerCount('SIGHUP') === 1) handleSignal('SIGTERM');
    });
    findSupervisor()?.onLost(() => {
      nodeScheduler.setTimer(LOST_END_MS, () => process.exit(1));
      settle('SIGTERM');
    });
  });
}
