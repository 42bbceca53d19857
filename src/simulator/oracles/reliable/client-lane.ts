/**
 * The counted messages of one player's client as it sends and takes them: what it acknowledges is
 * what it has taken, what the server has not taken it sends again, first and in order. In: one
 * peer's trace at the client, and the server's words as they arrive. Out: problems. Shares no code
 * with src/client.
 */
import { decodeClientMessage } from '../../../protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { LoginAccepted, ServerMessage } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { TraceCursor } from '../../trace.ts';
import { COUNTED_DOWN } from './down-count.ts';
import { COUNTED_UP } from './server-lane.ts';

const ANSWER = MESSAGE_KIND_BYTES['heartbeat-answer'];
const RESUME = MESSAGE_KIND_BYTES.resume;

/** What a client remembers of its session. */
interface Memory {
  readonly sessionId: string;
  readonly epoch: number;
  /** With which it resumes. */
  readonly token: string;
  /** Of the server's. */
  received: number;
  /** By number - 1: how large, and of which kind. */
  readonly sent: { readonly size: number; readonly firstByte: number }[];
}

/** One connection, in the order of its reliable lane. */
interface Wire {
  /** Messages of the server that are on their way, oldest first; only what must be read. */
  readonly underWay: { readonly index: number; readonly message: ServerMessage }[];
  sent: number;
  received: number;
  /** What it said of its own count with each word that says it, as they left, oldest first. */
  readonly said: {
    readonly firstByte: number;
    readonly received: number | undefined;
    readonly token: string | undefined;
  }[];
}

export class ClientLane {
  readonly #report: (problem: string, at: number) => void;
  readonly #wires = new Map<number, Wire>();
  #memory: Memory | undefined;
  #client = 0;
  /** The connection on which it is logged in. */
  #connection: number | undefined;
  /** Of the next counted message that it sends. */
  #next = 1;
  /** It has to be sent up to this number at once. */
  #again: { readonly until: number; readonly at: number } | undefined;

  constructor(report: (problem: string, at: number) => void) {
    this.#report = report;
  }

  /** `client` counts the processes and logins of the player. */
  handleBegun(client: number, connection: number): void {
    if (client !== this.#client) this.#memory = undefined;
    this.#client = client;
    this.#connection = undefined;
    this.#wires.set(connection, { underWay: [], sent: 0, received: 0, said: [] });
  }

  /** Before anything that happens at `at`. */
  settle(at: number): void {
    const again = this.#again;
    if (again === undefined || again.at >= at) return;
    this.#again = undefined;
    if (this.#next > again.until || this.#connection === undefined) return;
    const text = `sends ${this.#next - 1} again, and has sent up to ${again.until} before`;
    this.#report(text, again.at);
  }

  /** The server sends. */
  handleServerSent(cursor: TraceCursor): void {
    const wire = this.#wires.get(cursor.connection);
    if (wire === undefined || cursor.isSync) return;
    const index = wire.sent++;
    if (!IS_READ.has(cursor.firstByte)) return;
    const message = decodeServerMessage(cursor.bytes());
    if (message.kind !== 'rejected') wire.underWay.push({ index, message });
  }

  /** The client hears. */
  handleHeard(cursor: TraceCursor): void {
    const { connection, firstByte, at } = cursor;
    const wire = this.#wires.get(connection);
    if (wire === undefined || cursor.isSync) return;
    const index = wire.received++;
    if (wire.underWay[0]?.index === index) {
      this.#handleWord(wire.underWay.shift()!.message, connection, at);
    }
    if (
      this.#memory !== undefined &&
      connection === this.#connection &&
      COUNTED_DOWN.has(firstByte)
    )
      this.#memory.received += 1;
  }

  /** The client sends. */
  handleSent({ connection, firstByte, size, isSync, at }: TraceCursor): void {
    const wire = this.#wires.get(connection);
    if (wire === undefined) return;
    if (firstByte === ANSWER || firstByte === RESUME) {
      const { received, token } = this.#memory ?? {};
      wire.said.push({ firstByte, received, token });
    }
    const memory = this.#memory;
    if (memory === undefined || isSync || !COUNTED_UP.has(firstByte)) return;
    if (connection !== this.#connection) return;
    const number = this.#next++;
    const before = memory.sent[number - 1];
    if (before === undefined) memory.sent.push({ size, firstByte });
    else if (before.size !== size || before.firstByte !== firstByte) {
      this.#report(`sends another message ${number} than before`, at);
    }
  }

  /** What it had said arrives, and can be read. */
  handleArrived(cursor: TraceCursor): void {
    const { connection, firstByte, at } = cursor;
    if (firstByte !== ANSWER && firstByte !== RESUME) return;
    const said = this.#wires.get(connection)?.said.shift();
    const message = decodeClientMessage(cursor.bytes());
    if (message.kind !== 'heartbeat-answer' && message.kind !== 'resume') return;
    if (said === undefined) return;
    const isResume = message.kind === 'resume' && said.token !== undefined;
    if (isResume && message.token !== said.token) {
      this.#report('resumes with another token than its newest', at);
    }
    if (message.reliableReceived === said.received) return;
    const text = `says that it has taken ${message.reliableReceived}, not ${said.received}`;
    this.#report(`${text} (${message.kind})`, at);
  }

  #handleWord(message: ServerMessage, connection: number, at: number): void {
    if (message.kind === 'login-accepted') this.#logIn(message, connection, at);
    else if (message.kind === 'resynced' && connection === this.#connection && this.#memory) {
      this.#memory.received = message.reliableSent;
    }
  }

  #logIn(accepted: LoginAccepted, connection: number, at: number): void {
    const { sessionId, epoch, isResumed, reliableReceived, resumeToken: token } = accepted;
    const memory = this.#memory;
    // C7: an answer of an older life.
    if (memory?.sessionId === sessionId && epoch < memory.epoch) return;
    this.#connection = connection;
    if (memory === undefined || !isResumed || reliableReceived === undefined) {
      this.#memory = { sessionId, epoch, token, received: 0, sent: [] };
      this.#next = 1;
      return;
    }
    this.#memory = { ...memory, epoch, token };
    this.#next = reliableReceived + 1;
    const until = memory.sent.length;
    if (reliableReceived > until) {
      this.#report(`is told that ${reliableReceived} were taken, having sent ${until}`, at);
    }
    this.#again = { until, at };
  }
}

const IS_READ: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES['login-accepted'],
  MESSAGE_KIND_BYTES.resynced,
]);
