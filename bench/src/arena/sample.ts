/**
 * A player that is watched: says its direction 20 times a second at a phase of its own, and turns
 * left every half a second, now and then a little later, so that turns meet every part of a tick.
 */
import { machineNow } from '../../../scripts/chaos/machine-clock.ts';
import { headingAt } from './headings.ts';
import type { SeeingPlayer } from './seeing-player.ts';
import { TurnWatch } from './turn-watch.ts';

const STEP_MS = 50;
const TURN_INPUTS = 10;

export class Sample {
  readonly watch = new TurnWatch();
  readonly player: SeeingPlayer;
  readonly isEager: boolean;
  #dueAt = 0;
  #inputs = 0;
  #turns = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(player: SeeingPlayer, isEager: boolean) {
    this.player = player;
    this.isEager = isEager;
    player.onPlace = (x, y) => this.watch.notePlace(x, y, machineNow());
  }

  start(): void {
    this.#dueAt = machineNow() + Math.random() * STEP_MS;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.player.stop();
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#act(), Math.max(0, this.#dueAt - machineNow()));
  }

  #act(): void {
    this.#inputs += 1;
    const isTurn = this.#inputs % TURN_INPUTS === 0;
    if (isTurn) this.#turns += 1;
    const heading = headingAt(this.#turns);
    if (isTurn) this.watch.noteTurn(heading, machineNow());
    this.player.send(heading.directionX, heading.directionY, heading.yaw);
    // After a turn the phase changes: a server's tick would else be met at the same point for ever.
    this.#dueAt += STEP_MS + (isTurn ? Math.random() * STEP_MS : 0);
    this.#arm();
  }
}
