/**
 * What waits on the computers of players at the end of a run, against what a client has need of.
 * In: a simulation whose lines are healed. Out: a gauge. A timer that is armed anew and never
 * cancelled does nothing wrong that anybody else would see, and there are more with every move.
 */
import type { RunGauges } from './run-gauges.ts';
import type { Simulation } from './simulation.ts';

/** The inputs' ticker and the deadline; besides, what arrives just now, or is deferred. */
const CLIENT_TIMERS_MAX = 5;

export function readClientTimers({ peers, time }: Simulation, gauges: RunGauges): void {
  for (const { name, node } of peers.values()) {
    const reading = { value: node.pendingEvents, bound: CLIENT_TIMERS_MAX, at: time.now() };
    gauges.read('client timers', { ...reading, of: name });
  }
}
