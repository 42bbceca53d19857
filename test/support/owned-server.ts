/**
 * A server as users have one: http or https with a certificate of its own, plain requests, perhaps
 * WebSockets of theirs, to which Holdfast is attached. In: how it is made. Out: the server, clients
 * that trust it. It ends with the test, also when somebody has left a connection open.
 */
import { once } from 'node:events';
import { createServer as createHttpServer, request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer, request as requestHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { ClientTransport } from '../../src/transport/transport.ts';
import { createWebSocketClientTransport } from '../../src/transport/websocket-client.ts';
import { createSelfSignedCertificate } from './self-signed-certificate.ts';

export type OwnedScheme = 'http' | 'https';

export interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

/** One for all tests of a file: a key pair takes a while. */
let certificate: ReturnType<typeof createSelfSignedCertificate> | undefined;

export class OwnedServer {
  readonly scheme: OwnedScheme;
  readonly server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(scheme: OwnedScheme, handleRequest?: RequestListener) {
    this.scheme = scheme;
    if (scheme === 'http') {
      this.server = createHttpServer(handleRequest);
    } else {
      certificate ??= createSelfSignedCertificate();
      this.server = createHttpsServer({ ...certificate }, handleRequest);
    }
    this.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections of any kind that are open. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** `ws` or `wss`. */
  urlOf(path: string): string {
    return `${this.scheme === 'http' ? 'ws' : 'wss'}://127.0.0.1:${this.port}${path}`;
  }

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  /** Ends everything; idempotent. */
  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  /** A WebSocket of a client that trusts the certificate. */
  openWebSocket(url: string, headers: Readonly<Record<string, string>> = {}): WebSocket {
    return new WebSocket(url, { ...this.#trust, headers, perMessageDeflate: false });
  }

  /** For our client. */
  createTransport(): ClientTransport {
    return createWebSocketClientTransport((url) => this.openWebSocket(url));
  }

  /** A plain request; one with a body is a POST. */
  async fetch(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Answer> {
    const send = this.scheme === 'http' ? requestHttp : requestHttps;
    const { port } = this;
    const method = body === undefined ? 'GET' : 'POST';
    const options = { host: '127.0.0.1', port, method, path, headers, agent: false };
    const request = send({ ...options, ...this.#trust });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8');
    for await (const part of response) text += String(part);
    return { status: response.statusCode, text };
  }

  get #trust(): { readonly ca?: string } {
    return this.scheme === 'https' && certificate ? { ca: certificate.cert } : {};
  }
}
