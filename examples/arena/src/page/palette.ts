/** The arena's colours. Text and players reach 4.5 : 1 against the floor. */
export const PALETTE = {
  ground: '#0b0f17',
  floor: '#141a26',
  grid: '#1c2433',
  edge: '#33405a',
  obstacle: '#2a354b',
  obstacleEdge: '#43526f',
  self: '#ffffff',
  selfRing: '#5ad1ff',
  text: '#d7deec',
  tracerHit: '#ffd27a',
  tracerMiss: '#8fa3c7',
  tracerOwn: '#5ad1ff',
  healthBack: '#05070c',
  healthGood: '#4fd1a1',
  healthLow: '#f2744a',
  death: '#f2744a',
  ghost: '#e07bf0',
  correction: '#f2e14c',
} as const;

const PLAYER_COLOURS = [
  '#e0a458',
  '#7fb3d5',
  '#c58fd0',
  '#e58c7a',
  '#9cc46b',
  '#d9c95f',
  '#8aa4e8',
  '#6fc2b4',
] as const;

const known = new Map<string, string>();
const KNOWN_MAX = 1_000;

/** Always the same colour for the same player. */
export function colourOfPlayer(playerId: string): string {
  const existing = known.get(playerId);
  if (existing !== undefined) return existing;
  let hash = 0;
  for (const character of playerId) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  const colour = PLAYER_COLOURS[hash % PLAYER_COLOURS.length] ?? PALETTE.text;
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(playerId, colour);
  return colour;
}
