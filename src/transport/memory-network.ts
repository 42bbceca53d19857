/**
 * A transport within one process, for tests and simulations: one server, any number of clients.
 * Time and chance come from the injected scheduler and randomness, so that a run repeats exactly.
 *
 * Promises. `reliable` is ordered and complete. Without `syncLane` one ordered stream carries both
 * lanes and everything arrives as `reliable`, as over a WebSocket. With `syncLane` (also `{}`) the
 * sync lane is a lane of its own that promises nothing: messages can be lost, doubled and overtake
 * each other, and a reader that has stopped misses them.
 *
 * A view that a handler gets is destroyed after the call, so that whoever keeps it is found out.
 * Must not know: what bytes mean.
 */
import type { Scheduler } from '../base/clock.ts';
import type { RandomSource } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { Lane } from '../protocol/lanes.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import { MemoryEnd, lendView } from './memory-end.ts';
import { MemoryPipe } from './memory-pipe.ts';
import type { MemoryDelay, MemorySyncLane } from './memory-pipe.ts';
import { createPeerId } from './peer-id.ts';
import type {
  ClientConnection,
  ClientConnectionHandler,
  ClientTransport,
  ConnectionRequest,
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from './transport.ts';

const ADDRESS = 'memory://holdfast';

export interface MemoryNetworkOptions {
  readonly scheduler: Scheduler;
  /** Mints PeerIds, and draws the faults of clients that have no randomness of their own. */
  readonly random: RandomSource;
  /** How long the stream takes each way. Default: no time. */
  readonly reliableLane?: MemoryDelay;
  /** Gives the sync lane a lane of its own. Default: it shares the ordered stream. */
  readonly syncLane?: MemorySyncLane;
  /** Longest message that the server takes. Default `WIRE_LIMITS.clientFrameBytesMax`. */
  readonly messageBytesMax?: number;
  /** Bytes in flight, each way, before they count as `bufferedBytes`. Default 65 536. */
  readonly windowBytes?: number;
  /** How long a close waits for an answer before it drops. Default 2 000 ms. */
  readonly closeTimeoutMs?: number;
}

export interface MemoryClientOptions {
  /** What the server sees as the remote address. Default 127.0.0.1. */
  readonly address?: string;
  /** Default none, as a native client. */
  readonly origin?: string;
  /** Draws this client's delays and losses, so that nobody else's traffic moves them. */
  readonly random?: RandomSource;
}

/** A connection whose reader can stop, to play a slow consumer. */
export interface MemoryClientConnection extends ClientConnection {
  /** Takes nothing from the network until `resumeReading`. */
  pauseReading(): void;
  resumeReading(): void;
}

export interface MemoryClientTransport extends ClientTransport {
  connect(url: string, handler: ClientConnectionHandler): MemoryClientConnection;
}

export interface MemoryNetwork {
  readonly server: TransportServer;
  /** `createClient()` with its defaults. */
  readonly client: MemoryClientTransport;
  createClient(options?: MemoryClientOptions): MemoryClientTransport;
}

/** A network with one server, which clients reach under any URL. */
export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
  const server = new MemoryServer(options);
  const createClient = (clientOptions: MemoryClientOptions = {}): MemoryClientTransport => ({
    connect: (url, handler) => new MemoryClient({ server, options, clientOptions, url, handler }),
  });
  return { server, client: createClient(), createClient };
}

/** The part of an end's options that both ends share. */
function endOptions(options: MemoryNetworkOptions) {
  return {
    scheduler: options.scheduler,
    hasSyncLane: options.syncLane !== undefined,
    windowBytes: options.windowBytes ?? 65_536,
    closeTimeoutMs: options.closeTimeoutMs ?? 2_000,
  };
}

