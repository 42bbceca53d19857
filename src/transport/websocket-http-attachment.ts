/**
 * One path of an HTTP or HTTPS server that somebody else owns. In: the server, a path. Out: upgrade
 * requests on that path alone; every other request stays the owner's, and so do listening, limits
 * of plain HTTP, certificates and the server's end. Must not know: WebSocket frames.
 */
import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
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
    else if (this.#server.listenerCount('upgrade') === 1) this.#serve(request, socket);
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

  /** As if we were not there: the owner's handler answers, once, and the connection ends. */
  #serve(request: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    if (!(socket instanceof Socket) || this.#server.listenerCount('request') === 0) {
      return endWithAnswer(socket, 404, 'not found');
    }
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    try {
      response.assignSocket(socket);
    } catch {
      // Who asked before the last answer was there has no right to a second one.
      socket.destroy();
      return;
    }
    response.once('finish', () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    this.#server.emit('request', request, response);
  }
}
