/**
 * What a game plugs into a world: rules that turn inputs into truth at tick N. Movement and combat
 * ship and are the same kind of thing as a user's own rule (docs/AUTHORITIES.md shows one).
 * In: joins, inputs, ticks. Out: verdicts, events with a scope, numbers for the snapshot.
 * Must not know: connections, lanes, who receives what.
 */
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { CombatEvent, MoveInput, ShootInput, SnapshotField } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { Verdict } from './verdict.ts';

/** A decoded and validated user message on its way to the authority that takes it. */
export interface UserInput {
  readonly kind: 'user-input';
  /** The name in `defineMessages`. */
  readonly name: string;
  /** What the schema returned. */
  readonly payload: unknown;
}

/** A ShootInput with what the host knows of its shooter's line. */
export interface MeasuredShot extends ShootInput {
  /**
   * Worst round trip that the server had measured when the shot arrived; default 0. A client has
   * no say in it.
   */
  readonly roundTripMs?: number;
}

export type AuthorityInput = MoveInput | MeasuredShot | UserInput;

/** What a world tells the authorities it creates. */
export interface WorldContext {
  readonly worldId: WorldId;
  readonly tickRateHz: number;
  /** Duration of one step in seconds. */
  readonly stepSeconds: number;
  /** The tick that is running; between two steps the last one that ran. The first is 1. */
  readonly tick: number;
  readonly inputLimits: InputLimits;
  /** Seeded per world, for what concerns everybody. Uniform in [0, 1). */
  random(): number;
  /**
   * The next number of the player's own generator: what others draw never moves it. It lasts as
   * long as the player's seat. These two are the only randomness that an authority may use.
   */
  randomFor(playerId: PlayerId): number;
}

/** Who an event is for. `position` is for whoever can see that place. */
export type EventScope =
  | { readonly to: 'peer'; readonly playerId: PlayerId }
  | { readonly to: 'world' }
  | { readonly to: 'position'; readonly x: number; readonly y: number };

/** `message` is a shipped event, or a user message (`payload` is sent as JSON). */
export interface AuthorityEvent {
  readonly scope: EventScope;
  readonly message:
    | CombatEvent
    | { readonly kind: 'user-event'; readonly name: string; readonly payload: unknown };
}

export interface Authority {
  /** Unique in its world. */
  readonly name: string;
  /** `move-input`, `shoot-input` or names of user messages; each has at most one authority. */
  readonly inputKinds: readonly string[];
  /** The numbers that this authority adds to each player's state in snapshots. */
  readonly snapshotFields: readonly SnapshotField[];

  addPlayer(playerId: PlayerId): void;
  /** Forgets everything about the player. */
  removePlayer(playerId: PlayerId): void;
  /** The connection is gone, the seat is held. `ghost` says what the world does with the entity. */
  suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void;
  /** The player is back, with a new connection. */
  resumePlayer(playerId: PlayerId): void;

  /**
   * Called once, in the tick in which the input runs; `input` is valid during the call only. A
   * throw ends that peer only.
   */
  handleInput(session: ManagedSession, input: AuthorityInput): Verdict;
  /**
   * One step, after the inputs of this tick that are for this authority. A throw ends the world.
   */
  step(tick: number): readonly AuthorityEvent[];
  /** Appends one 32-bit integer per snapshot field (value / precision, rounded), in their order. */
  readSnapshot(playerId: PlayerId, target: number[]): void;
  /** False hides the player's entity from snapshots (a `removed` ghost). Absent = visible. */
  isVisible?(playerId: PlayerId): boolean;

  /**
   * Everything that the authority knows, as bytes of its own making (`StateWriter`), with a version
   * of its own in front. Called between two steps; the bytes are the world's from then on. A throw
   * means no checkpoint now. Absent, and so `restore`: the world can't outlive its process.
   */
  checkpoint?(): Uint8Array;
  /**
   * The other way (`StateReader`), once, on a fresh authority that knows nobody: from then on it
   * does what the first one would have done. A throw means that the bytes are not good.
   */
  restore?(state: Uint8Array): void;
  /**
   * False: the same inputs and random numbers do not always come to the same, so that only a
   * checkpoint says what was. Absent = true, and a replay that ends otherwise is an error.
   */
  readonly isDeterministic?: boolean;
}

/**
 * Creates the authorities of one world, in the order of a tick: the first gets its inputs and
 * steps, then the second, and so on. Movement before combat: shots are judged where the moves
 * ended.
 */
export type CreateAuthorities = (context: WorldContext) => readonly Authority[];

/** Durations and bounds of the input buffer; ticks. */
export interface InputLimits {
  /** How far ahead of the last run tick an input may be. Default 8. */
  readonly inputAheadTicksMax: number;
  /** How long the last movement input is repeated when the next is missing. Default 2. */
  readonly inputHoldTicksMax: number;
  /** Shots and user inputs that may wait for the next tick, per player. Default 8. */
  readonly pendingInputsMax: number;
}
