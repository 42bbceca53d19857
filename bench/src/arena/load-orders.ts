/** What the bench and its load generator say to each other. */
import type { AdapterName } from './create-adapter.ts';

export interface LoadOrder {
  readonly adapter: AdapterName;
  readonly parser: 'json' | 'msgpack' | undefined;
  readonly port: number;
  readonly clients: number;
  /** Of the clients, those that decode what they get. */
  readonly samples: number;
  readonly worldPlayers: number;
}

/** `open` begins a window, `close` ends it and is answered with a report. */
export type LoadQuestion = 'open' | 'close';

/** The first word of the generator. */
export interface LoadEntered {
  readonly entered: number;
  readonly problems: readonly string[];
}

export interface LoadReport {
  /** Of the clients without eyes: TCP payload, frames and control frames included. */
  readonly bytesDownPerClientSecond: number;
  readonly bytesUpPerClientSecond: number;
  readonly inputsPerClientSecond: number;
  /** Median of how often states came. */
  readonly stateHz: number;
  readonly latenciesMs: readonly number[];
  /** Of players that stamp the next tick that can be reached: Holdfast alone has them. */
  readonly eagerLatenciesMs: readonly number[];
  readonly unseenTurns: number;
  /** Inputs refused, refusals of other kinds. */
  readonly refusals: number;
  readonly lost: number;
}
