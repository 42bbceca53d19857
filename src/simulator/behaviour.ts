/** What an honest player does: asked once per input tick, the moment to call `sendMove`. */
import type { Client } from '../client/client.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { SimulatedPeer } from './simulated-peer.ts';

/** What a behaviour is given at each input tick; valid during the call. */
export interface BehaviourContext<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly client: Client<Definitions>;
  /** The server tick that an input sent now is for. */
  readonly tick: number;
  /** The peer's own randomness, uniform in [0, 1): nobody else's draws move it. */
  readonly random: () => number;
  readonly peer: SimulatedPeer<Definitions>;
}

/** A function with a state of its own belongs to one peer: make one for each. */
export type Behaviour<Definitions extends MessageDefinitions = MessageDefinitions> = (
  context: BehaviourContext<Definitions>,
) => void;

/** Does what each of them does, in this order. */
export function combineBehaviours<Definitions extends MessageDefinitions>(
  ...behaviours: readonly Behaviour<Definitions>[]
): Behaviour<Definitions> {
  return (context) => {
    for (const behave of behaviours) behave(context);
  };
}
