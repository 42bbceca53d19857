/**
 * Whether a peer is told what has happened to it, and nothing else: that it is in, that its login
 * is refused, goodbye. In: words as they left the host. Out: problems.
 */
import type { LoginAccepted } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { ModelConnection } from './model-connection.ts';
import type { ModelHost } from './model-host.ts';

/** L23: these ends are durable before they are told. */
const DURABLE_ENDS: ReadonlySet<string> = new Set(['left', 'evicted']);

export class WordJudge {
  readonly #host: ModelHost;
  #at = 0;

  constructor(host: ModelHost) {
    this.#host = host;
  }

  /** What a peer is told must be what has happened to it. */
  hear(connection: ModelConnection, bytes: Uint8Array, at: number): void {
    this.#at = at;
    const word = decodeServerMessage(bytes);
    switch (word.kind) {
      case 'heartbeat':
        connection.handleHeartbeatSent(word.nonce, this.#at);
        break;
      case 'login-accepted': {
        const { welcome } = connection;
        connection.welcome = undefined;
        const told = [word.sessionId, word.epoch, word.playerId, word.worldId].join(' ');
        const known = welcome && [
          welcome.sessionId,
          welcome.epoch,
          welcome.playerId,
          welcome.worldId,
        ];
        if (told !== known?.join(' ')) {
          this.#report(connection, `is told that it is in as ${told}, not ${known?.join(' ')}`);
        } else if (word.isResumed !== welcome?.isResumed) {
          this.#report(connection, `is told that it ${word.isResumed ? '' : 'did not '}resume`);
        }
        this.#checkToken(connection, word);
        connection.handleAccepted(word);
        break;
      }
      case 'login-rejected': {
        const refusal = connection.refusals.shift()?.word ?? 'nothing';
        if (refusal === word.code) break;
        this.#report(connection, `is told '${word.code}', not '${refusal}' (L5)`);
        break;
      }
      case 'resynced':
        connection.counted = word.reliableSent;
        break;
      case 'close':
        connection.closeWord = word.code;
        if (DURABLE_ENDS.has(word.code)) {
          this.#host.heritage.told.add(connection.endedSessionId ?? '');
        }
        this.#host.closing.add(connection);
        break;
      case 'rejected':
      case 'roster':
      case 'input-ack':
      case 'combat-event':
      case 'verdict-report':
      case 'user-message':
      case 'user-update':
        break;
    }
  }

  #checkToken(connection: ModelConnection, { sessionId, resumeToken }: LoginAccepted): void {
    const { tokens, policy } = this.#host;
    const problem = tokens.issue(sessionId, resumeToken, policy.reconnectWindowMs > 0);
    if (problem !== undefined) this.#report(connection, problem);
  }

  /** While nothing is under way: nobody waits for a word, nobody was told goodbye for nothing. */
  check(now: number): void {
    this.#at = now;
    const { closing, untold } = this.#host;
    for (const connection of closing) {
      const { closeWord, session } = connection;
      if (session !== undefined) {
        this.#report(connection, `is told '${closeWord}', and its session is ${session.state}`);
      }
    }
    closing.clear();
    for (const connection of untold) {
      const { welcome, refusals, isOpen, isLost } = connection;
      const isGone = !isOpen || isLost;
      const since = Math.min(welcome?.at ?? Infinity, refusals[0]?.at ?? Infinity);
      if (!isGone && since === now) continue;
      untold.delete(connection);
      if (isGone || since === Infinity) continue;
      const word = welcome?.at === since ? 'that it is in' : `'${refusals[0]?.word}' (L5)`;
      this.#report(connection, `is not told ${word}`);
    }
  }

  #report(connection: ModelConnection, text: string): void {
    this.#host.report(this.#at, connection.peer, `${connection.peerId} ${text}`);
  }
}
