/**
 * The HTTP server under the WebSocket transport: sockets of anybody, of whom nothing is known.
 * In: TCP connections. Out: plain requests for the user's handler, upgrade requests for the
 * transport; what is neither is answered or ended within a bound. Must not know: WebSocket frames.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { answer, endWithAnswer } from './websocket-http-answer.ts';
import type { HttpDoor, UpgradeHandler } from './websocket-http-door.ts';
import type { WebSocketLimits } from './websocket-limits.ts';

/** How often Node looks for requests that take too long; it adds to `handshakeTimeoutMs`. */
const CHECK_INTERVAL_MS_MAX = 1_000;

/** Serves what isn't a WebSocket. Throwing or rejecting answers 500. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

export interface HttpCounters {
  /** Requests that were not HTTP, not complete in time, or no valid upgrade. */
  handshakesFailed: number;
  /** Sockets ended because `handshakesMax` newer ones came. */
  handshakesCrowdedOut: number;
  /** Sockets refused because of `socketsMax`. */
  socketsRefused: number;
  /** Calls of `handleRequest` that threw or rejected. */
  requestsFailed: number;
}

export interface HttpListenerOptions {
  readonly port: number;
  readonly hostname: string;
  readonly limits: WebSocketLimits;
  readonly counters: HttpCounters;
  readonly handleRequest: RequestHandler;
  readonly handleUpgrade: UpgradeHandler;
}

export class HttpListener implements HttpDoor {
  readonly server: Server;
  readonly #options: HttpListenerOptions;
  /** Sockets that aren't upgraded, the oldest first. */
  readonly #handshakes = new Set<Duplex>();

  constructor(options: HttpListenerOptions) {
    this.#options = options;
    const { limits, counters } = options;
    const { handshakeTimeoutMs } = limits;
    const server = createServer({
      noDelay: true,
      headersTimeout: handshakeTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(handshakeTimeoutMs, CHECK_INTERVAL_MS_MAX),
    });
    server.maxConnections = limits.socketsMax;
    server.on('drop', () => (counters.socketsRefused += 1));
    server.on('connection', (socket) => this.#track(socket));
    server.on('request', (request, response) => void this.#serve(request, response));
    server.on('upgrade', options.handleUpgrade);
    server.on('clientError', (error, socket) => this.#refuse(error, socket));
    this.server = server;
  }

  /** Rejects with `port-in-use` or `listen-failed`. */
  open(): Promise<void> {
    const { server } = this;
    const { port, hostname } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        server.off('error', fail).off('listening', succeed);
      };
      const fail = (cause: Error): void => {
        settle();
        reject(listenError(cause, { port, hostname }));
      };
      const succeed = (): void => {
        settle();
        // From now on an error is a connection that could not be accepted.
        server.on('error', () => (this.#options.counters.socketsRefused += 1));
        resolve();
      };
      // Whoever may be in a handshake at once may also come at once: Node's own backlog is 511, and
      // whom it has no room for tries again after a second.
      const backlog = this.#options.limits.handshakesMax;
      server.on('error', fail).on('listening', succeed).listen({ port, host: hostname, backlog });
    });
  }

  release(socket: Duplex): void {
    this.#handshakes.delete(socket);
  }

  /** Accepts nobody more and ends what isn't upgraded; resolves when every socket has closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.#handshakes) socket.destroy();
    });
  }

  #track(socket: Socket): void {
    const handshakes = this.#handshakes;
    handshakes.add(socket);
    socket.once('close', () => handshakes.delete(socket));
    if (handshakes.size <= this.#options.limits.handshakesMax) return;
    const [oldest] = handshakes;
    if (oldest === undefined) return;
    this.#options.counters.handshakesCrowdedOut += 1;
    handshakes.delete(oldest);
    oldest.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#options.handleRequest(request, response);
    } catch {
      this.#options.counters.requestsFailed += 1;
      answer(response, 500, 'internal error');
    }
  }

  #refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
    this.#options.counters.handshakesFailed += 1;
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') endWithAnswer(socket, 408, 'too slow');
    else if (error.code === 'HPE_HEADER_OVERFLOW') endWithAnswer(socket, 431, 'header too large');
    else endWithAnswer(socket, 400, 'not an HTTP request');
  }
}

function listenError(
  cause: NodeJS.ErrnoException,
  { port, hostname }: { readonly port: number; readonly hostname: string },
): HoldfastError {
  if (cause.code === 'EADDRINUSE') {
    const problem = `port ${port} of ${hostname} is in use already; choose another 'port'`;
    return new HoldfastError('port-in-use', problem, { cause });
  }
  const problem = `cannot listen on port ${port} of ${hostname}: ${cause.message}`;
  return new HoldfastError('listen-failed', problem, { cause });
}
