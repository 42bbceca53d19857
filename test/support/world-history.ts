/**
 * Histories of a world: anything that can happen to it, and what it was after each tick. In: a
 * build of the authority room (the source, or a copy with a planted bug) and a list of events. Out:
 * what the world said, and whether a world that is brought back says the same.
 */
import fc from 'fast-check';
import type * as AuthorityRoom from '../../src/authority/index.ts';
import type { AuthorityEvent, AuthorityInput, WorldStep } from '../../src/authority/index.ts';
import type * as PrngFile from '../../src/base/prng.ts';
import type { PlayerId, WorldId } from '../../src/protocol/ids.ts';
import type { GhostPolicy } from '../../src/session/session-policy.ts';
import { fakeSession, type FakeSession } from './fake-session.ts';
import { LuckAuthority } from './luck-rule.ts';

export type AuthorityModule = typeof AuthorityRoom;

/** One build of what is tested. */
export interface WorldBuild {
  readonly authority: AuthorityModule;
  readonly createPrng: typeof PrngFile.createPrng;
}

/** `root` ends with a slash: the folder of the rooms. */
export async function loadWorldBuild(root: URL, extension: 'ts' | 'js'): Promise<WorldBuild> {
  const load = (name: string): Promise<unknown> =>
    import(new URL(`${name}.${extension}`, root).href);
  const authority = (await load('authority/index')) as AuthorityModule;
  const { createPrng } = (await load('base/prng')) as typeof PrngFile;
  return { authority, createPrng };
}

/** Names as hostile as ids may be. */
const PLAYERS = ['ann', 'bob', '__proto__', '🜁'.repeat(32), 'constructor', ' '] as PlayerId[];

export type HistoryEvent =
  | { readonly op: 'join' | 'leave' | 'resume'; readonly player: number }
  | { readonly op: 'suspend'; readonly player: number; readonly ghost: GhostPolicy }
  | { readonly op: 'input'; readonly player: number; readonly input: AuthorityInput }
  | { readonly op: 'step'; readonly count: number };

const player = fc.nat(PLAYERS.length - 1);
const direction = fc.oneof(
  fc.constantFrom(-1, -0, 0, 1, 0.6, 0.8),
  fc.float({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
);
/** Relative to the next tick; turned into an absolute one when the event happens. */
const tickOff = fc.constantFrom(0, 0, 0, 1, 2, -1, 8, 9);
const move = fc.record({
  kind: fc.constant('move-input' as const),
  tick: tickOff,
  directionX: direction,
  directionY: direction,
  yaw: fc.double({ min: -10, max: 10, noNaN: true }),
});
const shot = fc.record({
  kind: fc.constant('shoot-input' as const),
  tick: tickOff,
  targetPlayerId: fc.constantFrom(undefined, ...PLAYERS, 'nobody' as PlayerId),
  directionX: direction,
  directionY: direction,
  /** Relative as well. */
  viewTick: fc.oneof(
    fc.constantFrom(0, -1, -2.5, -3, 1, 2 ** 49),
    fc.double({ min: -8, max: 1, noNaN: true }),
  ),
  roundTripMs: fc.constantFrom(0, 0, 30, 60, 400),
});
const luck = fc.record({
  kind: fc.constant('user-input' as const),
  name: fc.constant('luck'),
  payload: fc.record({ stake: fc.constantFrom(0, -0, 1, 7.5, 60, -1), note: fc.jsonValue() }),
});

export const historyEvents: fc.Arbitrary<HistoryEvent[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('join' as const), player }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('leave', 'resume'), player }) },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('suspend' as const),
        player,
        ghost: fc.constantFrom('vulnerable', 'protected', 'removed'),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        op: fc.constant('input' as const),
        player,
        input: fc.oneof(move, shot, luck),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ op: fc.constant('step' as const), count: fc.constantFrom(1, 1, 2) }),
    },
  ),
  { minLength: 10, maxLength: 120, size: 'max' },
);

/** What a world was after one tick; `bytes` are hexadecimal, so that differences can be read. */
export interface TickImage {
  readonly tick: number;
  readonly snapshot: { readonly entities: readonly number[]; readonly rows: readonly number[][] };
  readonly roster: readonly string[];
  readonly entered: readonly string[];
  readonly left: readonly number[];
  /** What rules said of this tick; not what was refused on arrival. */
  readonly events: readonly AuthorityEvent[];
  /** Of the inputs that ran. */
  readonly verdicts: readonly string[];
  readonly faults: readonly string[];
}

/** One tick with what would have been kept of it. */
export interface KeptTick {
  readonly image: TickImage;
  readonly checkpoint: Uint8Array;
  readonly record: Uint8Array | undefined;
}

export interface HistoryOptions {
  readonly seed: number;
  /** False: no journal, and no checkpoint is taken. Default true. */
  readonly isKept?: boolean;
  /** False: players share the world's random numbers. */
  readonly hasOwnRandom: boolean;
}

