/** Whom forged credentials claim to be. In: them. Out: a name, or none. */
export function claimedPlayers(credentials: unknown): string[] {
  const { playerId } = Object(credentials) as { readonly playerId?: unknown };
  return typeof playerId === 'string' ? [playerId] : [];
}
