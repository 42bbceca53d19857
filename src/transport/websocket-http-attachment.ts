/**
 * One path of an HTTP or HTTPS server that somebody else owns. In: the server, a path. Out: upgrade
 * requests on that path alone; every other request stays the owner's, and so do listening, limits
 * of plain HTTP, certificates and the server's end. Must not know: WebSocket frames.
 */
import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { endWithAnswer } from './websocket-http-answer.ts';
import { pathOf } from './websocket-http-door.ts';
import type { HttpDoor, UpgradeHandler } from './websocket-http-door.ts';

export interface HttpAttachmentOptions {
  readonly server: Server;
  /** Undefined = every path that no other attachment has. */
  readonly path: string | undefined;
  readonly handleUpgrade: UpgradeHandler;
}

export class HttpAttachment implements HttpDoor {
  readonly server: Server;
  readonly handleUpgrade: UpgradeHandler;
  readonly #path: string | undefined;

  constructor({ server, path, handleUpgrade }: HttpAttachmentOptions) {
    this.server = server;
    this.handleUpgrade = handleUpgrade;
    this.#path = path;
  }

  /** Rejects with `path-in-use`. The server may listen before or after. */
  async open(): Promise<void> {
    sorterOf(this.server).add(this.#path, this);
  }

  /** Sockets are the owner's until they are ours. */
  release(): void {}

  async close(): Promise<void> {
    sorterOf(this.server).remove(this.#path, this);
  }
}

const sorters = new WeakMap<Server, UpgradeSorter>();

function sorterOf(server: Server): UpgradeSorter {
  const known = sorters.get(server);
  if (known !== undefined) return known;
  const sorter = new UpgradeSorter(server);
  sorters.set(server, sorter);
  return sorter;
}

/** The one listener of a server's upgrades, for all that is attached to it. */
class UpgradeSorter {
  readonly #server: Server;
  readonly #attachments = new Map<string | undefined, HttpAttachment>();
  readonly #handleUpgrade: UpgradeHandler = (request, socket, head) => {
    const attachment = this.#attachments.get(pathOf(request)) ?? this.#attachments.get(undefined);
    if (attachment !== undefined) attachment.handleUpgrade(request, socket, head);
    // Otherwise it is another listener's, or nobody's: then Node would have made it a request.
    else if (this.#server.listenerCount('upgrade') === 1) this.#putBack(request, socket, head);
  };

  constructor(server: Server) {
    this.#server = server;
  }

  add(path: string | undefined, attachment: HttpAttachment): void {
    if (this.#attachments.has(path)) {
      const taken = path === undefined ? 'no path, which is every path,' : `path '${path}'`;
      const problem = `${taken} of this server is in use already; choose another 'path'`;
      throw new HoldfastError('path-in-use', problem);
    }
    if (this.#attachments.size === 0) this.#server.on('upgrade', this.#handleUpgrade);
    this.#attachments.set(path, attachment);
  }

  remove(path: string | undefined, attachment: HttpAttachment): void {
    if (this.#attachments.get(path) !== attachment) return;
    this.#attachments.delete(path);
    if (this.#attachments.size === 0) this.#server.off('upgrade', this.#handleUpgrade);
  }

  /** As if we were not there: it goes back to the server as a plain request, its last one. */
  #putBack(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const server = this.#server;
    if (server.listenerCount('request') === 0) {
      socket.on('error', () => socket.destroy());
      return endWithAnswer(socket, 404, 'not found');
    }
    // Who asked before the last answer was there has no right to a second one.
    if (isBeingAnswered(request, socket)) return void socket.destroy();
    socket.unshift(Buffer.concat([plainHeaderOf(request), head]));
    // Where Node's own server of HTTP takes connections, made by it or handed to it.
    server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
  }
}

function isBeingAnswered(request: IncomingMessage, socket: Duplex): boolean {
  const probe = new ServerResponse(request);
  try {
    // Nothing is written: Node takes any stream that its server took.
    probe.assignSocket(socket as Socket);
    probe.detachSocket(socket as Socket);
    return false;
  } catch {
    return true;
  }
}

/** The header that came, asking for no upgrade any more and for nothing after it. */
function plainHeaderOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!/^(upgrade|connection)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return Buffer.from([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1');
}
