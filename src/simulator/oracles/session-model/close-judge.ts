/**
 * Whether a connection that was closed got the word of the cause, where there was room for it. In:
 * connections as they end. Out: problems.
 */
import type { ModelConnection } from './model-connection.ts';
import type { ModelHost } from './model-host.ts';

/** Heartbeats that a peer may be behind and still has room for a goodbye. */
const BEATS_BEHIND_MAX = 2.5;

export interface ClosedConnection {
  readonly connection: ModelConnection;
  readonly word: string;
  /** There was room for it, as far as is known. */
  readonly isKnown: boolean;
}

export class CloseJudge {
  readonly #host: ModelHost;

  constructor(host: ModelHost) {
    this.#host = host;
  }

  /** Whether what the host has said to it has been read, so that there is room for a goodbye. */
  keepsUp({ readUntil }: ModelConnection, now: number): boolean {
    return now - readUntil <= BEATS_BEHIND_MAX * this.#host.policy.heartbeatIntervalMs;
  }

  problemOf({ connection, word, isKnown }: ClosedConnection, now: number): string | undefined {
    this.#host.closing.delete(connection);
    if (!connection.isOpen || connection.isLost) return undefined;
    const { closeWord } = connection;
    if (closeWord === word) return undefined;
    if (closeWord === undefined && !(isKnown && this.#isRoomy(connection, now))) return undefined;
    const told = closeWord ?? 'nothing';
    return `and ${connection.peerId} is told ${told}, not '${word}' (L12c)`;
  }

  #isRoomy(connection: ModelConnection, now: number): boolean {
    return connection.readUntil === -Infinity || this.keepsUp(connection, now);
  }
}
