/** What a client knows about its own connection, for people and for tests. */
import type { PredictionStats } from './prediction.ts';

export interface ClientStats extends PredictionStats {
  /** As the server measured it last; undefined before its first measurement. */
  readonly roundTripTimeMs: number | undefined;
  /** Mean deviation of the snapshots' arrival from their cadence. */
  readonly jitterMs: number;
  /** How far behind the arrival of snapshots the players are shown; 0 before the first. */
  readonly interpolationDelayMs: number;
  /** How often players were shown past the newest snapshot because the next was late. */
  readonly extrapolations: number;
  /** For how long in all, ms, holding included; both on this connection. */
  readonly extrapolatedMs: number;
  /** How early the newest acknowledged input arrived, in ticks; undefined before the first. */
  readonly inputMarginTicks: number | undefined;
  /** How far ahead of the server's present inputs are stamped, in ticks. */
  readonly inputLeadTicks: number;
  readonly snapshotsReceived: number;
  /** Snapshots that were no newer than one that was there. */
  readonly snapshotsStale: number;
  /** Messages only, without what the transport adds; all connections together. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly framesReceived: number;
  /** Frames that are no message. */
  readonly framesRejected: number;
  /** Messages that the state didn't expect. */
  readonly messagesIgnored: number;
  /** Messages of ours that were not sent because the network, or the server, took no more. */
  readonly messagesHeldBack: number;
  /** Messages of ours that were sent again after a resume, because the server lacked them. */
  readonly messagesRetransmitted: number;
  /**
   * Messages of ours that were sent and never acknowledged, before the counting began anew: by a
   * fresh login, or after a crash of the server. Each may have been taken or not.
   */
  readonly messagesLost: number;
  /** The game's own messages that are not defined, or that their schema refuses. */
  readonly userMessagesRejected: number;
  /** Accepted logins after the first. */
  readonly reconnects: number;
  readonly listenerErrors: number;
  /** Events that were dropped because nobody listened in time. */
  readonly eventsDropped: number;
}
