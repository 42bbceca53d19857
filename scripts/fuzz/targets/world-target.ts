/**
 * Scripts into World: players who come, go, are suspended and return, hostile inputs of every kind
 * through live, old and foreign handles, steps. Every input has exactly one verdict, nobody moves
 * further than the ticks that passed, and rows hold integers only.
 */
import type { AuthorityInput } from '../../../src/authority/authority.ts';
import type { Verdict } from '../../../src/authority/verdict.ts';
import type { JudgedInput, WorldStep } from '../../../src/authority/world-step.ts';
import type { World } from '../../../src/authority/world.ts';
import type { PeerId, PlayerId, SessionId, WorldId } from '../../../src/protocol/ids.ts';
import type { ManagedSession } from '../../../src/session/managed-session.ts';
import type { GhostPolicy } from '../../../src/session/session-policy.ts';
import { createPrng } from '../../../src/base/prng.ts';
import type { Coverage } from '../coverage.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { ScriptReader } from '../script-reader.ts';

const STEPS_MAX = 160;
const PLAYERS = ['alice', 'bob', 'carol', '__proto__', '1', 'constructor'] as PlayerId[];
const GHOSTS: readonly GhostPolicy[] = ['vulnerable', 'protected', 'removed'];
const TICK_RATE_HZ = 20;
/** 6 m/s, in millimetres per tick, and the rounding of two positions. */
const MILLIMETRES_PER_TICK = 6_000 / TICK_RATE_HZ;
const ROUNDING = 2;
const OFFSETS = [1, 1, 2, 0, -1, 8, 9, 3, 1e9, -1e9];
const ABSURD_TICKS = [0, -1, 0.5, Number.NaN, Infinity, 2 ** 53 - 1, 2 ** 53, 2 ** 32, -Infinity];
const NUMBERS = [0, 1, -1, 0.7, -0, Number.NaN, Infinity, -Infinity, 1e308, 5e-324, 1e30];
const FRACTIONS = [0, 0.5, 0.999, 1, 3, 1e9];

/** Small and with a wall, so that shots hit and miss. */
const ARENA = {
  bounds: { minX: 0, minY: 0, maxX: 12, maxY: 8 },
  obstacles: [{ shape: 'circle' as const, x: 6, y: 4, radius: 1.5 }],
};
/** Two hits kill, for a few ticks; half of the arena is out of range. */
const COMBAT = {
  damagePerHit: 60,
  cooldownMs: 100,
  respawnDelayMs: 400,
  hitRadiusMetres: 1,
  rangeMetres: 6,
};
const INPUT_LIMITS = { pendingInputsMax: 3 };
const PLAYERS_AT_BEGIN = 3;

interface Player {
  readonly playerId: PlayerId;
  session: FakeHandle | undefined;
  /** Handles of connections that are over. */
  readonly older: FakeHandle[];
}

type FakeHandle = { -readonly [Key in keyof ManagedSession]: ManagedSession[Key] };

interface Place {
  readonly tick: number;
  readonly x: number;
  readonly y: number;
  readonly isAlive: number;
}

export type CreateWorld = (...options: ConstructorParameters<typeof World>) => World;

class WorldStage {
  readonly world: World;
  readonly script: ScriptReader;
  readonly players: readonly Player[];
  readonly #coverage: Coverage;
  readonly #isVerdict: Production['isVerdict'];
  readonly #rejectionCodes: readonly string[];
  /** Inputs that wait for their verdict, by handle. */
  readonly #waiting = new Map<ManagedSession, number>();
  readonly #places = new Map<number, Place>();
  readonly #columns: Readonly<Record<string, number>>;
  #handles = 0;

