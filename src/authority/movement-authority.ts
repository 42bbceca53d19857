/**
 * Where everybody is, and was in the last ticks. In: at most one MoveInput per player and tick.
 * Out: one movement step per player and tick, so that nobody moves further than the ticks that
 * passed; x, y and yaw for the snapshot. A missing input repeats the last for `inputHoldTicksMax`,
 * then stops. Must not know: hit points, connections.
 */
import { assert } from '../base/assert.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { SnapshotField } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { ArenaGeometry, Point } from './arena-geometry.ts';
import type { Authority, AuthorityEvent, AuthorityInput, WorldContext } from './authority.ts';
import type { Battlefield } from './battlefield.ts';
import { decodeBodies, encodeBodies, type Body } from './body.ts';
import { validateMovementOptions, type MovementOptions } from './movement-options.ts';
import {
  isOverlong,
  movementStep,
  wrapAngle,
  type MovementRules,
  type MovementState,
} from './movement-step.ts';
import type { PlaceHistory } from './place-history.ts';
import { RewindHistory } from './rewind-history.ts';
import { pickSpawn } from './spawn-picker.ts';
import { ACCEPTED, CLAMPED, rejected, type Verdict } from './verdict.ts';

/** Steps of a full turn in a snapshot. */
const YAW_STEPS = 65_536;
const YAW_PRECISION = (2 * Math.PI) / YAW_STEPS;
const POSITION_PRECISION = 0.001;

const SNAPSHOT_FIELDS: readonly SnapshotField[] = Object.freeze([
  { name: 'x', precision: POSITION_PRECISION, interpolation: 'linear' },
  { name: 'y', precision: POSITION_PRECISION, interpolation: 'linear' },
  { name: 'yaw', precision: YAW_PRECISION, interpolation: 'angle' },
  { name: 'isSuspended', precision: 1, interpolation: 'step' },
]);
const NO_EVENTS: readonly AuthorityEvent[] = Object.freeze([]);

export class MovementAuthority implements Authority, Battlefield {
  readonly name = 'movement';
  readonly inputKinds = ['move-input'] as const;
  readonly snapshotFields = SNAPSHOT_FIELDS;
  readonly #context: WorldContext;
  readonly #rules: MovementRules;
  #bodies = new Map<PlayerId, Body>();
  #history: RewindHistory;

  /** Throws HoldfastError('invalid-configuration') naming the option. */
  constructor(context: WorldContext, options: MovementOptions = {}) {
    this.#context = context;
    const { historyMs, ...rules } = validateMovementOptions(options);
    this.#rules = { ...rules, stepSeconds: context.stepSeconds };
    const ticks = Math.max(1, Math.ceil((historyMs * context.tickRateHz) / 1_000));
    this.#history = new RewindHistory({ ticks, tick: context.tick });
  }

  get geometry(): ArenaGeometry {
    return this.#rules.geometry;
  }

  get history(): PlaceHistory {
    return this.#history;
  }

  /** Players it keeps state of. */
  get playerCount(): number {
    return this.#bodies.size;
  }

