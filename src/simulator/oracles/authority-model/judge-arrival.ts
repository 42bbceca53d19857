/**
 * What an input is answered as it arrives, or where it waits. In: the player, the input, the tick
 * that ran last. Out: the verdict; undefined = it waits for its tick. Nothing that is refused
 * leaves a mark: one absurd tick makes nobody deaf.
 */
import type { MeasuredShot } from '../../../authority/authority.ts';
import type { MoveInput } from '../../../protocol/messages.ts';
import type { GameRules } from './game-rules.ts';
import type { ModelPlayer } from './model-player.ts';

export interface Arrival {
  readonly rules: GameRules;
  /** The one that ran last. */
  readonly tick: number;
  /** How far the next has come. */
  readonly tickFraction: number;
}

export function judgeArrival(
  player: ModelPlayer,
  input: MoveInput | MeasuredShot,
  { rules, tick: lastTick, tickFraction }: Arrival,
): string | undefined {
  const { tick } = input;
  const numbers = [input.directionX, input.directionY];
  numbers.push(input.kind === 'move-input' ? input.yaw : input.viewTick);
  if (!numbers.every((number) => Number.isFinite(number))) return 'rejected not-finite';
  if (!(Number.isInteger(tick) && tick >= 0)) return 'rejected invalid-tick';
  const ahead = tick - lastTick;
  if (ahead > rules.aheadTicksMax) return 'rejected too-far-ahead';
  if (input.kind === 'shoot-input') {
    if (player.shots.length >= rules.waitingShotsMax) return 'rejected input-queue-full';
    // At its tick when that is one of the next two; at the second of them when it is later.
    player.shots.push({ input, dueTick: lastTick + (ahead <= 1 ? 1 : 2) });
    return undefined;
  }
  if (ahead <= 0) return 'stale';
  if (player.moves.has(tick)) return 'duplicate';
  player.moves.set(tick, input);
  if (tick > player.newestMoveTick) {
    player.newestMoveTick = tick;
    player.marginTicks = Math.max(0, ahead - tickFraction);
  }
  return undefined;
}
