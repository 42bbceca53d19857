/** What the controller asks of the server process, as one word of its command line. */

export interface ServerOptions {
  /** Directory of the store. */
  readonly data: string;
  readonly journal: 'behind' | 'ahead';
  /** How long the marked store holds back its answers. Milliseconds. */
  readonly holdMs: number;
  /** Players that it has to take, all from one address. */
  readonly players: number;
  /** Takeovers and resumes of one player in a minute. */
  readonly seatMovesPerMinute: number;
}

export function formatServerOptions(options: ServerOptions): string {
  return JSON.stringify(options);
}

export function parseServerOptions(word: string | undefined): ServerOptions {
  return JSON.parse(word ?? '') as ServerOptions;
}
