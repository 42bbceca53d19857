/** A player who sends one of the game's own messages now and then. */
import type { MessageDefinitions, MessageInputOf } from '../protocol/define-messages.ts';
import type { Behaviour } from './behaviour.ts';

export interface ChatterOptions<Definitions extends MessageDefinitions> {
  /** What is said; `count` messages were said before. */
  readonly say: (count: number, random: () => number) => MessageInputOf<Definitions>;
  /** Messages per input tick. Default 0.05: one a second at 20 Hz. */
  readonly rate?: number;
}

/** One for each peer: it counts. */
export function createChatter<Definitions extends MessageDefinitions>(
  options: ChatterOptions<Definitions>,
): Behaviour<Definitions> {
  const { say, rate = 0.05 } = options;
  let count = 0;
  return ({ client, random }) => {
    if (random() >= rate) return;
    if (client.send(say(count, random))) count += 1;
  };
}
