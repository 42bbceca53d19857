/** What is wrong with a bot's line, each way; as the conditions of `conditionedTransport`. */
export interface BotLine {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly lossRate: number;
}
