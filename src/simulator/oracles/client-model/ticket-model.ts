/**
 * With what a client begins a connection: a Resume while it has a token, a Login otherwise. A
 * reloaded page finds the token again, an end takes it away. In: what the client was told, its
 * ends. Out: what is wrong with a first message. Shares no code with src/client.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { ServerWord } from './server-words.ts';

const { login, resume } = MESSAGE_KIND_BYTES;
/** With which a connection asks again while its first login is under way. */
const WORTH_ANOTHER: ReadonlySet<string> = new Set(['already-logged-in', 'busy']);

/** A connection, as far as it matters here. */
export interface BegunConnection {
  /** When it sent its first message, as it opened. */
  askedAt: number | undefined;
  readonly word: { readonly at: number; readonly said: ServerWord } | undefined;
}

export class TicketModel {
  #hasTicket = false;

  handleAccepted({ resumeToken }: Extract<ServerWord, { kind: 'login-accepted' }>): void {
    this.#hasTicket = resumeToken !== '';
  }

  /** The session is over, or its computer has forgotten it. */
  forget(): void {
    this.#hasTicket = false;
  }

  isFirst(firstByte: number): boolean {
    return firstByte === login || firstByte === resume;
  }

  /** `isFirstLogin`: inside `connect`. */
  problemOf(
    { connection, firstByte, at }: { connection: BegunConnection; firstByte: number; at: number },
    isFirstLogin: boolean,
  ): string | undefined {
    const again = connection.askedAt !== undefined;
    connection.askedAt ??= at;
    if (again && !(isFirstLogin && this.#mayAskAgain(connection, at))) {
      return 'sends a second Login on one connection';
    }
    const isResume = firstByte === resume;
    if (isResume === this.#hasTicket) return undefined;
    return isResume ? 'resumes without a token' : 'logs in though it has a token';
  }

  /** L17, L18: what it asked for is gone, or was taken and may be free now. */
  #mayAskAgain({ word }: BegunConnection, at: number): boolean {
    if (word?.said.kind !== 'login-rejected') return false;
    const { code, retryAfterMs } = word.said;
    if (code === 'resume-refused') {
      this.forget();
      return true;
    }
    return WORTH_ANOTHER.has(code) && at >= word.at + retryAfterMs;
  }
}
