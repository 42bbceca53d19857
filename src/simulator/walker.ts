/** A player who walks about: a new direction about once a second, now and then a rest. */
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { Behaviour } from './behaviour.ts';

const TURN_RATE = 0.05;
const REST_RATE = 0.2;

/** One for each peer: it remembers where it is going. */
export function createWalker<
  Definitions extends MessageDefinitions = MessageDefinitions,
>(): Behaviour<Definitions> {
  let yaw: number | undefined;
  let speed = 0;
  return ({ client, random }) => {
    if (yaw === undefined || random() < TURN_RATE) {
      yaw = (random() * 2 - 1) * Math.PI;
      speed = random() < REST_RATE ? 0 : 1;
    }
    client.sendMove({ directionX: Math.cos(yaw) * speed, directionY: Math.sin(yaw) * speed, yaw });
  };
}
