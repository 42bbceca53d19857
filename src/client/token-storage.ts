/**
 * Where a client keeps its resume token, so that a reloaded page goes on with its session.
 * In: the newest ticket, for one server and one login. Out: the ticket that an earlier page kept.
 * The interface is that of `sessionStorage`. A storage that throws keeps nothing.
 * Must not know: connections, whether a token is still good.
 */
import { crc32 } from '../base/crc32.ts';
import { isId } from '../protocol/ids.ts';
import type { SessionId } from '../protocol/ids.ts';
import { isToken } from '../protocol/message-bounds.ts';

/** As `sessionStorage` and `localStorage` have it. */
export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** With what a session is taken up again. */
export interface ResumeTicket {
  readonly sessionId: SessionId;
  readonly token: string;
}

/** As it lies in the storage, where others may have written. */
interface KeptTicket {
  readonly sessionId?: unknown;
  readonly token?: unknown;
  readonly login?: unknown;
}

export interface TicketDrawerOptions {
  /** Undefined = nothing is kept. */
  readonly storage: TokenStorage | undefined;
  readonly url: string;
  /** The encoded Login: who logs in as somebody else goes on with nobody's session. */
  readonly login: Uint8Array;
}

/** The one ticket that is kept for a server. */
export class TicketDrawer {
  readonly #storage: TokenStorage | undefined;
  readonly #key: string;
  readonly #login: number;

  constructor({ storage, url, login }: TicketDrawerOptions) {
    this.#storage = storage;
    this.#key = `holdfast:${url}`;
    // Deliberate: a checksum, so that nothing of the credentials is kept.
    this.#login = storage === undefined ? 0 : crc32(login);
  }

  /** Whether a ticket outlives the client at all. */
  get isKeeping(): boolean {
    return this.#storage !== undefined;
  }

  /** The ticket of an earlier page that logged in with the same credentials. */
  read(): ResumeTicket | undefined {
    const { sessionId, token, login } = this.#parse();
    if (typeof sessionId !== 'string' || !isId(sessionId) || login !== this.#login)
      return undefined;
    if (typeof token !== 'string' || !isToken(token) || token === '') return undefined;
    return { sessionId: sessionId as SessionId, token };
  }

  write({ sessionId, token }: ResumeTicket): void {
    const text = JSON.stringify({ sessionId, token, login: this.#login });
    try {
      this.#storage?.setItem(this.#key, text);
    } catch {
      // Deliberate: full or forbidden. A reload logs in anew.
    }
  }

  /** Leaves a ticket alone that somebody else has put in meanwhile. */
  remove({ token }: ResumeTicket): void {
    if (this.#parse().token !== token) return;
    try {
      this.#storage?.removeItem(this.#key);
    } catch {
      // Deliberate: what can't be removed is refused by the server.
    }
  }

  #parse(): KeptTicket {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '{}');
      return typeof kept === 'object' && kept !== null ? kept : {};
    } catch {
      return {};
    }
  }
}
