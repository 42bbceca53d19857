/**
 * What a client was told: the server's words that settle something, taken from what the server sent
 * when the client receives them. The reliable lane is complete and in order, so the nth message of
 * a connection that arrives is the nth that was sent. In: both ends' entries of a trace, in order.
 * Out: the word that has just arrived.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { Close, LoginAccepted, LoginRejected } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { TraceCursor } from '../../trace.ts';

export type ServerWord = LoginAccepted | LoginRejected | Close;

const SETTLING: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES['login-accepted'],
  MESSAGE_KIND_BYTES['login-rejected'],
  MESSAGE_KIND_BYTES.close,
]);

interface Stream {
  sent: number;
  received: number;
  /** Oldest first. */
  readonly underWay: { readonly index: number; readonly word: ServerWord }[];
}

export class ServerWords {
  /** By connection. */
  readonly #streams = new Map<number, Stream>();

  /** A connection begins: its number may have been another's long ago. */
  begin(connection: number): void {
    this.#streams.set(connection, { sent: 0, received: 0, underWay: [] });
  }

  /** The cursor is at a message that the server has sent. */
  sent(cursor: TraceCursor): void {
    const stream = this.#streams.get(cursor.connection);
    if (stream === undefined || cursor.isSync) return;
    const index = stream.sent++;
    if (!SETTLING.has(cursor.firstByte)) return;
    const word = decodeServerMessage(cursor.bytes());
    if (isServerWord(word)) stream.underWay.push({ index, word });
  }

  /** The cursor is at a message that the client receives. */
  received(cursor: TraceCursor): ServerWord | undefined {
    const stream = this.#streams.get(cursor.connection);
    if (stream === undefined || cursor.isSync) return undefined;
    const index = stream.received++;
    if (stream.underWay[0]?.index !== index) return undefined;
    return stream.underWay.shift()?.word;
  }
}

function isServerWord(message: { readonly kind: string }): message is ServerWord {
  const { kind } = message;
  return kind === 'login-accepted' || kind === 'login-rejected' || kind === 'close';
}
