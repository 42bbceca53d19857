/**
 * The WebSocket client transport for Node.js, on `ws`: limits that a browser's WebSocket doesn't
 * have, headers that a browser doesn't let one set. In: options. Out: a ClientTransport.
 */
import { WebSocket } from 'ws';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import type { ClientTransport } from './transport.ts';
import { createWebSocketClientTransport } from './websocket-client.ts';

export interface NodeWebSocketClientOptions {
  /** The Origin header. Default none, which is what a native client sends. */
  readonly origin?: string;
  /** Further headers of the upgrade request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the connection must be open. Default 10 000 ms. */
  readonly handshakeTimeoutMs?: number;
}

/** How long `close` waits for the server before it drops. */
const CLOSE_TIMEOUT_MS = 2_000;
const MESSAGE_FRAGMENTS_MAX = 16;
/** Reads that one frame of the largest size may take: 64 KiB in segments of a slow modem's size. */
const BUFFERED_CHUNKS_MAX = 1_024;

export function createNodeWebSocketClientTransport({
  origin,
  headers = {},
  handshakeTimeoutMs = 10_000,
}: NodeWebSocketClientOptions = {}): ClientTransport {
  const options = {
    ...(origin === undefined ? {} : { origin }),
    headers: { ...headers },
    handshakeTimeout: handshakeTimeoutMs,
    perMessageDeflate: false,
    followRedirects: false,
    maxPayload: WIRE_LIMITS.serverFrameBytesMax,
    maxFragments: MESSAGE_FRAGMENTS_MAX,
    maxBufferedChunks: BUFFERED_CHUNKS_MAX,
    skipUTF8Validation: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  return createWebSocketClientTransport((url) => new WebSocket(url, options));
}
