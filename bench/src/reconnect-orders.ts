/** What the processes of the reconnect bench say to each other. */

/** `holdfast`: the built package as it ships. `plain`: bare `ws` that sends as much as often. */
export type ServerKind = 'holdfast' | 'plain';

export interface ServerOrder {
  readonly kind: ServerKind;
  readonly clients: number;
  readonly worldPlayers: number;
  readonly tickRateHz: number;
  /** Of a frame of the plain server. */
  readonly frameBytes: number;
}

/**
 * `raw` and `plain` come back at once; `official` is the shipped client with its own back-off, and
 * `plain-patient` waits as long as it does.
 */
export type CrowdKind = 'raw' | 'official' | 'plain' | 'plain-patient';

export interface CrowdOrder {
  readonly kind: CrowdKind;
  readonly url: string;
  readonly clients: number;
  readonly worldPlayers: number;
}

export interface CrowdReport {
  /** From the drop to the first frame afterwards, of each. */
  readonly healthyMs: readonly number[];
  /** Not back in time, or back as somebody else. */
  readonly lost: number;
  readonly droppedAt: number;
}

export interface StayersOrder {
  readonly url: string;
  readonly players: number;
  readonly worldPlayers: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Of snapshots within the window, against the most punctual ones of all. */
export interface StayersReport {
  readonly latenessMs: readonly number[];
}
