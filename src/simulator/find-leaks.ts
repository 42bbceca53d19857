/** What is left of a simulation that has stopped, in words; empty = nothing. */
import type { SimulatedNetwork } from './simulated-network.ts';
import type { VirtualNode } from './virtual-node.ts';

export interface LeakSearch {
  readonly nodes: readonly VirtualNode[];
  readonly network: SimulatedNetwork;
  readonly sessionsHeld: number;
}

export function findLeaks({ nodes, network, sessionsHeld }: LeakSearch): string[] {
  const leaks: string[] = [];
  const note = (count: number, what: string): void => {
    if (count > 0) leaks.push(`${count} ${what}`);
  };
  for (const node of nodes) {
    note(node.pendingEvents, `timers or deferred calls of ${node.name}`);
    note(node.awaiting, `promises that ${node.name} waits for`);
  }
  note(network.openLinks, 'connections');
  note(sessionsHeld, 'sessions');
  return leaks;
}
