/** What the page says about its own connection, in plain words beside the protocol's codes. */
import type { ClientResyncedEvent } from 'holdfast/client';
import type { SessionState } from 'holdfast/session';

export interface Farewell {
  readonly title: string;
  readonly text: string;
  /** On the button. */
  readonly again?: string;
}

const FAREWELLS: Readonly<Record<string, Farewell>> = {
  left: { title: 'You left the arena', text: 'Your seat is free; the others play on.' },
  superseded: {
    title: 'Played elsewhere',
    text: 'This player logged in on another page, and that one plays on (superseded).',
  },
  'session-open-elsewhere': {
    title: 'Open in another tab',
    text:
      'This tab is a copy: the other one has the session and plays on, undisturbed. Playing here ' +
      'is a second login of the same player.',
    again: 'Play here instead',
  },
  'resume-refused': {
    title: 'The session is gone',
    text: 'The server does not know it any more, so nothing was taken up again (resume-refused).',
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What was lost, as the timeline says it. */
export function describeLoss({ ticksLost, eventsMissed }: ClientResyncedEvent): string {
  // Only after a crash nobody knows what was said and not heard.
  if (eventsMissed === undefined) {
    return `the server died, ${ticksLost === 0 ? 'no tick' : counted(ticksLost, 'tick')} lost`;
  }
  const ticks = ticksLost === 0 ? '' : `${counted(ticksLost, 'tick')} lost, `;
  return `${ticks}${counted(eventsMissed, 'message')} missed`;
}

/** What to say when a session goes on and something was lost on the way. */
export function describeResynced(event: ClientResyncedEvent): string {
  return `Same session, same place and score: ${describeLoss(event)}.`;
}

/** What to say of a client that is back, in the words of its session's cause. */
export function describeReturn(cause: string): string {
  return cause === 'resumed'
    ? 'Back: same session, same place and score.'
    : 'Back. The server did not know the session any more, so this is a new one.';
}

/** What to say while a session goes on; undefined when all is well. */
export function describeConnection(
  { state, lastCause }: { readonly state: SessionState; readonly lastCause: string },
  silentForMs: number,
): string | undefined {
  const seconds = Math.ceil(silentForMs / 1000);
  const silence = `nothing leaves this page for ${seconds} s more`;
  if (state === 'reconnecting' || state === 'timed-out') {
    if (silentForMs > 0) return `Reconnecting, but ${silence}…`;
    const why =
      lastCause === 'draining' ? 'The server stops for the next one.' : 'Connection lost.';
    return `${why} Reconnecting…`;
  }
  if (silentForMs > 0) return `Silent: ${silence}.`;
  return undefined;
}
