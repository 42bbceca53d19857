/**
 * The WebSocket transport's server half, on `ws` and an HTTP server of its own: the same port also
 * serves the user's plain HTTP. In: upgrade requests of anybody. Out: admitted connections, each
 * with a PeerId, for the handler; the others get an HTTP answer that says why.
 * Must not know: what messages mean, who may play.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { RandomSource } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createPeerId } from './peer-id.ts';
import type { TransportHandler, TransportServer } from './transport.ts';
import { WebSocketConnection } from './websocket-connection.ts';
import { answer, endWithAnswer } from './websocket-http-answer.ts';
import { HttpListener } from './websocket-http-listener.ts';
import type { HttpCounters, RequestHandler } from './websocket-http-listener.ts';
import { validateWebSocketLimits } from './websocket-limits.ts';
import type { WebSocketLimits } from './websocket-limits.ts';
import { createRemoteAddressOf } from './websocket-remote-address.ts';
import type { RemoteAddressOf } from './websocket-remote-address.ts';
import { createUpgrader } from './websocket-upgrader.ts';

/** Addresses to listen on that are none to connect to, and the loopback address for each. */
const LOOPBACK_OF_WILDCARD: Readonly<Record<string, string>> = {
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
};

export interface WebSocketServerOptions {
  /** 0 lets the system choose; the address that `start` answers names it. */
  readonly port: number;
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
  readonly counters: WebSocketCounters;
}

/** Throws `invalid-configuration` naming the option. Nothing listens before `start`. */
export function createWebSocketServer(options: WebSocketServerOptions): WebSocketTransportServer {
  const { port, path } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    const problem = `port must be a whole number from 0 to 65535, not ${String(port)}`;
    throw new HoldfastError('invalid-configuration', problem);
  }
  if (path !== undefined && !path.startsWith('/')) {
    throw new HoldfastError('invalid-configuration', `path must begin with '/', not '${path}'`);
  }
  return new WebSocketListener(options);
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
  readonly #http: HttpListener;
  readonly #upgrader: WebSocketServer;
  readonly #connections = new Set<WebSocketConnection>();
  #handler: TransportHandler | undefined;
  #listening: Promise<AddressInfo> | undefined;
  #stopping: Promise<void> | undefined;
  #onDrained: (() => void) | undefined;

  constructor(options: WebSocketServerOptions) {
    this.#options = options;
    this.#limits = validateWebSocketLimits(options.limits);
    this.#remoteAddressOf = createRemoteAddressOf(options.trustedProxies ?? []);
    this.#upgrader = createUpgrader(this.#limits);
    this.#upgrader.on('wsClientError', ({ message }, socket) => {
      this.counters.handshakesFailed += 1;
      endWithAnswer(socket, 400, message);
    });
    this.#http = new HttpListener({
      limits: this.#limits,
      counters: this.counters,
      handleRequest:
        options.handleRequest ??
        ((request, response) => {
          if (this.#upgrades(request)) answer(response, 426, 'this is a WebSocket server');
          else answer(response, 404, 'not found');
        }),
      handleUpgrade: (request, socket, head) => this.#upgrade(request, socket, head),
    });
  }

  async start(handler: TransportHandler): Promise<string> {
    this.#assertNotStopped();
    if (this.#handler) throw new HoldfastError('already-started', 'the server has started already');
    const { port, hostname = '127.0.0.1', path = '' } = this.#options;
    this.#handler = handler;
    this.#listening = this.#http.listen(port, hostname);
    try {
      const { address, port: boundPort } = await this.#listening;
      this.#assertNotStopped();
      const host = LOOPBACK_OF_WILDCARD[address] ?? address;
      return `ws://${host.includes(':') ? `[${host}]` : host}:${boundPort}${path}`;
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
    await this.#listening?.catch(() => undefined);
    const closed = this.#http.close();
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

  #upgrades({ url = '' }: IncomingMessage): boolean {
    const { path } = this.#options;
    return path === undefined || url.split('?', 1)[0] === path;
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
      this.#http.release(socket);
      this.counters.connectionsOpened += 1;
      const connection = new WebSocketConnection({
        peerId: createPeerId(this.#options.random),
        address,
        origin,
        webSocket,
        socket,
        handler,
        controlFramesPerSecond: this.#limits.controlFramesPerSecond,
        onControlFlood: () => (this.counters.controlFloods += 1),
        onProtocolViolation: () => (this.counters.protocolViolations += 1),
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
