/**
 * The WebSocket transport's server half, on `ws` and an HTTP server of its own, whose port also
 * serves the user's plain HTTP, or attached to a server of the user's. In: upgrade requests of
 * anybody. Out: admitted connections, each with a PeerId, for the handler; the others get an HTTP
 * answer that says why.
 * Must not know: what messages mean, who may play.
 */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { RandomSource } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createPeerId } from './peer-id.ts';
import type { TransportHandler, TransportServer } from './transport.ts';
import { WebSocketConnection } from './websocket-connection.ts';
import { answer, endWithAnswer } from './websocket-http-answer.ts';
import { HttpAttachment } from './websocket-http-attachment.ts';
import { isOnUnixSocket, pathOf, webSocketUrlOf } from './websocket-http-door.ts';
import type { HttpDoor, UpgradeHandler } from './websocket-http-door.ts';
import { HttpListener } from './websocket-http-listener.ts';
import type { HttpCounters, RequestHandler } from './websocket-http-listener.ts';
import { validateWebSocketLimits } from './websocket-limits.ts';
import type { WebSocketLimits } from './websocket-limits.ts';
import { createRemoteAddressOf } from './websocket-remote-address.ts';
import type { RemoteAddressOf } from './websocket-remote-address.ts';
import { createUpgrader } from './websocket-upgrader.ts';

export interface WebSocketServerOptions {
  /** 0 lets the system choose; the address that `start` answers names it. Or `server`. */
  readonly port?: number;
  /**
   * A server of yours, http or https, that listens already or will: then `port`, `hostname`,
   * `handleRequest` and the limits of plain HTTP are yours too, and so is its end.
   */
  readonly server?: HttpServer | HttpsServer;
  /** Address to listen on. Default 127.0.0.1: other machines can't reach it. */
  readonly hostname?: string;
  /** The only path that upgrades, such as `/play`. Default: every path. */
  readonly path?: string;
  readonly limits?: Partial<WebSocketLimits>;
  /** Plain HTTP on the same port. Default: 426 on a path that upgrades, 404 on others. */
  readonly handleRequest?: RequestHandler;
  /** Addresses or subnets whose `x-forwarded-for` counts. Default none. */
  readonly trustedProxies?: readonly string[];
  /** Mints the PeerIds. */
  readonly random: RandomSource;
}

const LOOPBACK = '127.0.0.1';
const OWNERS_OPTIONS = ['port', 'hostname', 'handleRequest'] as const;
const OWNERS_LIMITS = [
  'socketsMax',
  'handshakesMax',
  'handshakeTimeoutMs',
  'requestTimeoutMs',
  'keepAliveTimeoutMs',
] as const;

export interface WebSocketCounters extends Readonly<HttpCounters> {
  readonly connectionsOpened: number;
  /** Upgrades that `admitConnection` refused. */
  readonly connectionsRefused: number;
  /** Connections ended because of bytes that are no WebSocket frame, or one over the limits. */
  readonly protocolViolations: number;
  /** Connections ended because of too many pings or pongs. */
  readonly controlFloods: number;
}

/** A transport server that counts what it turned away. */
export interface WebSocketTransportServer extends TransportServer {
  /** Where clients connect to; '' until somebody listens, which with `server` may be late. */
  readonly address: string;
  readonly counters: WebSocketCounters;
}

