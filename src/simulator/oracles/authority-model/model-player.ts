/**
 * One player of a modelled world: seat, body, weapon, inputs that wait, and what its connections
 * are owed. Data with a few words on it; the rules stand in the model's other files.
 */
import type { PlayerId } from '../../../protocol/ids.ts';
import type { MeasuredShot } from '../../../authority/authority.ts';
import type { MoveInput, ShootInput } from '../../../protocol/messages.ts';
import type { GhostPolicy } from '../../../session/session-policy.ts';
import type { ModelHandle } from './model-handle.ts';
import { ModelTrail } from './model-trail.ts';

export interface WaitingShot {
  readonly input: MeasuredShot;
  readonly dueTick: number;
}

export class ModelPlayer {
  readonly playerId: PlayerId;
  readonly entity: number;
  /** The player's own draws in this world. */
  readonly random: () => number;
  handle: ModelHandle;
  /** The connection is gone: known at once, while the rules learn of it with the next tick. */
  isAway = false;
  hasLeft = false;
  /** The rules know the player. */
  isIn = false;
  /** As the rules know it; undefined = connected. */
  ghost: GhostPolicy | undefined;

  readonly moves = new Map<number, MoveInput>();
  shots: WaitingShot[] = [];
  newestMoveTick = 0;
  marginTicks = 0;
  /** Refused shots since the tick that ran last. */
  refusals = { tick: -1, count: 0 };

  x = 0;
  y = 0;
  yaw = 0;
  readonly trail = new ModelTrail();
  /** What the last move asked for, and the tick it was for; undefined = to stand. */
  wish: MoveInput | undefined;

  hitPoints = 0;
  isAlive = true;
  kills = 0;
  deaths = 0;
  livesAgainAt = 0;
  mayShootAt = 0;
  newestShotTick = -1;

  constructor(
    handle: ModelHandle,
    options: { readonly entity: number; readonly random: () => number },
  ) {
    this.handle = handle;
    this.playerId = handle.playerId;
    this.entity = options.entity;
    this.random = options.random;
  }

  /** Alive, and at a connection: who else neither walks nor turns. */
  get isMobile(): boolean {
    return this.isAlive && this.ghost === undefined;
  }

  /** Whether a shot may reach the player, wherever it stands. */
  get isTarget(): boolean {
    return this.isAlive && (this.ghost === undefined || this.ghost === 'vulnerable');
  }

  /** On another connection: shots count anew, and nobody is shot where it was before. */
  comeBack(): void {
    this.newestShotTick = -1;
    this.trail.begin();
  }

  /** In another process: what waited is gone with the connection. */
  awake(): void {
    this.dropInputs();
    this.handle = this.handle.withoutPast();
  }

  /** What waits is forgotten and returned: moves by tick, then shots as they came. */
  dropInputs(): readonly (MoveInput | ShootInput)[] {
    const moves = [...this.moves.values()].toSorted((one, other) => one.tick - other.tick);
    const shots = this.shots.map(({ input }) => input);
    this.moves.clear();
    this.shots = [];
    this.newestMoveTick = 0;
    this.marginTicks = 0;
    return [...moves, ...shots];
  }
}
