/**
 * Every bound of the WebSocket server, with its default and its reason. In: what the user gave.
 * Out: complete limits, or `invalid-configuration` that names the option.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';

export interface WebSocketLimits {
  /** Longest message from a client, in bytes. Default `WIRE_LIMITS.clientFrameBytesMax`. */
  readonly messageBytesMax: number;
  /** Fragments of one message. Browsers send whole messages; proxies may cut them. Default 16. */
  readonly messageFragmentsMax: number;
  /** Reads that one unfinished frame may take (a byte per packet is an attack). Default 256. */
  readonly bufferedChunksMax: number;
  /** Pings and pongs per second; a quarter of a minute's worth may come at once. Default 8. */
  readonly controlFramesPerSecond: number;
  /** TCP connections, upgraded or not. Default 10 000. */
  readonly socketsMax: number;
  /**
   * TCP connections that aren't upgraded; one more ends the oldest. As many may wait to be
   * accepted, where the server listens itself and its kernel allows it. Default 1 024.
   */
  readonly handshakesMax: number;
  /** Until the request's header is complete, counted from the connection. Default 5 000 ms. */
  readonly handshakeTimeoutMs: number;
  /** Until a plain HTTP request is complete. Default 30 000 ms. */
  readonly requestTimeoutMs: number;
  /** Until the next request on a kept HTTP connection. Default 5 000 ms. */
  readonly keepAliveTimeoutMs: number;
  /** How long a close waits for the other side before it drops. Default 2 000 ms. */
  readonly closeTimeoutMs: number;
}

const DEFAULTS: WebSocketLimits = {
  messageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
  messageFragmentsMax: 16,
  bufferedChunksMax: 256,
  controlFramesPerSecond: 8,
  socketsMax: 10_000,
  handshakesMax: 1_024,
  handshakeTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5_000,
  closeTimeoutMs: 2_000,
};

/** Also below 2^31, because Node turns a longer timeout into 1 ms. */
const LIMIT_MAX = 2 ** 31 - 1;

function refuse(problem: string): never {
  throw new HoldfastError('invalid-configuration', `limits.${problem}`);
}

/** Fills in the defaults; throws `invalid-configuration` naming the option. */
export function validateWebSocketLimits(given: Partial<WebSocketLimits> = {}): WebSocketLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULTS, name)) refuse(`${name} is not an option`);
    if (!Number.isSafeInteger(value) || value < 1 || value > LIMIT_MAX) {
      refuse(`${name} must be a whole number from 1 to ${LIMIT_MAX}, not ${String(value)}`);
    }
  }
  const limits = { ...DEFAULTS, ...given };
  if (limits.handshakeTimeoutMs > limits.requestTimeoutMs) {
    refuse('handshakeTimeoutMs must not be longer than limits.requestTimeoutMs');
  }
  return limits;
}