class MemoryServer implements TransportServer {
  readonly #options: MemoryNetworkOptions;
  readonly #connections = new Set<MemoryConnection>();
  #handler: TransportHandler | undefined;
  #isStopped = false;

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
  }

  async start(handler: TransportHandler): Promise<string> {
    if (this.#isStopped)
      throw new HoldfastError('already-stopped', 'the memory server has stopped');
    if (this.#handler) throw new HoldfastError('already-started', 'the memory server has started');
    this.#handler = handler;
    return ADDRESS;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const connection of this.#connections) connection.stop();
  }

  /** The server's end of a new connection, or undefined where it is refused. */
  accept(request: ConnectionRequest, outbound: MemoryPipe): MemoryConnection | undefined {
    const handler = this.#handler;
    if (handler === undefined || this.#isStopped) return undefined;
    if (handler.admitConnection(request) !== undefined) return undefined;
    const connection = new MemoryConnection({
      options: this.#options,
      handler,
      request,
      outbound,
      onEnded: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }
}

interface MemoryConnectionOptions {
  readonly options: MemoryNetworkOptions;
  readonly handler: TransportHandler;
  readonly request: ConnectionRequest;
  readonly outbound: MemoryPipe;
  readonly onEnded: () => void;
}

class MemoryConnection implements TransportConnection {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin: string | undefined;
  readonly isSyncOrdered: boolean;
  readonly end: MemoryEnd;
  readonly #handler: TransportHandler;

  constructor({ options, handler, request, outbound, onEnded }: MemoryConnectionOptions) {
    this.peerId = createPeerId(options.random);
    this.address = request.address;
    this.origin = request.origin;
    this.isSyncOrdered = options.syncLane === undefined;
    this.#handler = handler;
    const messageBytesMax = options.messageBytesMax ?? WIRE_LIMITS.clientFrameBytesMax;
    this.end = new MemoryEnd({
      ...endOptions(options),
      outbound,
      onReceived: (lane, bytes) => {
        if (bytes.length > messageBytesMax) this.#refuseMessage();
        else lendView(bytes, (view) => handler.handleBytes(this, lane, view));
      },
      onEnded: () => {
        onEnded();
        handler.handleClosed(this);
      },
    });
  }

  get bufferedBytes(): number {
    return this.end.bufferedBytes;
  }

  /** Both ends are up: announces the connection. */
  open(): void {
    this.end.open();
    this.#handler.handleOpen(this);
  }

  write(payloads: readonly OutboundPayload[]): void {
    for (const { lane, bytes } of payloads) this.end.send(lane, bytes);
  }

  close(code: CloseCode): void {
    this.end.close(code);
  }

  drop(): void {
    this.end.drop();
  }

  /** Says goodbye and ends without waiting for an answer. */
  stop(): void {
    this.end.close('server-stopped');
    this.end.end(undefined);
  }

  #refuseMessage(): void {
    this.end.close('protocol-error');
    this.#handler.handleMalformed(this, 'frame-too-large');
  }
}

interface MemoryClientSetup {
  readonly server: MemoryServer;
  readonly options: MemoryNetworkOptions;
  readonly clientOptions: MemoryClientOptions;
  readonly url: string;
  readonly handler: ClientConnectionHandler;
}

class MemoryClient implements MemoryClientConnection {
  readonly isSyncOrdered: boolean;
  readonly #end: MemoryEnd;
  readonly #inbound: MemoryPipe;

  constructor({ server, options, clientOptions, url, handler }: MemoryClientSetup) {
    const pipeOptions = {
      scheduler: options.scheduler,
      random: clientOptions.random ?? options.random,
      stream: options.reliableLane ?? {},
      datagrams: options.syncLane ?? {},
    };
    const outbound = new MemoryPipe(pipeOptions);
    const inbound = new MemoryPipe(pipeOptions);
    this.#inbound = inbound;
    this.isSyncOrdered = options.syncLane === undefined;
    const end = new MemoryEnd({
      ...endOptions(options),
      outbound,
      onReceived: (lane, bytes) => lendView(bytes, (view) => handler.handleBytes(lane, view)),
      onEnded: (code) => handler.handleClosed({ code }),
    });
    this.#end = end;
    const request: ConnectionRequest = {
      address: clientOptions.address ?? '127.0.0.1',
      origin: clientOptions.origin,
      requestedHost: URL.canParse(url) ? new URL(url).host : undefined,
    };
    const knock = (): void => this.#knock(server.accept(request, inbound), handler);
    outbound.push({ bytesCount: 0, deliver: knock });
  }

  get bufferedBytes(): number {
    return this.#end.bufferedBytes;
  }

  write(lane: Lane, bytes: Uint8Array): void {
    this.#end.send(lane, bytes);
  }

  close(): void {
    this.#end.close(undefined);
  }

  drop(): void {
    this.#end.drop();
    this.#end.end(undefined);
  }

  pauseReading(): void {
    this.#inbound.pause();
  }

  resumeReading(): void {
    this.#inbound.resume();
  }

  /** The attempt has reached the server; its answer leaves before anything else. */
  #knock(connection: MemoryConnection | undefined, handler: ClientConnectionHandler): void {
    const end = this.#end;
    if (connection === undefined) {
      this.#inbound.push({ bytesCount: 0, deliver: () => end.end(undefined) });
      return;
    }
    end.attach(connection.end);
    connection.end.attach(end);
    const open = (): void => {
      if (end.open()) handler.handleOpen();
    };
    this.#inbound.push({ bytesCount: 0, deliver: open });
    connection.open();
  }
}
