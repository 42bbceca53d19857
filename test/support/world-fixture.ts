/** A world with players in known places, driven by hand. */
import {
  createArenaGeometry,
  type ArenaGeometryOptions,
  type Point,
} from '../../src/authority/arena-geometry.ts';
import type {
  Authority,
  AuthorityInput,
  InputLimits,
  MeasuredShot,
} from '../../src/authority/authority.ts';
import type { Battlefield } from '../../src/authority/battlefield.ts';
import { CombatAuthority } from '../../src/authority/combat-authority.ts';
import type { CombatOptions } from '../../src/authority/combat-options.ts';
import type { ShippedAuthorities } from '../../src/authority/default-authorities.ts';
import { MovementAuthority } from '../../src/authority/movement-authority.ts';
import type { MovementState } from '../../src/authority/movement-step.ts';
import type { Verdict } from '../../src/authority/verdict.ts';
import type { WorldStep } from '../../src/authority/world-step.ts';
import { World } from '../../src/authority/world.ts';
import { createPrng } from '../../src/base/prng.ts';
import type { PlayerId, WorldId } from '../../src/protocol/ids.ts';
import type { CombatEvent, MoveInput } from '../../src/protocol/messages.ts';
import { fakeSession, type FakeSession } from './fake-session.ts';

export interface WorldFixtureOptions {
  /** Players by name, and where they stand after the first tick. Default: nobody. */
  readonly players?: Readonly<Record<string, Point>>;
  readonly geometry?: ArenaGeometryOptions;
  readonly combat?: CombatOptions;
  readonly inputLimits?: Partial<InputLimits>;
  readonly seed?: number;
  /** False: combat is not offered what movement remembers. Default true. */
  readonly hasHistory?: boolean;
  readonly rules?: (shipped: ShippedAuthorities) => readonly Authority[];
}

/** What a test remembers of a step; the originals are reused. */
export interface StepRecord {
  readonly tick: number;
  readonly events: WorldStep['events'];
  /** `player: kind outcome` or `player: kind rejected(code)`. */
  readonly verdicts: readonly string[];
  readonly entered: readonly string[];
  readonly left: readonly number[];
  readonly faults: WorldStep['faults'];
}

export class WorldFixture {
  readonly world: World;
  readonly sessions = new Map<string, FakeSession>();
  #shipped: ShippedAuthorities | undefined;