  addPlayer(playerId: PlayerId): void {
    const state = { ...this.#pickSpawn(playerId), yaw: 0 };
    this.#bodies.set(playerId, {
      slot: this.#history.add(playerId, state, this.#context.tick),
      state,
      intent: { directionX: 0, directionY: 0, yaw: 0 },
      heldTicks: 0,
      isFrozen: false,
      ghost: undefined,
    });
  }

  removePlayer(playerId: PlayerId): void {
    this.#bodies.delete(playerId);
    this.#history.remove(playerId);
  }

  suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    const body = this.#bodies.get(playerId);
    if (body === undefined) return;
    body.ghost = ghost;
    stop(body);
  }

  resumePlayer(playerId: PlayerId): void {
    const body = this.#bodies.get(playerId);
    if (body === undefined) return;
    body.ghost = undefined;
    stop(body);
    this.#history.restart(body.slot, body.state, this.#context.tick);
  }

  handleInput(session: ManagedSession, input: AuthorityInput): Verdict {
    const body = session.playerId === undefined ? undefined : this.#bodies.get(session.playerId);
    if (body === undefined) return rejected('not-logged-in');
    if (input.kind !== 'move-input') return rejected('unknown-input');
    body.intent.directionX = input.directionX;
    body.intent.directionY = input.directionY;
    body.intent.yaw = input.yaw;
    body.heldTicks = 0;
    return isOverlong(input) ? CLAMPED : ACCEPTED;
  }

  step(tick: number): readonly AuthorityEvent[] {
    this.#history.advance(tick);
    for (const body of this.#bodies.values()) {
      this.#move(body);
      this.#history.note(body.slot, body.state);
    }
    return NO_EVENTS;
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    const { state, ghost } = this.#bodyOf(playerId);
    target.push(
      Math.round(state.x / POSITION_PRECISION),
      Math.round(state.y / POSITION_PRECISION),
      Math.round(state.yaw / YAW_PRECISION) % YAW_STEPS,
      ghost === undefined ? 0 : 1,
    );
  }

  isVisible(playerId: PlayerId): boolean {
    return this.#bodies.get(playerId)?.ghost !== 'removed';
  }

  checkpoint(): Uint8Array {
    return encodeBodies(this.#bodies, this.#history);
  }

  restore(state: Uint8Array): void {
    const { ticks } = this.#history;
    this.#history = new RewindHistory({ ticks, tick: this.#context.tick });
    this.#bodies = decodeBodies(state, this.#history);
  }

  placeOf(playerId: PlayerId): MovementState | undefined {
    const body = this.#bodies.get(playerId);
    return body && { ...body.state };
  }

  freezePlayer(playerId: PlayerId): void {
    const body = this.#bodyOf(playerId);
    body.isFrozen = true;
    stop(body);
  }

  respawnPlayer(playerId: PlayerId): void {
    const body = this.#bodyOf(playerId);
    putAt(body, this.#pickSpawn(playerId));
    body.isFrozen = false;
    stop(body);
    this.#history.restart(body.slot, body.state, this.#context.tick);
  }

  /**
   * Puts the player exactly there; `place` must be free. No shot looks for them where they were
   * before. For a game's own rules.
   */
  placePlayer(playerId: PlayerId, place: Point): void {
    const body = this.#bodyOf(playerId);
    putAt(body, place);
    this.#history.restart(body.slot, body.state, this.#context.tick);
  }

  /**
   * Moves the player by up to (deltaX, deltaY) metres at once, against the same walls as a step.
   * False: dead or suspended. For a game's own rules.
   */
  pushPlayer(playerId: PlayerId, delta: Point): boolean {
    const body = this.#bodyOf(playerId);
    if (!isMobile(body)) return false;
    const { collide, geometry, radiusMetres: radius } = this.#rules;
    const { x, y } = body.state;
    const end = collide({ x, y, deltaX: delta.x, deltaY: delta.y, radius }, geometry);
    putAt(body, end);
    // Before the step of its tick it is the step that notes where the body has come to.
    if (this.#history.tick === this.#context.tick) this.#history.note(body.slot, body.state);
    return true;
  }

  #move(body: Body): void {
    if (!isMobile(body)) {
      stop(body);
      return;
    }
    if (body.heldTicks > this.#context.inputLimits.inputHoldTicksMax) stop(body);
    body.heldTicks += 1;
    const next = movementStep(body.state, body.intent, this.#rules);
    putAt(body, next);
    body.state.yaw = next.yaw;
  }

  #bodyOf(playerId: PlayerId): Body {
    const body = this.#bodies.get(playerId);
    assert(body !== undefined, 'the player has no body in this world');
    return body;
  }

  #pickSpawn(playerId: PlayerId): Point {
    const others: Point[] = [];
    for (const [otherId, body] of this.#bodies) {
      if (otherId !== playerId && !body.isFrozen) others.push(body.state);
    }
    const { geometry, radiusMetres } = this.#rules;
    const random = (): number => this.#context.randomFor(playerId);
    return pickSpawn({ geometry, radiusMetres, others, random });
  }
}

function isMobile(body: Body): boolean {
  return !body.isFrozen && body.ghost === undefined;
}

function putAt({ state }: Body, { x, y }: Point): void {
  state.x = x;
  state.y = y;
}

/** Forgets what the player wants, but for where they look. */
function stop(body: Body): void {
  body.intent.directionX = 0;
  body.intent.directionY = 0;
  body.intent.yaw = wrapAngle(body.state.yaw);
}
