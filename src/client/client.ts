/** One player's place on a server, as `connect` returns it: what a game sees and does. */
import type { MessageDefinitions, MessageInputOf } from '../protocol/define-messages.ts';
import type {
  SnapshotFieldDefinitions,
  SnapshotFieldsOf,
} from '../protocol/define-snapshot-fields.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { SessionCause } from '../session/session-cause.ts';
import type { SessionState } from '../session/session-state.ts';
import type { ClientEvents } from './client-events.ts';
import type { ClientStats } from './client-stats.ts';
import type { PlayerView } from './player-view.ts';

/** What the player wants to do in one tick. A zero vector stops; longer than 1 is clamped. */
export interface Move {
  readonly directionX: number;
  readonly directionY: number;
  /** Radians. */
  readonly yaw: number;
}

export interface Shot {
  readonly directionX: number;
  readonly directionY: number;
  /** Whom the player aims at, when the game knows. */
  readonly targetPlayerId?: PlayerId;
}

export interface Client<
  Definitions extends MessageDefinitions = MessageDefinitions,
  Fields extends SnapshotFieldDefinitions = SnapshotFieldDefinitions,
> {
  /** One of the seven states; `disconnected` is final. */
  readonly state: SessionState;
  /** Why the session last moved. */
  readonly lastCause: SessionCause;
  /** What the server said at the last login; a new login after a loss may say something else. */
  readonly sessionId: SessionId;
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  /** Number of this player's connection. */
  readonly epoch: number;
  readonly tickRateHz: number;
  /** The server's tick at this instant, fractional; undefined before anything was heard. */
  readonly serverTick: number | undefined;
  /**
   * Everybody who can be seen at this instant; a new map. Interpolated, but for oneself where the
   * option `prediction` is given.
   */
  readonly players: ReadonlyMap<PlayerId, PlayerView<SnapshotFieldsOf<Fields>>>;
  /** Oneself at this instant, as `players` has it; undefined while not visible. */
  readonly self: PlayerView<SnapshotFieldsOf<Fields>> | undefined;
  /**
   * Oneself as the newest snapshot has it, not shown anywhere: the server's last word, for whoever
   * wants to draw it beside `self`. Undefined before the first, and while not visible.
   */
  readonly selfConfirmed: PlayerView<SnapshotFieldsOf<Fields>> | undefined;
  /** Oneself as without prediction: the server's word, a little in the past. */
  readonly selfInterpolated: PlayerView<SnapshotFieldsOf<Fields>> | undefined;
  /** The counters of this instant; a new object. */
  readonly stats: ClientStats;

  /**
   * Says what the player does in the next tick that can still be reached, once per tick. Answers
   * the tick; undefined when not logged in, when this tick's move was sent, or when the network
   * takes no more. Throws HoldfastError `invalid-argument` for what is not finite.
   */
  sendMove(move: Move): number | undefined;
  /** As `sendMove`, for a shot at what the player sees now; at most one per tick. */
  shoot(shot: Shot): number | undefined;
  /**
   * Sends one of the game's own messages; false when not logged in or when the network takes no
   * more. Throws HoldfastError `invalid-argument` or `message-too-large`.
   */
  send(message: MessageInputOf<Definitions>): boolean;
  /** Calls `listener` for each such event until the returned function is called. */
  on<Name extends keyof ClientEvents<Definitions>>(
    name: Name,
    listener: (event: ClientEvents<Definitions>[Name]) => void,
  ): () => void;
  /** Ends the session; resolves when the connection has ended, after 1 s at most. Idempotent. */
  leave(): Promise<void>;
}
