/**
 * The contract between a transport and those who use it: opaque bytes, a PeerId, two lanes, close
 * with a code, backpressure. test/contract/transport-contract.ts holds every transport to it.
 * A transport must not know what the bytes mean, nor what a session is.
 */
import type { CloseCode } from '../protocol/codes.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { Lane } from '../protocol/lanes.ts';

/**
 * Bytes on their way out. One payload may be written to many connections: its bytes never change
 * after the first write, and a transport may keep its framed form in `framed`.
 */
export interface OutboundPayload {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  framed?: Uint8Array;
}

/** One live link, seen from the server. Created by the transport, ended by either side. */
export interface TransportConnection {
  readonly peerId: PeerId;
  /** Remote address for per-address limits (`x-forwarded-for` only from configured proxies). */
  readonly address: string;
  readonly origin: string | undefined;
  /**
   * False where the sync lane is a lane of its own: what is written to it may get lost, arrive
   * twice and overtake. True where one ordered stream carries both lanes.
   */
  readonly isSyncOrdered: boolean;
  /** Bytes that were written and that the network has not taken yet. */
  readonly bufferedBytes: number;
  /**
   * Hands payloads over, in order, gathered into one write. The list is read during the call only;
   * the bytes are not copied: the caller never changes them again. Does nothing once closed.
   */
  write(payloads: readonly OutboundPayload[]): void;
  /**
   * Says goodbye with a code after what was written; ends within a bound. The first code counts.
   * From this call on nothing is delivered but `handleClosed`, and that not before it returns.
   */
  close(code: CloseCode): void;
  /** Ends now: what is in flight may be lost. Otherwise as `close`. Idempotent. */
  drop(): void;
}

/** Who asks to connect, before anything is spent on it. */
export interface ConnectionRequest {
  readonly address: string;
  readonly origin: string | undefined;
  /** The host (name and port) that the client asked for. */
  readonly requestedHost: string | undefined;
}

/** `undefined` admits. `status` is an HTTP status for transports that have one. */
export type ConnectionRefusal = { readonly status: number; readonly message: string } | undefined;

/** What the host does with a transport's events. None of these calls throws. */
export interface TransportHandler {
  /** Asked before the connection exists. */
  admitConnection(request: ConnectionRequest): ConnectionRefusal;
  handleOpen(connection: TransportConnection): void;
  /**
   * One whole message. `bytes` is a view that is valid during the call only. `lane` is the lane it
   * arrived on; a transport with one ordered stream for both says `reliable`.
   */
  handleBytes(connection: TransportConnection, lane: Lane, bytes: Uint8Array): void;
  /**
   * A message that can never be one: text, which ends nothing, or one over the transport's limits,
   * after which the transport ends the connection itself.
   */
  handleMalformed(connection: TransportConnection, code: 'text-frame' | 'frame-too-large'): void;
  /** Exactly once per opened connection, after its last bytes, whoever ended it. */
  handleClosed(connection: TransportConnection): void;
}

export interface TransportServer {
  /** Resolves with the address that clients connect to; rejects with a HoldfastError. */
  start(handler: TransportHandler): Promise<string>;
  /**
   * No new connections, every open one closed with `server-stopped`, everything released. The last
   * `handleClosed` comes before it resolves. Idempotent, bounded; a stopped server never starts.
   */
  stop(): Promise<void>;
}

/** Why a client's connection ended, as far as it knows. */
export interface ClientCloseInfo {
  /** A code of ours when the other side closed with one; undefined for a plain loss. */
  readonly code: CloseCode | undefined;
  /** What the platform said of a failure, where it says anything; browsers don't. */
  readonly failure?: string | undefined;
}

export interface ClientConnectionHandler {
  handleOpen(): void;
  /** `bytes` is a view that is valid during the call only. */
  handleBytes(lane: Lane, bytes: Uint8Array): void;
  /** Exactly once, whether or not it ever opened. Nothing is delivered after it. */
  handleClosed(info: ClientCloseInfo): void;
}

/** One link, seen from the client. */
export interface ClientConnection {
  /** As with `TransportConnection`. */
  readonly isSyncOrdered: boolean;
  readonly bufferedBytes: number;
  /** The bytes are not copied. Does nothing unless open. */
  write(lane: Lane, bytes: Uint8Array): void;
  /** Polite end after what was written; nothing is delivered but `handleClosed`. Idempotent. */
  close(): void;
  /** Ends now: nothing is sent, `handleClosed` is called before this returns. Idempotent. */
  drop(): void;
}

export interface ClientTransport {
  /** Never throws for what the network can cause: a failure is `handleClosed`. */
  connect(url: string, handler: ClientConnectionHandler): ClientConnection;
}
