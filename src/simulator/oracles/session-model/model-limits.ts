/** What one connection may ask of a host, as docs say it: the model's own numbers. */
export interface ModelLimits {
  readonly syncMessagesPerSecond: number;
  readonly reliableMessagesPerSecond: number;
  readonly messageBurst: number;
  readonly strikesMax: number;
  readonly sessionsPerAddressMax: number;
}

/** The defaults at this tick rate, but for what is given. */
export function modelLimits(
  { tickRateHz, livenessTimeoutMs }: { tickRateHz: number; livenessTimeoutMs: number },
  given: Partial<ModelLimits> = {},
): ModelLimits {
  const { reliableMessagesPerSecond = 2 * tickRateHz } = given;
  const mostPerSecond = Math.max(tickRateHz, reliableMessagesPerSecond);
  const stall = mostPerSecond * (livenessTimeoutMs / 1_000) * 1.2;
  return {
    syncMessagesPerSecond: given.syncMessagesPerSecond ?? 4 * tickRateHz,
    reliableMessagesPerSecond,
    messageBurst: given.messageBurst ?? Math.max(64, Math.ceil(stall)),
    strikesMax: given.strikesMax ?? 32,
    sessionsPerAddressMax: given.sessionsPerAddressMax ?? 32,
  };
}
