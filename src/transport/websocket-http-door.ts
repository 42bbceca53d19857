/**
 * Where upgrade requests come from: a server of our own (HttpListener) or one that somebody else
 * owns (HttpAttachment). In: sockets of anybody. Out: upgrade requests on the transport's paths.
 * Must not know: WebSocket frames, who may play.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';

/** The socket belongs to whoever is called: nobody else ends it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface HttpDoor {
  /** What listens, or will. Node's https server is an http server with more. */
  readonly server: Server;
  /** Lets upgrade requests in; rejects with a HoldfastError, and may be called again after that. */
  open(): Promise<void>;
  /** The socket is upgraded: from now on its owner ends it. */
  release(socket: Duplex): void;
  /** Lets nobody in any more; a server of our own ends. Never called before `open` is done. */
  close(): Promise<void>;
}

/** Addresses to listen on that are none to connect to, and the loopback address for each. */
const LOOPBACK_OF_WILDCARD: Readonly<Record<string, string>> = {
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
};

/** Where clients on this machine connect to; '' while nobody listens, or on no port. */
export function webSocketUrlOf(server: Server, path = ''): string {
  const listening = server.address();
  if (listening === null || typeof listening === 'string') return '';
  const scheme = server instanceof TlsServer ? 'wss' : 'ws';
  const host = LOOPBACK_OF_WILDCARD[listening.address] ?? listening.address;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${listening.port}${path}`;
}

/** Whose peers have no address: they are on this machine. */
export function isOnUnixSocket(server: Server): boolean {
  return typeof server.address() === 'string';
}

/** What is before the query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}
