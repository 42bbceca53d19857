/**
 * A server that does only what a test tells it, for tests of the client: real codecs over memory
 * network, no session, no world. In: messages to send. Out: what clients have sent.
 */
import type { RandomSource } from '../../src/base/random-source.ts';
import type { Scheduler } from '../../src/base/clock.ts';
import { decodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { CloseCode } from '../../src/protocol/codes.ts';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import { MESSAGE_LANES } from '../../src/protocol/lanes.ts';
import type {
  ClientMessage,
  LoginAccepted,
  LoginRejected,
  Resume,
  ServerMessage,
} from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import type { MemoryNetwork, MemoryNetworkOptions } from '../../src/transport/memory-network.ts';
import type { TransportConnection } from '../../src/transport/transport.ts';
import { ServerFrameEncoder } from './server-frame-encoder.ts';

export const ACCEPTED: LoginAccepted = {
  kind: 'login-accepted',
  protocolVersion: PROTOCOL_VERSION,
  sessionId: 'session-1' as SessionId,
  epoch: 1,
  playerId: 'anna' as PlayerId,
  worldId: 'world' as WorldId,
  entity: 1,
  tickRateHz: 20,
  inputAheadTicksMax: 8,
  inputHoldTicksMax: 2,
  heartbeatIntervalMs: 2_000,
  livenessTimeoutMs: 10_000,
  reconnectWindowMs: 30_000,
  snapshotFields: [
    { name: 'x', precision: 0.01, interpolation: 'linear' },
    { name: 'y', precision: 0.01, interpolation: 'linear' },
    { name: 'yaw', precision: 0.01, interpolation: 'angle' },
    { name: 'isAlive', precision: 1, interpolation: 'step' },
  ],
  resumeToken: '',
  isResumed: false,
  reliableReceived: undefined,
};

/** The server's end of one client connection. */
export class FakePeer {
  /** Everything that could be decoded, in order. */
  readonly received: ClientMessage[] = [];
  readonly connection: TransportConnection;
  readonly #encoder = new ServerFrameEncoder();
  isClosed = false;

  constructor(connection: TransportConnection) {
    this.connection = connection;
  }

  receivedOf<Kind extends ClientMessage['kind']>(kind: Kind) {
    return this.received.filter(
      (message): message is Extract<ClientMessage, { kind: Kind }> => message.kind === kind,
    );
  }

  send(...messages: readonly ServerMessage[]): void {
    for (const message of messages) {
      this.sendBytes(this.#encoder.encode(message), MESSAGE_LANES[message.kind]);
    }
  }

  sendBytes(bytes: Uint8Array, lane: 'reliable' | 'sync' = 'reliable'): void {
    this.connection.write([{ lane, bytes }]);
  }

  accept(changes: Partial<LoginAccepted> = {}): void {
    this.send({ ...ACCEPTED, ...changes });
  }

  reject(changes: Partial<LoginRejected> & Pick<LoginRejected, 'code' | 'retryable'>): void {
    this.send({ kind: 'login-rejected', retryAfterMs: 0, message: '', ...changes });
  }

  heartbeat(serverTick: number, roundTripTimeMs = 0, reliableReceived = 0): void {
    const nonce = `nonce-${serverTick}`;
    this.send({
      kind: 'heartbeat',
      nonce,
      serverTick,
      tickFraction: 0,
      roundTripTimeMs,
      reliableReceived,
    });
  }

  close(code: CloseCode): void {
    this.connection.close(code);
  }

  drop(): void {
    this.connection.drop();
  }
}

export interface FakeServerOptions extends Partial<MemoryNetworkOptions> {
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
}

export class FakeServer {
  readonly network: MemoryNetwork;
  /** Every connection there ever was, in order of opening. */
  readonly peers: FakePeer[] = [];
  /** False: no connection comes about. */
  isReachable = true;
  /** Called with each attempt to connect, before it is known whether it may. */
  handleKnock: () => void = () => undefined;
  /** Called with each Login; accepts it by default. */
  handleLogin: (peer: FakePeer) => void = (peer) => peer.accept();
  /** Called with each Resume; refuses it by default. */
  handleResume: (peer: FakePeer, resume: Resume) => void = (peer) =>
    peer.reject({ code: 'resume-refused', retryable: false });

  constructor(options: FakeServerOptions) {
    this.network = createMemoryNetwork(options);
  }

  /** The newest connection. */
  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (peer === undefined) throw new Error('nobody has connected');
    return peer;
  }

  get openPeers(): readonly FakePeer[] {
    return this.peers.filter((peer) => !peer.isClosed);
  }

  async start(): Promise<void> {
    await this.network.server.start({
      admitConnection: () => {
        this.handleKnock();
        return this.isReachable ? undefined : { status: 503, message: 'away' };
      },
      handleOpen: (connection) => {
        this.peers.push(new FakePeer(connection));
      },
      handleBytes: (connection, _lane, bytes) => {
        const message = decodeClientMessage(bytes);
        const peer = this.#peerOf(connection);
        if (message.kind === 'rejected') return;
        peer?.received.push(message);
        if (peer === undefined) return;
        if (message.kind === 'login') this.handleLogin(peer);
        else if (message.kind === 'resume') this.handleResume(peer, message);
      },
      handleMalformed: () => undefined,
      handleClosed: (connection) => {
        const peer = this.#peerOf(connection);
        if (peer !== undefined) peer.isClosed = true;
      },
    });
  }

  #peerOf(connection: TransportConnection): FakePeer | undefined {
    return this.peers.find((peer) => peer.connection === connection);
  }
}