  constructor(options: WorldFixtureOptions = {}) {
    const geometry = createArenaGeometry(options.geometry);
    this.world = new World({
      worldId: 'test-world' as WorldId,
      tickRateHz: 20,
      random: createPrng(options.seed ?? 1),
      ...(options.inputLimits === undefined ? {} : { inputLimits: options.inputLimits }),
      createAuthorities: (context) => {
        const movement = new MovementAuthority(context, { geometry });
        const battlefield = options.hasHistory === false ? withoutHistory(movement) : movement;
        const combat = new CombatAuthority(context, { ...options.combat, battlefield });
        this.#shipped = { movement, combat };
        return [movement, combat, ...(options.rules?.(this.#shipped) ?? [])];
      },
    });
    const players = Object.entries(options.players ?? {});
    for (const [name] of players) this.join(name);
    if (players.length === 0) return;
    this.step();
    for (const [name, place] of players) this.place(name, place);
  }

  get movement(): MovementAuthority {
    return this.#authorities.movement;
  }

  get combat(): CombatAuthority {
    return this.#authorities.combat;
  }

  get #authorities(): ShippedAuthorities {
    if (this.#shipped === undefined) throw new Error('the world has no authorities');
    return this.#shipped;
  }

  join(name: string): FakeSession {
    const session = fakeSession(name);
    this.sessions.set(name, session);
    this.world.addPlayer(session);
    return session;
  }

  /** The player comes back on a new connection. */
  resume(name: string): FakeSession {
    const session = fakeSession(name);
    this.sessions.set(name, session);
    this.world.resumePlayer(session);
    return session;
  }

  session(name: string): FakeSession {
    const session = this.sessions.get(name);
    if (session === undefined) throw new Error(`no player ${name}`);
    return session;
  }

  place(name: string, place: Point): void {
    this.movement.placePlayer(idOf(name), place);
  }

  body(name: string): MovementState {
    const body = this.movement.placeOf(idOf(name));
    if (body === undefined) throw new Error(`no body of ${name}`);
    return body;
  }

  /** The player's numbers after the last step, by field name, in wire units. */
  fields(name: string): Record<string, number> {
    const entity = this.world.entityOf(idOf(name));
    const { entities, rows } = this.world.snapshot;
    const row = entity === undefined ? undefined : rows[entities.indexOf(entity)];
    if (row === undefined) throw new Error(`no row of ${name}`);
    return Object.fromEntries(
      this.world.snapshotFields.map((field, index) => [field.name, row[index] ?? Number.NaN]),
    );
  }

  receive(name: string, input: AuthorityInput): string | undefined {
    return describeVerdict(this.world.receive(this.session(name), input, 0));
  }

  move(name: string, input: Partial<MoveInput> = {}): string | undefined {
    return this.receive(name, moveInput({ tick: this.world.tick + 1, ...input }));
  }

  /** Of somebody who sees everybody where they are. */
  shoot(name: string, input: Partial<MeasuredShot> = {}): string | undefined {
    const tick = this.world.tick + 1;
    return this.receive(name, shootInput({ tick, viewTick: tick, ...input }));
  }

  /** Shoots for the next tick, steps, and returns the shot's one verdict. */
  judgeShot(name: string, input: Partial<MeasuredShot> = {}): string | undefined {
    const verdict = this.shoot(name, input);
    const prefix = `${name}: shoot-input `;
    const later = this.step().verdicts.find((text) => text.startsWith(prefix));
    return verdict ?? later?.slice(prefix.length);
  }

  step(): StepRecord {
    const step = this.world.step();
    return {
      tick: step.tick,
      events: [...step.events],
      verdicts: step.verdicts.map(({ session, input, verdict }) => {
        const kind = input.kind === 'user-input' ? input.name : input.kind;
        return `${session.playerId}: ${kind} ${describeVerdict(verdict)}`;
      }),
      entered: step.roster.entered.map(({ entity, playerId }) => `${entity}=${playerId}`),
      left: [...step.roster.left],
      faults: [...step.faults],
    };
  }

  steps(count: number): void {
    for (let index = 0; index < count; index += 1) this.step();
  }
}

/** A game's own battlefield, which remembers nothing. */
function withoutHistory(movement: MovementAuthority): Battlefield {
  return {
    geometry: movement.geometry,
    placeOf: (playerId) => movement.placeOf(playerId),
    freezePlayer: (playerId) => movement.freezePlayer(playerId),
    respawnPlayer: (playerId) => movement.respawnPlayer(playerId),
  };
}

export function idOf(name: string): PlayerId {
  return name as PlayerId;
}

export function moveInput(input: Partial<MoveInput> = {}): MoveInput {
  return { kind: 'move-input', tick: 1, directionX: 1, directionY: 0, yaw: 0, ...input };
}

export function shootInput(input: Partial<MeasuredShot> = {}): MeasuredShot {
  return {
    kind: 'shoot-input',
    tick: 1,
    targetPlayerId: undefined,
    directionX: 1,
    directionY: 0,
    viewTick: 0,
    ...input,
  };
}

/** The combat events of a step, without their envelope. */
export function combatEvents(step: StepRecord): CombatEvent[] {
  return step.events.flatMap(({ message }) => (message.kind === 'combat-event' ? [message] : []));
}

function describeVerdict(verdict: Verdict | undefined): string | undefined {
  return verdict?.outcome === 'rejected' ? `rejected(${verdict.code})` : verdict?.outcome;
}
