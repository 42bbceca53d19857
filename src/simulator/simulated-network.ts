/**
 * A network in virtual time: one server, and a line for each peer by its name, with the faults that
 * it is told to have. Deliveries are callbacks of the node that receives, so a node that stands
 * still takes them later; between nodes there is nothing but this. PeerIds are `name#connection`.
 * In: nodes' schedulers, random streams, orders to `line(name)`. Out: a TransportServer, a
 * ClientTransport per peer, `faults` as counted, everything that moves to the tap.
 * Must not know: what bytes mean, what a session is.
 */
import type { Clock } from '../base/clock.ts';
import type {
  ClientConnectionHandler,
  ClientTransport,
  ConnectionRequest,
} from '../transport/transport.ts';
import { FaultCounters } from './fault-counters.ts';
import type { NetworkContext } from './network-context.ts';
import type { NetworkTap } from './network-tap.ts';
import { SimulatedLine } from './simulated-line.ts';
import type { UnitStreams } from '../transport/line-fates.ts';
import { SimulatedLink } from './simulated-link.ts';
import { SimulatedServer } from './simulated-server.ts';
import type { SimulatedServerOptions } from './simulated-server.ts';
import { ViewLender } from './view-lender.ts';
import type { NodeScheduler } from './virtual-node.ts';

export interface SimulatedNetworkOptions {
  /** The true time, that of no node. */
  readonly clock: Clock;
  /** Asked for `link:${peer}:up:reliable` and the like, once per peer, direction and lane. */
  readonly streams: UnitStreams;
  readonly tap?: NetworkTap;
  /** Bytes in flight, each way, before they count as `bufferedBytes`. Default 65 536. */
  readonly windowBytes?: number;
  /** How long a close waits for an answer before it drops. Default 2 000 ms. */
  readonly closeTimeoutMs?: number;
}

export interface SimulatedClientOptions {
  /** Whose line it is; several clients may share one. */
  readonly name: string;
  /** Of the client's node. */
  readonly scheduler: NodeScheduler;
  /** What the server sees. Default: the name, so that every peer has an address of its own. */
  readonly address?: string;
  /** Default none, as a native client. */
  readonly origin?: string;
  /** A sync lane of its own; otherwise one ordered stream carries both, as over a WebSocket. */
  readonly hasSyncLane?: boolean;
}

export interface SimulatedClientTransport extends ClientTransport {
  connect(url: string, handler: ClientConnectionHandler): SimulatedLink;
}

export class SimulatedNetwork {
  readonly faults: FaultCounters = new FaultCounters();
  readonly #context: NetworkContext;
  readonly #streams: UnitStreams;
  readonly #windowBytes: number;
  readonly #lines = new Map<string, SimulatedLine>();
  /** How many there have been, by name. */
  readonly #clients = new Map<string, number>();
  /** The one that was started last. */
  #server: SimulatedServer | undefined;
  #lastUrl: string | undefined;
  #lastHost: string | undefined;

  constructor(options: SimulatedNetworkOptions) {
    this.#streams = options.streams;
    this.#windowBytes = options.windowBytes ?? 65_536;
    this.#context = {
      clock: options.clock,
      faults: this.faults,
      tap: options.tap,
      lender: new ViewLender(),
      closeTimeoutMs: options.closeTimeoutMs ?? 2_000,
    };
  }

  /** A server that clients reach once it is started, under any URL. One at a time. */
  createServer(options: SimulatedServerOptions): SimulatedServer {
    const server = new SimulatedServer(this.#context, options, () => (this.#server = server));
    return server;
  }

  createClient(options: SimulatedClientOptions): SimulatedClientTransport {
    const line = this.line(options.name);
    const client = (this.#clients.get(options.name) ?? 0) + 1;
    this.#clients.set(options.name, client);
    return { connect: (url, handler) => this.#connect({ line, client, options, url, handler }) };
  }

  /** The line of a peer, which may not have connected yet. */
  line(name: string): SimulatedLine {
    let line = this.#lines.get(name);
    if (line === undefined) {
      const streams: UnitStreams = (purpose) => this.#streams(`link:${name}:${purpose}`);
      const { faults } = this;
      line = new SimulatedLine({ name, streams, faults, windowBytes: this.#windowBytes });
      this.#lines.set(name, line);
    }
    return line;
  }

  get lines(): IterableIterator<SimulatedLine> {
    return this.#lines.values();
  }

  /** Connections of which at least one end is not over. */
  get openLinks(): number {
    let openLinks = 0;
    for (const line of this.#lines.values()) openLinks += line.openLinks;
    return openLinks;
  }

  /**
   * The server's process has died: no host hears of it, the clients learn it when `tellsClients`
   * (its computer is still up). Start another with `createServer`.
   */
  crashServer(tellsClients: boolean): void {
    this.#server = undefined;
    for (const line of this.#lines.values()) line.die('server', tellsClients);
  }

  /** Parsed once: a storm of logins names the same one again and again. */
  #hostOf(url: string): string | undefined {
    if (url !== this.#lastUrl) {
      this.#lastUrl = url;
      this.#lastHost = URL.canParse(url) ? new URL(url).host : undefined;
    }
    return this.#lastHost;
  }

  #connect({ line, client, options, url, handler }: Attempt): SimulatedLink {
    const server = this.#server?.isListening === true ? this.#server : undefined;
    const request: ConnectionRequest = {
      address: options.address ?? options.name,
      origin: options.origin,
      requestedHost: this.#hostOf(url),
    };
    return line.begin((connection, up, down) => {
      const { tap, clock } = this.#context;
      tap?.handleBegun?.(options.name, { client, connection, at: clock.now() });
      return new SimulatedLink({
        context: this.#context,
        peer: options.name,
        connection,
        request,
        hasSyncLane: options.hasSyncLane ?? false,
        up,
        down,
        clientScheduler: options.scheduler,
        // Where nobody listens, it is the network that refuses.
        serverScheduler: server?.options.scheduler ?? options.scheduler,
        handler,
        knock: (link) => server?.accept(link),
        onReleased: (link) => line.forget(link),
      });
    });
  }
}

interface Attempt {
  readonly line: SimulatedLine;
  /** Its number on the line. */
  readonly client: number;
  readonly options: SimulatedClientOptions;
  readonly url: string;
  readonly handler: ClientConnectionHandler;
}
