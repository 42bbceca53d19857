/**
 * One connection of a peer over its line: the client's end, from `connect` on, and the server's,
 * once the attempt has arrived and was admitted. In: the client's calls, what happens to the line.
 * Out: events of the client's handler; the knock at the server.
 * Must not know: what bytes mean, other peers.
 */
import type { CloseCode } from '../protocol/codes.ts';
import type { Lane } from '../protocol/lanes.ts';
import type {
  ClientConnection,
  ClientConnectionHandler,
  ConnectionRequest,
} from '../transport/transport.ts';
import { LinkEnd } from './link-end.ts';
import type { LinkEndOptions } from './link-end.ts';
import type { NetworkContext } from './network-context.ts';
import { OneWay } from './one-way.ts';
import type { Direction } from './one-way.ts';
import type { Packet } from './packet.ts';
import type { NodeScheduler } from './virtual-node.ts';

/** The server's side of a connection that it has admitted. */
export interface ServerSide {
  readonly end: LinkEnd;
  /** Announces the connection to the host. */
  open(): void;
  /** The client has sent text, which is no message. */
  receiveText(): void;
}

export interface SimulatedLinkOptions {
  readonly context: NetworkContext;
  readonly peer: string;
  /** Which connection of its peer it is, from 1. */
  readonly connection: number;
  readonly request: ConnectionRequest;
  readonly hasSyncLane: boolean;
  readonly up: Direction;
  readonly down: Direction;
  readonly clientScheduler: NodeScheduler;
  readonly serverScheduler: NodeScheduler;
  readonly handler: ClientConnectionHandler;
  /** The attempt has arrived; undefined refuses it. */
  readonly knock: (link: SimulatedLink) => ServerSide | undefined;
  /** Both ends are over. */
  readonly onReleased: (link: SimulatedLink) => void;
}

export class SimulatedLink implements ClientConnection {
  readonly options: SimulatedLinkOptions;
  readonly isSyncOrdered: boolean;
  readonly #up: OneWay;
  readonly #down: OneWay;
  readonly #client: LinkEnd;
  #server: ServerSide | undefined;

  constructor(options: SimulatedLinkOptions) {
    this.options = options;
    this.isSyncOrdered = !options.hasSyncLane;
    const { context, peer, connection, hasSyncLane, handler } = options;
    const { clock, faults, tap } = context;
    const way = { peer, connection, hasSyncLane, clock, faults, tap };
    this.#up = new OneWay({
      ...way,
      direction: options.up,
      scheduler: options.serverScheduler,
      receive: (packet) => {
        if (packet.act === undefined) this.#server?.end.receive(packet);
        else packet.act();
      },
    });
    this.#down = new OneWay({
      ...way,
      direction: options.down,
      scheduler: options.clientScheduler,
      receive: (packet) => {
        if (packet.act === undefined) this.#client.receive(packet);
        else packet.act();
      },
    });
    this.#client = this.#createClientEnd(handler);
    this.#up.sendAct(() => this.#knock());
  }

  get bufferedBytes(): number {
    return this.#client.bufferedBytes;
  }

  write(lane: Lane, bytes: Uint8Array): void {
    this.#client.send(lane, bytes);
  }

  /** A text message, which every server refuses. Does nothing unless open. */
  writeText(): void {
    this.#client.sendAct(() => this.#server?.receiveText());
  }

  close(): void {
    this.#client.close(undefined);
  }

  drop(): void {
    this.#client.drop();
    this.#client.end(undefined);
  }

  /** The server's end, for a server that has just admitted this connection. */
  createServerEnd(options: Pick<LinkEndOptions, 'scheduler' | 'onReceived' | 'onEnded'>): LinkEnd {
    return new LinkEnd(this.#endOptions('server', options), this.#up, this.#down);
  }

  /** Both ends learn that the connection is lost. */
  reset(): void {
    this.#client.lose();
    this.#loseServer();
  }

  /** The end at `lostBy` learns that the connection is lost; the other hears nothing any more. */
  halfOpen(lostBy: 'client' | 'server'): void {
    if (lostBy === 'client') {
      this.#client.lose();
      this.#down.sever();
    } else {
      this.#loseServer();
      this.#up.sever();
    }
  }

  /** The process at `side` has died; the other learns it, as its kernel says so, or it doesn't. */
  die(side: 'client' | 'server', tellsOther: boolean): void {
    if (side === 'client') {
      this.#client.die(tellsOther);
    } else if (this.#server !== undefined) {
      this.#tellLost();
      this.#server.end.die(tellsOther);
    } else if (tellsOther) {
      this.#refuse();
    }
  }

  /** The gate of one direction has opened. */
  release(direction: 'up' | 'down', afterDelay: boolean): void {
    (direction === 'up' ? this.#up : this.#down).release(afterDelay);
  }

  /** The line is perfect now: what is under way arrives at once. */
  hasten(): void {
    this.#up.hasten();
    this.#down.hasten();
  }

  #loseServer(): void {
    this.#tellLost();
    this.#server?.end.lose();
  }

  #tellLost(): void {
    const { context, peer, connection } = this.options;
    if (this.#server === undefined) return;
    context.tap?.handleLost?.(peer, connection, context.clock.now());
  }

  #createClientEnd(handler: ClientConnectionHandler): LinkEnd {
    const { context, peer, clientScheduler } = this.options;
    const { clock, tap, lender } = context;
    const onReceived = (packet: Packet): void => {
      tap?.handleDelivered?.(peer, packet, clock.now());
      const view = lender.lend(packet.bytes);
      try {
        handler.handleBytes(packet.lane, view);
      } finally {
        lender.takeBack(view);
      }
    };
    const onEnded = (code: CloseCode | undefined): void => handler.handleClosed({ code });
    const options = { scheduler: clientScheduler, onReceived, onEnded };
    return new LinkEnd(this.#endOptions('client', options), this.#down, this.#up);
  }

  #endOptions(
    side: 'client' | 'server',
    options: Pick<LinkEndOptions, 'scheduler' | 'onReceived' | 'onEnded'>,
  ): LinkEndOptions {
    const { context, peer, connection, up, down } = this.options;
    return {
      ...options,
      windowBytes: () => (side === 'client' ? up : down).windowBytes,
      closeTimeoutMs: context.closeTimeoutMs,
      onEnded: (code, unread) => {
        const at = context.clock.now();
        context.tap?.handleEnded?.(peer, { side, connection, code, unread, at });
        options.onEnded(code, unread);
      },
      onReleased: () => this.#handleReleased(),
    };
  }

  /** The attempt has reached the server; its answer leaves before anything else. */
  #knock(): void {
    const server = this.options.knock(this);
    if (server === undefined) {
      this.#refuse();
      return;
    }
    this.#server = server;
    this.#client.attach(server.end);
    server.end.attach(this.#client);
    this.#down.sendAct(() => {
      if (this.#client.open()) this.options.handler.handleOpen();
    });
    server.open();
  }

  #refuse(): void {
    this.#down.sendAct(() => this.#client.end(undefined));
  }

  #handleReleased(): void {
    if (!this.#client.hasEnded || this.#server?.end.hasEnded === false) return;
    // Whatever is left goes nowhere.
    this.#up.sever();
    this.#down.sever();
    this.options.onReleased(this);
  }
}
