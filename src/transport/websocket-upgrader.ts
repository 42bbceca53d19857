/**
 * The half of `ws` that we use: shakes hands on sockets that somebody else accepted, and parses
 * what comes. In: our limits. Out: a server of `ws` that listens nowhere. Must not know: who
 * connects.
 */
import { WebSocketServer } from 'ws';
import type { WebSocketLimits } from './websocket-limits.ts';

/** Refuses what is beyond the limits while it arrives, never after. */
export function createUpgrader(limits: WebSocketLimits): WebSocketServer {
  const options = {
    noServer: true,
    clientTracking: false,
    // Costs memory per connection and compresses nothing in packed bits; and see the connection.
    perMessageDeflate: false,
    maxPayload: limits.messageBytesMax,
    maxFragments: limits.messageFragmentsMax,
    maxBufferedChunks: limits.bufferedChunksMax,
    // Text is refused whatever it says.
    skipUTF8Validation: true,
    closeTimeout: limits.closeTimeoutMs,
  };
  return new WebSocketServer(options);
}
