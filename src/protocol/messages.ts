/**
 * What the bytes mean, as plain values. proto/ is the schema on the wire, the codecs translate.
 * Ticks and counters are safe integers ≥ 0; lengths are metres; angles are radians.
 */
import type { PlayerId, SessionId, WorldId } from './ids.ts';

/** First message of a client. `credentials` is JSON text that `authenticate` gets parsed. */
export interface Login {
  readonly kind: 'login';
  readonly protocolVersion: number;
  readonly credentials: string;
}

/** First message of a client that goes on with its session. */
export interface Resume {
  readonly kind: 'resume';
  readonly protocolVersion: number;
  readonly sessionId: SessionId;
  /** `LoginAccepted.resumeToken` of the newest connection; good for one resume. */
  readonly token: string;
  /** The newest server tick that the client has seen; 0 = none. */
  readonly lastTick: number;
  /** Counted messages taken in this session; undefined = a fresh memory, such as a reload's. */
  readonly reliableReceived: number | undefined;
}

export interface Leave {
  readonly kind: 'leave';
}

/** The client's echo of a heartbeat's nonce and tick. */
export interface HeartbeatAnswer {
  readonly kind: 'heartbeat-answer';
  readonly nonce: string;
  readonly serverTick: number;
  /** The server's counted messages that the client has taken in this session: acknowledges them. */
  readonly reliableReceived: number;
}

/** High-frequency intent for one server tick. A zero vector stops; longer than 1 is clamped. */
export interface MoveInput {
  readonly kind: 'move-input';
  readonly tick: number;
  readonly directionX: number;
  readonly directionY: number;
  readonly yaw: number;
  /**
   * Over a lane that loses: copies of the inputs that were sent before this one, the oldest first.
   * Absent = none.
   */
  readonly earlier?: readonly EarlierMove[];
}

/** A copy of an input. It counts when the input itself has not come; otherwise it is no input. */
export type EarlierMove = Pick<MoveInput, 'tick' | 'directionX' | 'directionY' | 'yaw'>;

/** Which snapshots have come, so that others may be told as differences from them. */
export interface SnapshotAck {
  readonly kind: 'snapshot-ack';
  /** The newest one; 0, and `earlier` 0: none that is of use, the next one shall be whole. */
  readonly tick: number;
  /** 32 bits: bit `i` says that the one of `tick − 1 − i` has come as well. */
  readonly earlier: number;
}

/** Intent to shoot. The shooter is the session's player; nothing in here says who shoots. */
export interface ShootInput {
  readonly kind: 'shoot-input';
  readonly tick: number;
  readonly targetPlayerId: PlayerId | undefined;
  readonly directionX: number;
  readonly directionY: number;
  /** The tick that the shooter saw, fractional (1/16 tick on the wire). */
  readonly viewTick: number;
}

/** A `reliable` message of the user's own `defineMessages`; `payload` is JSON text. */
export interface UserMessage {
  readonly kind: 'user-message';
  readonly name: string;
  readonly payload: string;
}

/** A `sync` message of the user's own `defineMessages`: the kind alone tells the lane. */
export interface UserUpdate {
  readonly kind: 'user-update';
  readonly name: string;
  readonly payload: string;
}

export type ClientMessage =
  | Login
  | Resume
  | Leave
  | HeartbeatAnswer
  | MoveInput
  | SnapshotAck
  | ShootInput
  | UserMessage
  | UserUpdate;

/** One number of a player's state in a snapshot: value ≈ integer × precision. */
export interface SnapshotField {
  readonly name: string;
  /** Size of one step of the integer on the wire, in the field's unit. */
  readonly precision: number;
  /** How a view between two snapshots is made. */
  readonly interpolation: 'linear' | 'angle' | 'step';
}

export interface LoginAccepted {
  readonly kind: 'login-accepted';
  readonly protocolVersion: number;
  readonly sessionId: SessionId;
  readonly epoch: number;
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  /** Number of this player's entity in snapshots and rosters. */
  readonly entity: number;
  readonly tickRateHz: number;
  readonly inputAheadTicksMax: number;
  /** For how many ticks a missing input repeats the last one; 0 = not at all. */
  readonly inputHoldTicksMax: number;
  readonly heartbeatIntervalMs: number;
  readonly livenessTimeoutMs: number;
  readonly reconnectWindowMs: number;
  readonly snapshotFields: readonly SnapshotField[];
  /** Takes this session up again, once; empty = it can't be taken up. */
  readonly resumeToken: string;
  /** True: this answers a Resume, and the session is the one that it named. */
  readonly isResumed: boolean;
  /**
   * The client's counted messages that the server has taken in a resumed session; undefined = both
   * directions count from 0 again, and what is unacknowledged is gone.
   */
  readonly reliableReceived: number | undefined;
}