/** Worlds of one build, small enough that shots meet. */
export function worldOptions(
  { authority, createPrng }: WorldBuild,
  { seed, isKept = true, hasOwnRandom }: HistoryOptions,
): AuthorityRoom.WorldOptions {
  const geometry = authority.createArenaGeometry({
    bounds: { minX: 0, minY: 0, maxX: 8, maxY: 6 },
    obstacles: [{ shape: 'circle', x: 4, y: 3, radius: 0.7 }],
  });
  return {
    worldId: 'history' as WorldId,
    tickRateHz: 20,
    random: createPrng(seed),
    ...(hasOwnRandom ? { createPlayerRandom: (id) => createPrng(seed + id.length) } : {}),
    keepsJournal: isKept,
    createAuthorities: authority.createDefaultAuthorities({
      geometry,
      combat: {
        damagePerHit: 60,
        cooldownMs: 100,
        respawnDelayMs: 300,
        hitRadiusMetres: 1,
        aimToleranceMetres: 6,
      },
      rules: (context) => [new LuckAuthority(context, authority)],
    }),
  };
}

/** Lives through the events; the first entry is the world before its first tick. */
export function live(
  build: WorldBuild,
  events: readonly HistoryEvent[],
  options: HistoryOptions,
): KeptTick[] {
  const world = new build.authority.World(worldOptions(build, options));
  const sessions = new Map<PlayerId, FakeSession>();
  const isKept = options.isKept ?? true;
  const kept: KeptTick[] = [];
  let image = imageOf(world, emptyStep());
  // Deliberate: just before the next step, when changes and inputs wait that are not in it.
  const keep = (): void => {
    const checkpoint = isKept ? world.checkpoint() : new Uint8Array(0);
    kept.push({ image, checkpoint, record: world.journalRecord });
  };
  for (const event of events) {
    if (event.op !== 'step') {
      apply(world, sessions, event);
      continue;
    }
    for (let count = 0; count < event.count; count += 1) {
      keep();
      image = imageOf(world, world.step());
    }
  }
  keep();
  return kept;
}

/** Does what the event says, if it can be said of the player now. */
function apply(
  world: AuthorityRoom.World,
  sessions: Map<PlayerId, FakeSession>,
  event: Exclude<HistoryEvent, { op: 'step' }>,
): void {
  const playerId = PLAYERS[event.player] ?? ('ann' as PlayerId);
  const isSeated = world.entityOf(playerId) !== undefined;
  if (event.op === 'join' ? isSeated : !isSeated) return;
  const session = sessions.get(playerId);
  switch (event.op) {
    case 'join':
    case 'resume': {
      const fresh = fakeSession(playerId);
      sessions.set(playerId, fresh);
      if (event.op === 'join') world.addPlayer(fresh);
      else world.resumePlayer(fresh);
      break;
    }
    case 'leave':
      world.removePlayer(playerId);
      break;
    case 'suspend':
      world.suspendPlayer(playerId, event.ghost);
      break;
    case 'input': {
      if (session !== undefined) world.receive(session, dated(event.input, world.tick + 1), 0.5);
      break;
    }
    default:
      event satisfies never;
  }
}

/** What is relative to the next tick, made absolute. */
function dated(input: AuthorityInput, next: number): AuthorityInput {
  if (input.kind === 'user-input') return input;
  const tick = next + input.tick;
  if (input.kind === 'move-input') return { ...input, tick };
  return { ...input, tick, viewTick: Math.max(0, next + input.viewTick) };
}

export function imageOf(world: AuthorityRoom.World, step: WorldStep): TickImage {
  const { entities, rows } = world.snapshot;
  return {
    tick: world.tick,
    snapshot: { entities: [...entities], rows: rows.map((row) => [...row]) },
    roster: Array.from(world.roster(), ({ entity, playerId }) => `${entity}=${playerId}`),
    entered: step.roster.entered.map(({ entity, playerId }) => `${entity}=${playerId}`),
    left: [...step.roster.left],
    events: step.events.filter(({ message }) => isOfTick(message, step.tick)),
    verdicts: step.verdicts.map(
      ({ session, input, verdict }) => `${session.playerId} ${text(input)} ${text(verdict)}`,
    ),
    faults: step.faults.map(({ session, error }) => `${session.playerId}: ${String(error)}`),
  };
}

function isOfTick(message: AuthorityEvent['message'], tick: number): boolean {
  return message.kind === 'user-event' || message.tick === tick;
}

function emptyStep(): WorldStep {
  return { tick: 0, events: [], verdicts: [], faults: [], roster: { entered: [], left: [] } };
}

/** JSON that tells −0 from 0. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (Object.is(each, -0) ? '-0' : each));
}

export function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
