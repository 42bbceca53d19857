/**
 * A transport without a network: the test plays every event, also those that a decent transport
 * would not deliver, such as bytes after a close. In: the host's handler. Out: what the host wrote.
 */
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { CloseCode, DecodeRejectionCode } from '../../src/protocol/codes.ts';
import type { PeerId } from '../../src/protocol/ids.ts';
import type { Lane } from '../../src/protocol/lanes.ts';
import type { ClientMessage, ServerMessage } from '../../src/protocol/messages.ts';
import { ServerFrameDecoder } from '../../src/protocol/server-frame-decoder.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import type {
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from '../../src/transport/transport.ts';

export class ScriptedConnection implements TransportConnection {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin = undefined;
  readonly isSyncOrdered = true;
  /** What the network has not taken, as the test says. */
  bufferedBytes = 0;
  readonly received: ServerMessage[] = [];
  /** One entry per write. */
  readonly writes: number[] = [];
  closeCode: CloseCode | undefined;
  isDropped = false;
  readonly #handler: TransportHandler;
  readonly #decoder = new ServerFrameDecoder();

  constructor(handler: TransportHandler, peerId: string, address: string) {
    this.#handler = handler;
    this.peerId = peerId as PeerId;
    this.address = address;
  }

  write(payloads: readonly OutboundPayload[]): void {
    this.writes.push(payloads.length);
    for (const { bytes } of payloads) {
      const message = this.#decoder.decode(bytes);
      if (message.kind === 'rejected') throw new Error(`the server sent ${message.code}`);
      this.received.push(message);
    }
  }

  close(code: CloseCode): void {
    this.closeCode ??= code;
  }

  drop(): void {
    this.isDropped = true;
  }

  deliver(message: ClientMessage, lane: Lane = 'reliable'): void {
    this.#handler.handleBytes(this, lane, encodeClientMessage(message));
  }

  deliverBytes(bytes: Uint8Array, lane: Lane = 'reliable'): void {
    this.#handler.handleBytes(this, lane, bytes);
  }

  deliverMalformed(code: DecodeRejectionCode & ('text-frame' | 'frame-too-large')): void {
    this.#handler.handleMalformed(this, code);
  }

  login(credentials: unknown): void {
    const text = JSON.stringify(credentials);
    this.deliver({ kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials: text });
  }

  /** The network has ended, whoever wanted it. */
  end(): void {
    this.#handler.handleClosed(this);
  }

  all<Kind extends ServerMessage['kind']>(kind: Kind): Extract<ServerMessage, { kind: Kind }>[] {
    return this.received.filter(
      (message): message is Extract<ServerMessage, { kind: Kind }> => message.kind === kind,
    );
  }
}

export class ScriptedTransport implements TransportServer {
  #handler: TransportHandler | undefined;
  readonly connections: ScriptedConnection[] = [];
  stops = 0;

  async start(handler: TransportHandler): Promise<string> {
    this.#handler = handler;
    return 'scripted://holdfast';
  }

  async stop(): Promise<void> {
    this.stops += 1;
    for (const connection of this.connections.splice(0)) connection.end();
  }

  open(peerId: string, address = '127.0.0.1'): ScriptedConnection {
    if (this.#handler === undefined) throw new Error('the transport has not been started');
    const connection = new ScriptedConnection(this.#handler, peerId, address);
    this.connections.push(connection);
    this.#handler.handleOpen(connection);
    return connection;
  }
}
