/** What the flood bench and its players say to each other. */
import type { AdapterName } from '../arena/create-adapter.ts';

export interface FloodOrder {
  readonly adapter: AdapterName;
  readonly port: number;
  readonly clients: number;
  readonly worldPlayers: number;
  readonly messagesPerSecond: number;
}

export interface FloodQuestion {
  readonly seconds: number;
  readonly isFlooded: boolean;
}

export interface FloodReport {
  /** Of every state of every healthy player. */
  readonly latenessMs: readonly number[];
  readonly statesPerClientSecond: number;
  readonly messagesSentPerSecond: number;
  /** Connections of the flooder that the server has ended. */
  readonly ended: number;
  readonly lost: number;
}
