/**
 * From what happened in a world to frames, each encoded once however many receive it. In: a world
 * after its step, its events, its roster. Out: bytes that never change, and who they are for.
 * Snapshots have a way of their own: snapshot-feed.ts.
 * Must not know: connections, queues. It keeps nothing between two calls.
 */
import type { AuthorityEvent, EventScope } from '../authority/authority.ts';
import type { InputProgress } from '../authority/input-buffer.ts';
import type { World } from '../authority/world.ts';
import type { RosterChanges } from '../authority/world-step.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { PlayerId } from '../protocol/ids.ts';
import { encodeInputAck } from '../protocol/input-ack-codec.ts';
import { MESSAGE_LANES, type Lane } from '../protocol/lanes.ts';
import type { Roster } from '../protocol/messages.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import { splitRoster } from '../protocol/split-roster.ts';
import { createUserMessage } from '../protocol/user-message.ts';

export interface BroadcasterOptions {
  /** The game's messages: which user events there are, and their lanes. */
  readonly messages: MessageDefinitions;
}

/** An event on its way out. */
export interface RoutedFrame {
  readonly bytes: Uint8Array;
  readonly lane: Lane;
  /** The only receiver; undefined = everybody in the world. */
  readonly playerId: PlayerId | undefined;
  /** What it is: `combat-event` or the name of a user message. On `sync`, newer replaces older. */
  readonly name: string;
}

export class Broadcaster {
  readonly #messages: MessageDefinitions;

  constructor(options: BroadcasterOptions) {
    this.#messages = options.messages;
  }

  /** What became of one player's own moves. */
  encodeInputAck({ lastInputTick, marginTicks }: InputProgress): Uint8Array {
    return encodeInputAck({ kind: 'input-ack', lastInputTick, marginTicks });
  }

  /** Everybody in the world, for a newcomer; frames to be sent in this order. */
  encodeRoster(world: World): readonly Uint8Array[] {
    return encodeFrames({
      kind: 'roster',
      isComplete: true,
      entered: [...world.roster()],
      left: [],
    });
  }

  /** Who came and went in a step, for those who have a roster; no frames when nobody did. */
  encodeRosterChanges({ entered, left }: RosterChanges): readonly Uint8Array[] {
    if (entered.length === 0 && left.length === 0) return [];
    return encodeFrames({ kind: 'roster', isComplete: false, entered, left });
  }

  /**
   * The frames of a step's events in their order, each encoded once. Throws HoldfastError for a
   * user event that is not defined or can't be sent: the fault of the authority that made it.
   */
  route(world: World, events: readonly AuthorityEvent[]): readonly RoutedFrame[] {
    const frames: RoutedFrame[] = [];
    for (const { scope, message } of events) {
      const playerId = receiverOf(scope);
      // Who left in the meantime has no use for it.
      if (playerId !== undefined && world.entityOf(playerId) === undefined) continue;
      frames.push({ ...this.#encodeEvent(message), playerId });
    }
    return frames;
  }

  #encodeEvent(message: AuthorityEvent['message']): Omit<RoutedFrame, 'playerId'> {
    if (message.kind === 'combat-event') {
      const lane = MESSAGE_LANES['combat-event'];
      return { bytes: encodeServerMessage(message), lane, name: message.kind };
    }
    const { name, payload } = message;
    const bytes = encodeServerMessage(createUserMessage(this.#messages, { name, payload }));
    return { bytes, lane: this.#messages.get(name)?.lane ?? 'reliable', name };
  }
}

/** Undefined = everybody. Places are seen by the whole world until there is an interest map. */
function receiverOf(scope: EventScope): PlayerId | undefined {
  return scope.to === 'peer' ? scope.playerId : undefined;
}

function encodeFrames(roster: Roster): readonly Uint8Array[] {
  return splitRoster(roster).map((part) => encodeServerMessage(part));
}
