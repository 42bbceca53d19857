/**
 * What the clients of a chaos run write down, one JSON object a line, in the order in which they
 * saw it: everything that the checker knows. Frames that all clients get alike are written once, by
 * the first who saw them. `process` is the number of the server process, which the server tells
 * each connection; instants are of the machine's monotonic clock, in ms.
 */
import type { CombatEvent } from 'holdfast/protocol';

/** One player in a snapshot; numbers as on the wire, so that equal means equal. */
export type PlayerNumbers = readonly [
  entity: number,
  x: number,
  y: number,
  hitPoints: number,
  isAlive: number,
  kills: number,
  deaths: number,
  tokens: number,
];

/** What the controller did, told to the clients at once. */
export type MarkRow =
  | { readonly kind: 'kill'; readonly at: number; readonly process: number }
  | { readonly kind: 'listening'; readonly at: number; readonly process: number };

/** What a server said to everybody. */
export type WorldRow =
  | {
      readonly kind: 'snapshot';
      readonly process: number;
      readonly tick: number;
      readonly players: readonly PlayerNumbers[];
    }
  | {
      readonly kind: 'event';
      readonly process: number;
      /** Unique in the log. */
      readonly id: number;
      readonly event: CombatEvent;
    }
  | {
      readonly kind: 'seat';
      readonly process: number;
      readonly entity: number;
      readonly playerId: string;
    };

/** What one client lived through. */
export type ClientRow = { readonly client: string } & (
  | {
      readonly kind: 'accepted';
      readonly at: number;
      readonly sessionId: string;
      readonly playerId: string;
      readonly epoch: number;
      readonly entity: number;
      readonly isResumed: boolean;
    }
  /** The first snapshot of a connection; nothing was asked of the server before it. */
  | {
      readonly kind: 'joined';
      readonly process: number;
      readonly acceptedAt: number;
      readonly tick: number;
      readonly me: PlayerNumbers | undefined;
      /** What the client was told since the connection before. */
      readonly resynced: ResyncedNote | undefined;
      /** Newest tick that the client had heard of on its earlier connections; 0 = none. */
      readonly newestTick: number;
      /** Whether it counts the reliable lane from 0 again. */
      readonly isFresh: boolean;
    }
  /** Outcomes that everybody gets: ids of `event` rows. */
  | { readonly kind: 'heard'; readonly ids: readonly number[] }
  /** A token that the client could send, numbered from 1 without a hole. */
  | { readonly kind: 'token'; readonly number: number }
  /** Tokens that the server refused, and said so. */
  | { readonly kind: 'refused'; readonly tokens: number }
  | {
      readonly kind: 'answer';
      readonly process: number;
      readonly tick: number;
      readonly number: number;
      readonly count: number;
      /** The newest tokens that were applied, oldest first; the last is `number`. */
      readonly recent: readonly number[];
    }
  | { readonly kind: 'shot'; readonly tick: number }
  | { readonly kind: 'closed'; readonly at: number; readonly reason: string }
  | { readonly kind: 'left' }
  /** Where it stands when the run is over. */
  | { readonly kind: 'end'; readonly state: string; readonly sessionId: string }
);

export interface ResyncedNote {
  readonly fromTick: number;
  readonly ticksLost: number;
  /** Null: nobody knows. */
  readonly eventsMissed: number | null;
  /** The newest tick that the client had heard of when it asked. */
  readonly newestTick: number;
}

export type LogRow = MarkRow | WorldRow | ClientRow;
