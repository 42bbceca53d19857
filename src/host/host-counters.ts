/** What a host has counted since it was created. Numbers only; the host adds, anyone may read. */
export class HostCounters {
  connectionsOpened = 0;
  connectionsClosed = 0;
  connectionsRefused = 0;
  bytesReceived = 0;
  messagesReceived = 0;
  /** Bytes of a connection that has ended here already. */
  lateMessages = 0;
  overBudgetMessages = 0;
  /** Messages that the state of their session does not allow. */
  misplacedMessages = 0;
  unknownNonces = 0;
  loginsRefused = 0;
  slowConsumers = 0;
  rateLimited = 0;
  protocolErrors = 0;
  /** Hooks and authorities of the user that threw. */
  userErrors = 0;
  worldsFailed = 0;
  ticks = 0;
  reliableMessagesSent = 0;
  snapshotsEncoded = 0;
  readonly malformedByCode: Map<string, number> = new Map();

  countMalformed(code: string): void {
    this.malformedByCode.set(code, (this.malformedByCode.get(code) ?? 0) + 1);
  }
}
