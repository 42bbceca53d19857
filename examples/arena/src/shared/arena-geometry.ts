/**
 * The arena: its shape and the numbers of its game, shared by the server, which decides by them,
 * the page, which draws them, and the bots, which steer by them. Metres; y grows downwards.
 */
export interface ArenaBounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export type ArenaObstacle =
  | ({ readonly shape: 'box' } & ArenaBounds)
  | { readonly shape: 'circle'; readonly x: number; readonly y: number; readonly radius: number };

export const ARENA_WORLD_ID = 'arena';

/** 5 : 4, so that it fills what the panel leaves of most windows. */
export const ARENA_BOUNDS: ArenaBounds = { minX: -30, minY: -24, maxX: 30, maxY: 24 };

export const PLAYER_RADIUS = 0.6;
export const PLAYER_SPEED_METRES_PER_SECOND = 7;
export const HIT_POINTS_MAX = 100;
export const SHOT_DAMAGE = 20;
/** The server's least time between two shots. */
export const SHOT_COOLDOWN_MS = 250;
/** How often the page shoots: a tick more, so that a shot which came late delays no other. */
export const SHOT_INTERVAL_MS = 300;
export const SHOT_RANGE_METRES = 26;
export const RESPAWN_DELAY_MS = 3_000;

function box(x: number, y: number, size: { width: number; height: number }): ArenaObstacle {
  const halfWidth = size.width / 2;
  const halfHeight = size.height / 2;
  return {
    shape: 'box',
    minX: x - halfWidth,
    minY: y - halfHeight,
    maxX: x + halfWidth,
    maxY: y + halfHeight,
  };
}

/** The same thing in all four quarters, so that no corner is better than another. */
function fourfold(create: (signX: number, signY: number) => ArenaObstacle): ArenaObstacle[] {
  return [create(1, 1), create(-1, 1), create(1, -1), create(-1, -1)];
}

export const ARENA_OBSTACLES: readonly ArenaObstacle[] = [
  { shape: 'circle', x: 0, y: 0, radius: 2.6 },
  ...fourfold((signX, signY) => box(11 * signX, 9 * signY, { width: 8, height: 1.6 })),
  ...fourfold((signX, signY) => box(21.5 * signX, 14 * signY, { width: 1.6, height: 7 })),
  ...fourfold((signX, signY) => ({
    shape: 'circle',
    x: 7 * signX,
    y: 17.5 * signY,
    radius: 1.5,
  })),
  box(17, 0, { width: 1.6, height: 8 }),
  box(-17, 0, { width: 1.6, height: 8 }),
];
