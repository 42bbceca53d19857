/** What the page says about its own connection, in plain words beside the protocol's codes. */
import type { SessionState } from 'holdfast/session';

export interface Farewell {
  readonly title: string;
  readonly text: string;
}

const FAREWELLS: Readonly<Record<string, Farewell>> = {
  left: { title: 'You left the arena', text: 'Your seat is free; the others play on.' },
  superseded: {
    title: 'Played elsewhere',
    text: 'This player logged in on another page, and that one plays on (superseded).',
  },
  'protocol-error': {
    title: 'The server closed the connection',
    text: 'It received too many frames that were no messages (protocol-error).',
  },
  'rate-limited': {
    title: 'The server closed the connection',
    text: 'Too many messages in too short a time (rate-limited).',
  },
  'server-stopped': {
    title: 'The server has stopped',
    text: 'It ended every session and said so (server-stopped). Once it runs again, you can play.',
  },
  'connection-failed': {
    title: 'The server does not answer',
    text: 'Is it running? Start it with npm start.',
  },
  'reconnect-window-expired': {
    title: 'Gone for too long',
    text: 'The seat was held for a while, then given up (reconnect-window-expired).',
  },
  evicted: { title: 'You were removed', text: 'The server ended your session (evicted).' },
};

/** What to say when a session has ended. */
export function farewellFor(reason: string): Farewell {
  return FAREWELLS[reason] ?? { title: 'The session has ended', text: `Reason: ${reason}.` };
}

/** What to say while a session goes on; undefined when all is well. */
export function describeConnection(state: SessionState, silentForMs: number): string | undefined {
  const seconds = Math.ceil(silentForMs / 1000);
  const silence = `nothing leaves this page for ${seconds} s more`;
  if (state === 'reconnecting' || state === 'timed-out') {
    return silentForMs > 0 ? `Reconnecting, but ${silence}…` : 'Connection lost. Reconnecting…';
  }
  if (silentForMs > 0) return `Silent: ${silence}.`;
  return undefined;
}
