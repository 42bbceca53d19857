/** What the join and idle benches and their players say to each other. */
import type { AdapterName } from '../arena/create-adapter.ts';

export interface JoinOrder {
  readonly adapter: AdapterName;
  readonly port: number;
  readonly clients: number;
  readonly worldPlayers: number;
  /** Logins under way at once; all of them where it is no less than the clients. */
  readonly enteringMax: number;
}

/** Everybody comes in, or everybody leaves. */
export type JoinQuestion = 'enter' | 'leave';

export interface JoinReport {
  /** From before the TCP connection to the word that one is in. */
  readonly enteredMs: readonly number[];
  readonly lost: number;
  /** Why, of the first few. */
  readonly problems: readonly string[];
}