export interface LoginRejected {
  readonly kind: 'login-rejected';
  readonly code: string;
  readonly retryable: boolean;
  /** Wait at least this long before another attempt; 0 = none asked. */
  readonly retryAfterMs: number;
  readonly message: string;
}

/** Proof of life and clock sample, from server to client. */
export interface Heartbeat {
  readonly kind: 'heartbeat';
  /** Unguessable; the answer must echo it. */
  readonly nonce: string;
  /** The last tick that ran in the session's world. */
  readonly serverTick: number;
  /** How far the next tick has come at sending: 0 ≤ fraction; above 1 when the server lags. */
  readonly tickFraction: number;
  /** The server's last measured round trip to this peer; 0 = none yet. */
  readonly roundTripTimeMs: number;
  /** The client's counted messages that the server has taken in this session: acknowledges them. */
  readonly reliableReceived: number;
}

/** Which entity is which player. Sent whole after login, then as changes. */
export interface Roster {
  readonly kind: 'roster';
  /** True: `entered` is everybody; forget what was known before. */
  readonly isComplete: boolean;
  readonly entered: readonly { readonly entity: number; readonly playerId: PlayerId }[];
  readonly left: readonly number[];
}

/** One player's state at a tick: integers in the order of `LoginAccepted.snapshotFields`. */
export interface PlayerState {
  readonly entity: number;
  readonly fields: readonly number[];
}

/** The world's state at a tick. Only `SnapshotDecoder` makes it of bytes: most are differences. */
export interface Snapshot {
  readonly kind: 'snapshot';
  readonly tick: number;
  readonly players: readonly PlayerState[];
}

/** What became of the receiver's own movement input. */
export interface InputAck {
  readonly kind: 'input-ack';
  /** Newest input tick that was accepted; 0 = none. */
  readonly lastInputTick: number;
  /** How early that input arrived before its tick ran, in ticks (1/16 on the wire); ≥ 0. */
  readonly marginTicks: number;
}

/** Tagged by `event`; players are named by PlayerId, positions are in metres. */
export type CombatEvent = { readonly kind: 'combat-event'; readonly tick: number } & (
  | {
      readonly event: 'hit';
      readonly shooterId: PlayerId;
      readonly targetId: PlayerId;
      readonly originX: number;
      readonly originY: number;
      readonly impactX: number;
      readonly impactY: number;
    }
  | {
      readonly event: 'shot-missed';
      readonly shooterId: PlayerId;
      readonly originX: number;
      readonly originY: number;
      readonly impactX: number;
      readonly impactY: number;
    }
  | {
      readonly event: 'damage-applied';
      readonly targetId: PlayerId;
      readonly amount: number;
      readonly hitPoints: number;
    }
  | { readonly event: 'death'; readonly targetId: PlayerId; readonly killerId: PlayerId }
  | { readonly event: 'shoot-rejected'; readonly inputTick: number; readonly code: string }
);

/** What was not plainly accepted in one tick; at most one per tick and peer. */
export interface VerdictReport {
  readonly kind: 'verdict-report';
  readonly tick: number;
  readonly entries: readonly {
    /** `move-input`, `shoot-input`, or the name of a user message. */
    readonly input: string;
    readonly inputTick: number;
    readonly outcome: 'stale' | 'duplicate' | 'clamped' | 'rejected';
    /** Only for `rejected`. */
    readonly code: string | undefined;
  }[];
  /** How many more there were in this tick than the message lists. */
  readonly omitted: number;
}

/** After a resume that has a hole in it; follows LoginAccepted at once. */
export interface Resynced {
  readonly kind: 'resynced';
  /** The tick from which the world went on. */
  readonly fromTick: number;
  /** Ticks that the client has seen and that never were. */
  readonly ticksLost: number;
  /** Counted messages that the client never gets; undefined = nobody knows. */
  readonly eventsMissed: number | undefined;
  /** The client's count of the server's messages from now on. */
  readonly reliableSent: number;
}

/** The last words on a connection. */
export interface Close {
  readonly kind: 'close';
  readonly code: string;
  readonly retryable: boolean;
  readonly message: string;
}

export type ServerMessage =
  | LoginAccepted
  | LoginRejected
  | Heartbeat
  | Roster
  | Snapshot
  | InputAck
  | CombatEvent
  | VerdictReport
  | Close
  | Resynced
  | UserMessage
  | UserUpdate;

/** All that can be read by itself. */
export type PlainServerMessage = Exclude<ServerMessage, Snapshot>;