  constructor(production: Production, world: World, parts: StageParts) {
    this.world = world;
    this.script = parts.script;
    this.#coverage = parts.coverage;
    this.#isVerdict = production.isVerdict;
    this.#rejectionCodes = production.INPUT_REJECTION_CODES;
    this.players = PLAYERS.map((playerId) => ({ playerId, session: undefined, older: [] }));
    this.#columns = Object.fromEntries(
      world.snapshotFields.map(({ name }, index) => [name, index] as const),
    );
  }

  /** Some players are there from the beginning. */
  begin(): void {
    for (const player of this.players.slice(0, PLAYERS_AT_BEGIN)) this.#joinOrResume(player);
    this.#step();
  }

  run(): void {
    const operation = this.script.below(16);
    const player = this.script.pick(this.players);
    if (operation < 7) this.#receive(player, this.#anyInput(player, operation));
    else if (operation < 11) this.#step();
    else if (operation === 11) this.#joinOrResume(player);
    else if (operation === 12) this.#suspend(player);
    else if (operation === 13 && this.script.below(4) === 0) this.#remove(player);
    else if (operation === 14 && this.script.below(64) === 63) this.#fail();
    else this.#joinOrResume(player);
  }

  /** Everybody leaves: whatever waited has its verdict in this step. */
  end(): void {
    for (const player of this.players) this.#remove(player);
    this.#step();
    for (const count of this.#waiting.values()) {
      if (count !== 0) throw new Error(`${count} inputs have no verdict`);
    }
    if (this.world.playerCount !== 0) throw new Error('somebody is left in the world');
    if (this.world.snapshot.rows.length > 0 && this.world.failure === undefined) {
      throw new Error('a row is left in the snapshot');
    }
  }

  #newHandle(playerId: PlayerId): FakeHandle {
    this.#handles += 1;
    return {
      sessionId: `s${this.#handles}` as SessionId,
      peerId: `peer-${this.#handles}` as PeerId,
      playerId,
      worldId: 'fuzz' as WorldId,
      state: 'logged-in',
      epoch: 1,
      enteredAt: 0,
      deadline: Infinity,
      lastLivenessAt: 0,
      roundTripTimeMs: undefined,
      roundTripTimeMsMax: undefined,
      lastCause: 'login-succeeded',
      data: undefined,
      isAlive: true,
    };
  }

  #joinOrResume(player: Player): void {
    const { session } = player;
    const handle = this.#newHandle(player.playerId);
    player.session = handle;
    if (session === undefined) {
      this.world.addPlayer(handle);
      return;
    }
    session.isAlive = false;
    session.state = 'disconnected';
    player.older.push(session);
    this.world.resumePlayer(handle);
  }

  #suspend(player: Player): void {
    if (player.session !== undefined) player.session.state = 'reconnecting';
    this.world.suspendPlayer(player.playerId, this.script.pick(GHOSTS));
  }

  #remove(player: Player): void {
    if (player.session !== undefined) {
      player.session.isAlive = false;
      player.older.push(player.session);
    }
    player.session = undefined;
    this.world.removePlayer(player.playerId);
  }

  #receive(player: Player, input: AuthorityInput): void {
    const session = this.#anyHandle(player);
    const fraction = this.script.pick(FRACTIONS);
    const verdict = this.world.receive(session, input, fraction);
    if (verdict === undefined) {
      this.#waiting.set(session, (this.#waiting.get(session) ?? 0) + 1);
    } else {
      this.#note(input, verdict);
    }
  }

  /** Mostly the player's live handle. */
  #anyHandle({ session, older, playerId }: Player): ManagedSession {
    const choice = this.script.byte();
    if (choice < 4) return this.#newHandle(playerId);
    if (choice < 16 && older.length > 0) return older[choice % older.length] as ManagedSession;
    return session ?? this.#newHandle(playerId);
  }

  #anyInput(player: Player, operation: number): AuthorityInput {
    const { script } = this;
    const isAbsurd = script.below(8) === 7;
    const tick = isAbsurd ? script.pick(ABSURD_TICKS) : this.world.tick + script.pick(OFFSETS);
    const directionX = this.#anyNumber();
    const directionY = this.#anyNumber();
    if (operation < 4) {
      return { kind: 'move-input', tick, directionX, directionY, yaw: this.#anyNumber() };
    }
    if (operation === 6) return { kind: 'user-input', name: 'stranger', payload: directionX };
    const targetPlayerId = script.below(3) === 0 ? undefined : script.pick(PLAYERS);
    const viewTick = script.below(2) === 0 ? this.world.tick : this.#anyNumber();
    const shot = { kind: 'shoot-input', tick, targetPlayerId, viewTick } as const;
    const aim = operation === 5 ? this.#aimAt(player, targetPlayerId) : undefined;
    return { ...shot, ...(aim ?? { directionX, directionY }) };
  }

  /** From where the shooter stood after the last step to where the target did. */
  #aimAt(
    { playerId }: Player,
    targetPlayerId: PlayerId | undefined,
  ): { readonly directionX: number; readonly directionY: number } | undefined {
    const from = this.#placeOf(playerId);
    const to = this.#placeOf(targetPlayerId);
    if (from === undefined || to === undefined) return undefined;
    return { directionX: to.x - from.x, directionY: to.y - from.y };
  }

  #placeOf(playerId: PlayerId | undefined): Place | undefined {
    const entity = playerId === undefined ? undefined : this.world.entityOf(playerId);
    return entity === undefined ? undefined : this.#places.get(entity);
  }

  #anyNumber(): number {
    const choice = this.script.byte();
    if (choice === 255) return this.script.double();
    if (choice >= 64) return (choice - 160) / 95;
    return NUMBERS[choice % NUMBERS.length] as number;
  }

  #step(): void {
    const before = this.world.tick;
    const step = this.world.step();
    this.#settle(step.verdicts);
    if (this.world.failure === undefined && this.world.tick !== before + 1) {
      throw new Error(`tick ${this.world.tick} follows ${before}`);
    }
    if (step.faults.length > 0) throw new Error(`a shipped authority threw: ${faultOf(step)}`);
    this.#checkRows();
  }

  #fail(): void {
    this.#settle(this.world.fail(new Error('planned by the script')));
  }

  #settle(verdicts: readonly JudgedInput[]): void {
    for (const { session, input, verdict } of verdicts) {
      const count = this.#waiting.get(session) ?? 0;
      if (count === 0) throw new Error('a verdict for an input that waits no more');
      this.#waiting.set(session, count - 1);
      this.#note(input, verdict);
    }
  }

  #note(input: AuthorityInput, verdict: Verdict): void {
    if (!this.#isVerdict(verdict)) throw new Error('an answer that is no verdict');
    const kind = ['move-input', 'shoot-input', 'user-input'].indexOf(input.kind);
    let outcome = OUTCOMES.indexOf(verdict.outcome);
    if (verdict.outcome === 'rejected') {
      const index = this.#rejectionCodes.indexOf(verdict.code);
      if (index === -1) throw new Error(`the code ${verdict.code} is not in the table`);
      outcome += index;
    }
    this.#coverage.note(kind * 64 + outcome);
  }

  #checkRows(): void {
    const { entities, rows } = this.world.snapshot;
    const width = this.world.snapshotFields.length;
    if (entities.length !== rows.length) throw new Error('rows and entities differ in number');
    for (let index = 0; index < rows.length; index += 1) {
      const entity = entities[index] as number;
      const row = rows[index] as readonly number[];
      if (index > 0 && entity <= (entities[index - 1] as number)) throw new Error('entity order');
      if (row.length !== width) throw new Error('a row of another width');
      if (row.some((value) => (value | 0) !== value)) throw new Error(`a row holds ${row.join()}`);
      this.#checkPlace(entity, row);
    }
  }

  /** A respawn is the only leap. */
  #checkPlace(entity: number, row: readonly number[]): void {
    const { x: columnX = 0, y: columnY = 0, isAlive: columnAlive = 0 } = this.#columns;
    const x = row[columnX] as number;
    const y = row[columnY] as number;
    const isAlive = row[columnAlive] as number;
    const { tick } = this.world;
    const last = this.#places.get(entity);
    this.#places.set(entity, { tick, x, y, isAlive });
    if (last === undefined || (last.isAlive === 0 && isAlive === 1)) return;
    const distance = Math.hypot(x - last.x, y - last.y);
    const bound = (tick - last.tick) * MILLIMETRES_PER_TICK + ROUNDING;
    if (distance > bound) throw new Error(`a player moved ${distance} mm, ${bound} are possible`);
  }
}

