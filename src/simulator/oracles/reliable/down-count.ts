/**
 * Numbers the counted messages of the server as they leave it: implicitly, by counting on the
 * reliable lane, over all connections of a session. In: one peer's trace at the server, in order:
 * logins, Resumes, frames. Out: the number of each counted frame, and whether that number has been
 * sent before. Must not know: whether that is right.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import { decodeClientMessage } from '../../../protocol/client-codec.ts';
import type { LoginAccepted, Resume, Resynced } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';

export const COUNTED_DOWN: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES.roster,
  MESSAGE_KIND_BYTES['combat-event'],
  MESSAGE_KIND_BYTES['verdict-report'],
  MESSAGE_KIND_BYTES['user-message'],
]);

const ACCEPTED = MESSAGE_KIND_BYTES['login-accepted'];
const RESYNCED = MESSAGE_KIND_BYTES.resynced;
const RESUME = MESSAGE_KIND_BYTES.resume;

/** How a connection goes on with what a session was told before. */
export type Continuation = 'fresh' | 'restarted' | 'gap' | 'normal';

export interface CountedFrame {
  /** From 1. */
  readonly number: number;
  /** It has been sent before, on an older connection. */
  readonly isAgain: boolean;
}

interface Stream {
  /** The highest number that was ever sent. */
  top: number;
}

/** One connection from its LoginAccepted on. */
export interface CountedLink {
  readonly sessionId: string;
  readonly continuation: Continuation;
  /** Of the Resume; undefined = it had none, or there was no Resume. */
  readonly clientReceived: number | undefined;
  readonly resynced: Resynced | undefined;
  /** The highest number that had been sent before it. */
  readonly topBefore: number;
  /** Of the next counted message. */
  readonly next: number;
}

export class DownCount {
  readonly #streams = new Map<string, Stream>();
  /** Both by connection. */
  readonly #resumes = new Map<number, Resume>();
  readonly #links = new Map<number, { -readonly [Key in keyof CountedLink]: CountedLink[Key] }>();

  /** A frame that reached the server. */
  handleReceived(connection: number, firstByte: number, bytes: () => Uint8Array): void {
    if (firstByte !== RESUME) return;
    const message = decodeClientMessage(bytes());
    if (message.kind === 'resume') this.#resumes.set(connection, message);
  }

  handleOpened(connection: number): void {
    this.#resumes.delete(connection);
    this.#links.delete(connection);
  }

  /** The newest Resume that came on it. */
  resumeOn(connection: number): Resume | undefined {
    return this.#resumes.get(connection);
  }

  link(connection: number): CountedLink | undefined {
    return this.#links.get(connection);
  }

  /** A frame that leaves the server; undefined = it has no number. */
  handleSent(
    connection: number,
    firstByte: number,
    bytes: () => Uint8Array,
  ): CountedFrame | undefined {
    if (firstByte === ACCEPTED) {
      const message = decodeServerMessage(bytes());
      if (message.kind === 'login-accepted') this.#begin(connection, message);
      return undefined;
    }
    const link = this.#links.get(connection);
    if (link === undefined) return undefined;
    if (firstByte === RESYNCED) {
      const message = decodeServerMessage(bytes());
      if (message.kind === 'resynced') this.#resync(link, message);
      return undefined;
    }
    if (!COUNTED_DOWN.has(firstByte)) return undefined;
    const stream = this.#streams.get(link.sessionId);
    if (stream === undefined) return undefined;
    const number = link.next++;
    const isAgain = number <= stream.top;
    if (!isAgain) stream.top = number;
    return { number, isAgain };
  }

  #begin(connection: number, accepted: LoginAccepted): void {
    const { sessionId, isResumed, reliableReceived } = accepted;
    const clientReceived = isResumed ? this.#resumes.get(connection)?.reliableReceived : undefined;
    const isNormal = isResumed && reliableReceived !== undefined && clientReceived !== undefined;
    const topBefore = this.#streams.get(sessionId)?.top ?? 0;
    if (!isNormal) this.#streams.set(sessionId, { top: 0 });
    else if (!this.#streams.has(sessionId)) this.#streams.set(sessionId, { top: clientReceived });
    const continuation = isNormal ? 'normal' : isResumed ? 'restarted' : 'fresh';
    this.#links.set(connection, {
      sessionId,
      continuation,
      clientReceived,
      resynced: undefined,
      topBefore,
      next: isNormal ? clientReceived + 1 : 1,
    });
  }

  #resync(
    link: { -readonly [Key in keyof CountedLink]: CountedLink[Key] },
    resynced: Resynced,
  ): void {
    link.resynced = resynced;
    link.next = resynced.reliableSent + 1;
    if (link.continuation !== 'normal') return;
    link.continuation = 'gap';
    this.#streams.set(link.sessionId, { top: resynced.reliableSent });
  }
}
