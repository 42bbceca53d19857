/** How long a session may stay in each state, and what happens to what it leaves in the world. */

/** What the world does with the entity from the entry into `timed-out`/`reconnecting` on. */
export type GhostPolicy = 'vulnerable' | 'protected' | 'removed';

export interface SessionPolicy {
  /** From first contact to `logged-in`. Default 10 000. */
  readonly loginTimeoutMs: number;
  /** Login attempts per connection. Default 3. */
  readonly loginAttemptsMax: number;
  /** Default 2 000. */
  readonly heartbeatIntervalMs: number;
  /** Silence that a `logged-in` session may keep. At least 2 × heartbeat. Default 10 000. */
  readonly livenessTimeoutMs: number;
  /** How long the seat is held; 0 = not at all. Default 30 000. */
  readonly reconnectWindowMs: number;
  /** A longer gap between two evaluations is our stall, not the peers' silence. Default 1 000. */
  readonly stallMsMax: number;
  /** What a fresh login of a player who is already in does. */
  readonly takeover: 'replace';
  readonly ghost: GhostPolicy;
}
