/**
 * What the transport contract needs from a transport under test, and the two recorders that stand
 * in for the host and for a client. In: events. Out: logs that tests compare.
 */
import type { CloseCode } from '../../src/protocol/codes.ts';
import type { Lane } from '../../src/protocol/lanes.ts';
import type {
  ClientCloseInfo,
  ClientConnection,
  ClientConnectionHandler,
  ConnectionRefusal,
  ConnectionRequest,
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from '../../src/transport/transport.ts';

export interface ReaderControl {
  readonly connection: ClientConnection;
  pauseReading(): void;
  resumeReading(): void;
}

/** One transport under test, with one server that isn't started. */
export interface TransportHarness {
  readonly server: TransportServer;
  readonly clientMessageBytesMax: number;
  readonly serverMessageBytesMax: number;
  /** The lane that a sync message arrives on. */
  readonly syncArrivesAs: Lane;
  /** What the client's and the server's connection say of it. Default: ordered, both. */
  readonly isSyncOrdered?: readonly [client: boolean, server: boolean];
  /** Whether payloads are kept framed. */
  readonly framesPayloads: boolean;
  /** What its PeerIds look like. Default: 128 random bits as hexadecimal text. */
  readonly peerIdPattern?: RegExp;
  connect(url: string, handler: ClientConnectionHandler): ClientConnection;
  /** A client whose reader can stop. */
  connectReader(url: string, handler: ClientConnectionHandler): ReaderControl;
  /** An URL where nobody listens. */
  readonly deadUrl: string;
  /** Lets time pass until the condition holds; fails when it doesn't within a few seconds. */
  until(condition: () => boolean): Promise<void>;
  /** Lets everything that is in flight arrive. */
  settle(): Promise<void>;
}

interface ServerEvent {
  readonly kind: 'open' | 'bytes' | 'malformed' | 'closed';
  readonly connection: TransportConnection;
  readonly text: string;
}

/** Bytes as text that is short and easy to compare. */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length <= 32) return Buffer.from(bytes).toString('latin1');
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `${bytes.length} bytes, ${(hash >>> 0).toString(16)}`;
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

/** `length` bytes that differ by `seed`. */
export function patternOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17) & 0xff);
}

export function payloadOf(text: string, lane: Lane = 'reliable'): OutboundPayload {
  return { lane, bytes: bytesOf(text) };
}

/** Stands in for the host: admits everybody, writes down everything. */
export class RecordingHost implements TransportHandler {
  readonly events: ServerEvent[] = [];
  readonly requests: ConnectionRequest[] = [];
  readonly connections: TransportConnection[] = [];
  admit: (request: ConnectionRequest) => ConnectionRefusal = () => undefined;
  onOpen: (connection: TransportConnection) => void = () => undefined;
  onBytes: (connection: TransportConnection, lane: Lane, bytes: Uint8Array) => void = () =>
    undefined;

  admitConnection(request: ConnectionRequest): ConnectionRefusal {
    this.requests.push(request);
    return this.admit(request);
  }

  handleOpen(connection: TransportConnection): void {
    this.connections.push(connection);
    this.#record('open', connection, '');
    this.onOpen(connection);
  }

  handleBytes(connection: TransportConnection, lane: Lane, bytes: Uint8Array): void {
    this.#record('bytes', connection, textOf(bytes));
    this.onBytes(connection, lane, bytes);
  }

  handleMalformed(connection: TransportConnection, code: string): void {
    this.#record('malformed', connection, code);
  }

  handleClosed(connection: TransportConnection): void {
    this.#record('closed', connection, '');
  }

  /** `open`, `bytes hello`, `closed` …: what happened on one connection. */
  logOf(connection: TransportConnection): string[] {
    return this.events
      .filter((event) => event.connection === connection)
      .map(({ kind, text }) => (text === '' ? kind : `${kind} ${text}`));
  }

  /** The messages that arrived on one connection. */
  messagesOf(connection: TransportConnection): string[] {
    return this.events
      .filter((event) => event.connection === connection && event.kind === 'bytes')
      .map(({ text }) => text);
  }

  count(kind: ServerEvent['kind']): number {
    return this.events.filter((event) => event.kind === kind).length;
  }

  #record(kind: ServerEvent['kind'], connection: TransportConnection, text: string): void {
    this.events.push({ kind, connection, text });
  }
}

/** Stands in for a client. */
export class RecordingClient implements ClientConnectionHandler {
  readonly log: string[] = [];
  readonly messages: string[] = [];
  readonly lanes = new Set<Lane>();
  closeCode: CloseCode | undefined;
  isOpen = false;
  closedCount = 0;
  onBytes: (bytes: Uint8Array) => void = () => undefined;

  handleOpen(): void {
    this.isOpen = true;
    this.log.push('open');
  }

  handleBytes(lane: Lane, bytes: Uint8Array): void {
    this.lanes.add(lane);
    this.messages.push(textOf(bytes));
    this.log.push(`bytes ${textOf(bytes)}`);
    this.onBytes(bytes);
  }

  handleClosed({ code }: ClientCloseInfo): void {
    this.closedCount += 1;
    this.closeCode = code;
    this.log.push(code === undefined ? 'closed' : `closed ${code}`);
  }
}

/** Both sides of one open connection. */
export interface OpenPair {
  readonly client: RecordingClient;
  readonly connection: ClientConnection;
  readonly peer: TransportConnection;
}

/** A started server with its host and any number of clients. */
export class TransportScene {
  readonly host = new RecordingHost();
  readonly harness: TransportHarness;
  url = '';

  constructor(harness: TransportHarness) {
    this.harness = harness;
  }

  async start(): Promise<this> {
    this.url = await this.harness.server.start(this.host);
    return this;
  }

  /** A client without waiting for anything. */
  begin(): { readonly client: RecordingClient; readonly connection: ClientConnection } {
    const client = new RecordingClient();
    return { client, connection: this.harness.connect(this.url, client) };
  }

  /** A client that is open on both sides. */
  async connect(): Promise<OpenPair> {
    const opened = this.host.connections.length;
    const begun = this.begin();
    await this.harness.until(() => begun.client.isOpen && this.host.connections.length > opened);
    const peer = this.host.connections[opened];
    if (peer === undefined) throw new Error('the server saw no connection');
    return { ...begun, peer };
  }
}
