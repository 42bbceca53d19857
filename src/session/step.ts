/**
 * The session state machine: one session, one event, one instant → the session after it, and what
 * is to be done. Total: every event in every state is a move, a stay or a counted refusal.
 * Pure: no clock, timer, random, await or memory in here. What is legal stands in transitions.ts;
 * step.exhaustive.test.ts holds the two equal both ways.
 */
import type { Lifecycle, LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import { stepClient } from './step-client.ts';
import { stepServer } from './step-server.ts';

/** `now` is monotonic ms. `session` is not changed. */
export function step(session: Lifecycle, event: LifecycleEvent, now: number): LifecycleStep {
  switch (session.side) {
    case 'server':
      return stepServer(session, event, now);
    case 'client':
      return stepClient(session, event, now);
  }
}