/** Throws `invalid-configuration` naming the option. Nothing listens before `start`. */
export function createWebSocketServer(options: WebSocketServerOptions): WebSocketTransportServer {
  const { server, path } = options;
  if (server === undefined) checkPort(options.port);
  else checkAttachment(options);
  if (path !== undefined && !/^\/[^?#\s]*$/.test(path)) {
    const problem = `path must begin with '/' and have no '?', '#' or space, not '${path}'`;
    throw new HoldfastError('invalid-configuration', problem);
  }
  return new WebSocketListener(options);
}

function checkPort(port: number | undefined): asserts port is number {
  if (port !== undefined && Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  const problem = `port must be a whole number from 0 to 65535, not ${String(port)}`;
  throw new HoldfastError('invalid-configuration', problem);
}

/** What the owner of a server decides there, and therefore not here. */
function checkAttachment(options: WebSocketServerOptions): void {
  const option = OWNERS_OPTIONS.find((name) => options[name] !== undefined);
  const limit = OWNERS_LIMITS.find((name) => options.limits?.[name] !== undefined);
  if (option === undefined && limit === undefined) return;
  const name = option ?? `limits.${limit}`;
  const problem = `${name} is no option beside 'server': whose server it is decides that there`;
  throw new HoldfastError('invalid-configuration', problem);
}

class WebSocketListener implements WebSocketTransportServer {
  readonly counters = {
    connectionsOpened: 0,
    connectionsRefused: 0,
    handshakesFailed: 0,
    handshakesCrowdedOut: 0,
    socketsRefused: 0,
    protocolViolations: 0,
    controlFloods: 0,
    requestsFailed: 0,
  };
  readonly #options: WebSocketServerOptions;
  readonly #limits: WebSocketLimits;
  readonly #remoteAddressOf: RemoteAddressOf;
  readonly #door: HttpDoor;
  readonly #upgrader: WebSocketServer;
  readonly #connections = new Set<WebSocketConnection>();
  #handler: TransportHandler | undefined;
  #opening: Promise<void> | undefined;
  #address = '';
  #stopping: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;
  /** The same for all connections. */
  readonly #countControlFlood = (): void => {
    this.counters.controlFloods += 1;
  };
  readonly #countProtocolViolation = (): void => {
    this.counters.protocolViolations += 1;
  };

  constructor(options: WebSocketServerOptions) {
    this.#options = options;
    this.#limits = validateWebSocketLimits(options.limits);
    this.#remoteAddressOf = createRemoteAddressOf(options.trustedProxies ?? [], () =>
      isOnUnixSocket(this.#door.server) ? LOOPBACK : undefined,
    );
    this.#upgrader = createUpgrader(this.#limits);
    this.#upgrader.on('wsClientError', ({ message }, socket) => {
      this.counters.handshakesFailed += 1;
      endWithAnswer(socket, 400, message);
    });
    this.#door = this.#createDoor();
  }

  get address(): string {
    const { path } = this.#options;
    // What no longer listens keeps its address.
    if (this.#opening !== undefined) {
      this.#address = webSocketUrlOf(this.#door.server, path) || this.#address;
    }
    return this.#address;
  }

  async start(handler: TransportHandler): Promise<string> {
    this.#assertNotStopped();
    if (this.#handler) throw new HoldfastError('already-started', 'the server has started already');
    this.#handler = handler;
    this.#opening = this.#door.open();
    try {
      await this.#opening;
      this.#assertNotStopped();
      return this.address;
    } catch (error) {
      this.#handler = undefined;
      throw error;
    }
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    for (const connection of this.#connections) connection.close('server-stopped');
    // Listening can't be called off, so it is let finish before it is undone.
    await this.#opening?.catch(() => undefined);
    const closed = this.#door.close();
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    }
    await closed;
  }

  #assertNotStopped(): void {
    if (this.#stopping) throw new HoldfastError('already-stopped', 'the server has stopped');
  }

  #createDoor(): HttpDoor {
    const { server, port = 0, hostname = LOOPBACK, path } = this.#options;
    const handleUpgrade: UpgradeHandler = (request, socket, head) =>
      this.#upgrade(request, socket, head);
    if (server !== undefined) return new HttpAttachment({ server, path, handleUpgrade });
    const handleRequest: RequestHandler = (request, response) => {
      if (this.#upgrades(request)) answer(response, 426, 'this is a WebSocket server');
      else answer(response, 404, 'not found');
    };
    return new HttpListener({
      port,
      hostname,
      limits: this.#limits,
      counters: this.counters,
      handleRequest: this.#options.handleRequest ?? handleRequest,
      handleUpgrade,
    });
  }

  #upgrades(request: IncomingMessage): boolean {
    const { path } = this.#options;
    return path === undefined || pathOf(request) === path;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Until and after `ws` listens: an error of a socket ends that socket and nothing else.
    socket.on('error', () => socket.destroy());
    const handler = this.#handler;
    const address = this.#remoteAddressOf(request);
    if (handler === undefined || this.#stopping) {
      return endWithAnswer(socket, 503, 'the server is stopping');
    }
    if (address === undefined) {
      socket.destroy();
      return;
    }
    if (!this.#upgrades(request)) {
      this.counters.handshakesFailed += 1;
      return endWithAnswer(socket, 404, 'not found');
    }
    const { origin, host: requestedHost } = request.headers;
    const refusal = handler.admitConnection({ address, origin, requestedHost });
    if (refusal) {
      this.counters.connectionsRefused += 1;
      return endWithAnswer(socket, refusal.status, refusal.message);
    }
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      this.#door.release(socket);
      this.counters.connectionsOpened += 1;
      const connection = new WebSocketConnection({
        peerId: createPeerId(this.#options.random),
        address,
        origin,
        webSocket,
        socket,
        handler,
        controlFramesPerSecond: this.#limits.controlFramesPerSecond,
        onControlFlood: this.#countControlFlood,
        onProtocolViolation: this.#countProtocolViolation,
        onClosed: () => this.#forget(connection),
      });
      this.#connections.add(connection);
      connection.open();
    });
  }

  #forget(connection: WebSocketConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onDrained?.();
  }
}
