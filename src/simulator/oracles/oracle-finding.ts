/** What an oracle has to say against a run; a run that is right yields none. */
export type OracleId =
  | 'O1'
  | 'O2'
  | 'O3'
  | 'O4'
  | 'O6'
  | 'O7'
  | 'O8'
  | 'O9'
  | 'O10'
  | 'authority'
  | 'client'
  | 'fair play'
  | 'wire'
  | 'reliable'
  | 'recovery'
  | 'sessions'
  | 'errors';

export interface OracleFinding {
  readonly oracle: OracleId;
  /** Whose trace shows it; undefined = the run's as a whole. */
  readonly peer: string | undefined;
  /** Virtual ms. */
  readonly at: number | undefined;
  /** What is wrong, over one or more lines. */
  readonly text: string;
}
