/**
 * The server's side of a simulated network. In: attempts that have arrived, the host's calls. Out:
 * the host's events. Must not know: faults, what bytes mean.
 */
import type { CloseCode } from '../protocol/codes.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PeerId } from '../protocol/ids.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import type {
  OutboundPayload,
  TransportConnection,
  TransportHandler,
  TransportServer,
} from '../transport/transport.ts';
import type { LinkEnd } from './link-end.ts';
import type { NetworkContext } from './network-context.ts';
import type { Packet } from './packet.ts';
import type { ServerSide, SimulatedLink } from './simulated-link.ts';
import type { NodeScheduler } from './virtual-node.ts';

const ADDRESS = 'sim://holdfast';

export interface SimulatedServerOptions {
  /** Of the server's node. */
  readonly scheduler: NodeScheduler;
  /** Longest message that it takes. Default `WIRE_LIMITS.clientFrameBytesMax`. */
  readonly messageBytesMax?: number;
}

export class SimulatedServer implements TransportServer {
  readonly options: SimulatedServerOptions;
  readonly #context: NetworkContext;
  readonly #onStarted: () => void;
  readonly #connections = new Set<SimulatedConnection>();
  #handler: TransportHandler | undefined;
  #isStopped = false;

  constructor(context: NetworkContext, options: SimulatedServerOptions, onStarted: () => void) {
    this.#context = context;
    this.options = options;
    this.#onStarted = onStarted;
  }

  get isListening(): boolean {
    return this.#handler !== undefined && !this.#isStopped;
  }

  async start(handler: TransportHandler): Promise<string> {
    if (this.#isStopped) {
      throw new HoldfastError('already-stopped', 'the simulated server has stopped');
    }
    if (this.#handler !== undefined) {
      throw new HoldfastError('already-started', 'the simulated server has started');
    }
    this.#handler = handler;
    this.#onStarted();
    return ADDRESS;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const connection of this.#connections) connection.stop();
  }

  /** The server's side of an attempt that has arrived; undefined refuses it. */
  accept(link: SimulatedLink): ServerSide | undefined {
    const handler = this.#handler;
    if (handler === undefined || this.#isStopped) return undefined;
    if (handler.admitConnection(link.options.request) !== undefined) return undefined;
    const connection = new SimulatedConnection(this.#context, link, {
      handler,
      scheduler: this.options.scheduler,
      messageBytesMax: this.options.messageBytesMax ?? WIRE_LIMITS.clientFrameBytesMax,
      onEnded: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }
}

interface SimulatedConnectionOptions {
  readonly handler: TransportHandler;
  readonly scheduler: NodeScheduler;
  readonly messageBytesMax: number;
  readonly onEnded: () => void;
}

class SimulatedConnection implements TransportConnection, ServerSide {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin: string | undefined;
  readonly isSyncOrdered: boolean;
  readonly end: LinkEnd;
  readonly #context: NetworkContext;
  readonly #peer: string;
  readonly #connection: number;
  readonly #options: SimulatedConnectionOptions;

  constructor(context: NetworkContext, link: SimulatedLink, options: SimulatedConnectionOptions) {
    const { peer, connection, request, hasSyncLane } = link.options;
    this.peerId = `${peer}#${connection}` as PeerId;
    this.address = request.address;
    this.origin = request.origin;
    this.isSyncOrdered = !hasSyncLane;
    this.#context = context;
    this.#peer = peer;
    this.#connection = connection;
    this.#options = options;
    this.end = link.createServerEnd({
      scheduler: options.scheduler,
      onReceived: (packet) => this.#receive(packet),
      onEnded: () => {
        options.onEnded();
        options.handler.handleClosed(this);
      },
    });
  }

  get bufferedBytes(): number {
    return this.end.bufferedBytes;
  }

  open(): void {
    const { tap, clock } = this.#context;
    tap?.handleOpened?.(this.#peer, this.#connection, clock.now());
    this.end.open();
    this.#options.handler.handleOpen(this);
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

  receiveText(): void {
    if (!this.end.isOpen) return;
    const { tap, clock } = this.#context;
    tap?.handleText?.(this.#peer, this.#connection, clock.now());
    this.#options.handler.handleMalformed(this, 'text-frame');
  }

  #receive(packet: Packet): void {
    const { handler, messageBytesMax } = this.#options;
    const { tap, clock, lender } = this.#context;
    tap?.handleDelivered?.(this.#peer, packet, clock.now());
    if (packet.bytes.length > messageBytesMax) {
      this.end.close('protocol-error');
      handler.handleMalformed(this, 'frame-too-large');
      return;
    }
    const view = lender.lend(packet.bytes);
    try {
      handler.handleBytes(this, packet.lane, view);
    } finally {
      lender.takeBack(view);
    }
  }
}
