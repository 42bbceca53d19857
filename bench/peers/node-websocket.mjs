/** Core 0.18 of Colyseus asks the global WebSocket for its constants; Node 20 has none. */
import { WebSocket } from 'ws';

export function provideWebSocket() {
  globalThis.WebSocket ??= WebSocket;
}
