/** A player who leaves now and then, by the door or by a lost connection, and comes back. */
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { Behaviour } from './behaviour.ts';

export interface LeaverOptions {
  /** Departures per input tick. Default 0.005: one in ten seconds at 20 Hz. */
  readonly rate?: number;
  /** How long it stays away at most, in ms. Default 2 000. */
  readonly awayMsMax?: number;
  /** What part of the departures are lost connections. Default 0.5. */
  readonly lossRate?: number;
}

/** Combine it with what the player does otherwise. */
export function createLeaver<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: LeaverOptions = {},
): Behaviour<Definitions> {
  const { rate = 0.005, awayMsMax = 2_000, lossRate = 0.5 } = options;
  return ({ peer, random }) => {
    if (random() >= rate) return;
    const isLoss = random() < lossRate;
    const awayMs = random() * awayMsMax;
    if (isLoss) peer.dropConnection();
    else peer.leave({ returnAfterMs: awayMs });
  };
}
