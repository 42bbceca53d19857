/** What the controller and the process of the clients say to each other. */
import type { MarkRow } from './log-rows.ts';

export interface StartOrder {
  readonly order: 'start';
  readonly url: string;
  readonly clients: number;
  /** Where the rows go. */
  readonly logPath: string;
  readonly shotTicks: number;
  readonly tokenTicks: number;
}

export type ClientOrder =
  | StartOrder
  /** To be written down. */
  | { readonly order: 'mark'; readonly row: MarkRow }
  /** So many leave and log in as somebody new. */
  | { readonly order: 'churn'; readonly count: number }
  /** So many lose their connection. */
  | { readonly order: 'drop'; readonly count: number }
  | { readonly order: 'finish' };

export type ClientReport =
  | {
      readonly report: 'status';
      readonly clients: number;
      readonly isIn: number;
      /** Sessions that have ended without being asked to. */
      readonly lost: number;
    }
  | { readonly report: 'finished' };
