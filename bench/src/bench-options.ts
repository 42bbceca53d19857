/** What the command line of `npm run bench` asks for. Each bench takes what concerns it. */
export interface BenchOptions {
  /** Players; each bench has a default of its own. */
  readonly clients: number;
  readonly seconds: number;
  readonly rounds: number;
  /** How often a disturbed window is measured again. */
  readonly repeats: number;
  /** Foreign CPU, and steal, from which on a window is disturbed: a part of one core. */
  readonly disturbance: number;
  readonly peers: boolean;
  readonly only: readonly string[] | undefined;
  /** Gives our server a store on disk. Undefined: none. */
  readonly journal: 'behind' | 'ahead' | undefined;
  /** Writes a CPU profile of each server and says where its time went. */
  readonly profile: boolean;
  /** Undefined: the counts of the bench itself. */
  readonly sessions: number | undefined;
  /** A part of the clients, for a quick look. */
  readonly scale: number;
}