interface StageParts {
  readonly script: ScriptReader;
  readonly coverage: Coverage;
}

/** `rejected` last: its codes follow. */
const OUTCOMES = ['accepted', 'clamped', 'stale', 'duplicate', 'rejected'];

function faultOf(step: WorldStep): string {
  return String(step.faults[0]?.error);
}

/** `createWorld` is another one only to plant a bug in it. */
export function createWorldTarget(
  production: Production,
  createWorld: CreateWorld = (options) => new production.World(options),
): FuzzTarget {
  const createAuthorities = production.createDefaultAuthorities({
    geometry: production.createArenaGeometry(ARENA),
    combat: COMBAT,
  });
  return {
    name: 'world',
    isDecoder: false,
    isAsync: false,
    shape: 'script',
    inputBytesMax: 1_024,
    createSeeds: () => [],
    execute(input, coverage) {
      const script = new ScriptReader(input);
      const world = createWorld({
        worldId: 'fuzz' as WorldId,
        tickRateHz: TICK_RATE_HZ,
        createAuthorities,
        inputLimits: INPUT_LIMITS,
        random: createPrng(script.byte()),
      });
      const stage = new WorldStage(production, world, { script, coverage });
      stage.begin();
      for (let step = 0; step < STEPS_MAX && !script.isOver; step += 1) stage.run();
      stage.end();
    },
    describe(key) {
      const kind = ['move-input', 'shoot-input', 'user-input'][Math.floor(key / 64)];
      const outcome = key % 64;
      const code = production.INPUT_REJECTION_CODES[outcome - 4];
      return `${kind}/${outcome < 4 ? OUTCOMES[outcome] : `rejected/${code}`}`;
    },
  };
}
