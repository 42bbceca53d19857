/**
 * How each of the seven session states looks: a colour that colour-blind people can tell apart
 * (after Okabe & Ito, "Color Universal Design", 2008, lightened for a dark ground) and a letter,
 * so that colour is never the only sign.
 */
import type { SessionState } from 'holdfast/session';

export interface StateStyle {
  readonly letter: string;
  readonly colour: string;
  /** One sentence for the legend. */
  readonly meaning: string;
}

/** In the order of a session's life. */
export const STATE_STYLES = {
  'transport-connected': {
    letter: 'C',
    colour: '#7cc4f0',
    meaning: 'A connection is up, nobody has been proven yet.',
  },
  'login-pending': {
    letter: 'P',
    colour: '#ece46a',
    meaning: 'Credentials are being verified.',
  },
  'login-failed': {
    letter: 'F',
    colour: '#e08fc0',
    meaning: 'Refused, with a reason; another attempt is possible.',
  },
  'logged-in': {
    letter: 'L',
    colour: '#2fb48b',
    meaning: 'The player is proven and plays; the liveness deadline runs.',
  },
  'timed-out': {
    letter: 'T',
    colour: '#f0683c',
    meaning: 'Silent for too long; the connection is given up.',
  },
  reconnecting: {
    letter: 'R',
    colour: '#f2b134',
    meaning: 'The connection is gone, the seat is held.',
  },
  disconnected: {
    letter: 'D',
    colour: '#8a94a6',
    meaning: 'Removed from the server.',
  },
} as const satisfies Record<SessionState, StateStyle>;

/** What is no state of a session, but happens to one. */
const GAP_STYLES = {
  'no-server': {
    letter: '✕',
    colour: '#c9364f',
    meaning: 'No server process: what had been written down waited on the disk.',
  },
  'no-page': {
    letter: '↻',
    colour: '#5b6b8c',
    meaning: 'No page: it was being reloaded.',
  },
} as const satisfies Record<string, StateStyle>;

export type Gap = keyof typeof GAP_STYLES;

export function styleOf(what: SessionState | Gap): StateStyle {
  return what === 'no-server' || what === 'no-page' ? GAP_STYLES[what] : STATE_STYLES[what];
}

/** The states in the order of a session's life, as the legend lists them. */
export const STATES_IN_ORDER = Object.keys(STATE_STYLES) as readonly SessionState[];
