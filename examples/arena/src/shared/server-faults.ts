/** How the page asks the server to die or to start again: what both sides agree on. */

/** GET = the offer, where there is one; POST to `/faults/‹fault›` with the token commits it. */
export const SERVER_FAULTS_PATH = '/faults';
export const FAULT_TOKEN_HEADER = 'x-arena-token';

/** `kill` = SIGKILL, `restart` = a polite stop and another process. */
export const SERVER_FAULTS = ['kill', 'restart'] as const;
export type ServerFault = (typeof SERVER_FAULTS)[number];

export interface ServerFaultsOffer {
  /** Of this process; the next one has another. */
  readonly token: string;
}
