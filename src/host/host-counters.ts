/** What a host has counted since it was created. Numbers only; the host adds, anyone may read. */
import type { VerdictOutcome } from '../authority/verdict.ts';
import { Tally } from '../base/tally.ts';

export class HostCounters {
  connectionsOpened = 0;
  connectionsClosed = 0;
  connectionsRefused = 0;
  bytesReceived = 0;
  messagesReceived = 0;
  /** Bytes of a connection that has ended here already. */
  lateMessages = 0;
  overBudgetMessages = 0;
  /** Messages that the state of their session does not allow. */
  misplacedMessages = 0;
  unknownNonces = 0;
  loginsRefused = 0;
  /** Resumes with a token that is spent. */
  tokensReused = 0;
  /** Resumes and takeovers beyond a player's `seatMovesPerMinute`. */
  seatMovesRefused = 0;
  /** Logins and resumes that were durable when there was nobody left to be let in. */
  seatsUndone = 0;
  slowConsumers = 0;
  rateLimited = 0;
  protocolErrors = 0;
  /** Hooks and authorities of the user that threw. */
  userErrors = 0;
  /** Bugs of Holdfast itself; each has ended one session. */
  internalErrors = 0;
  worldsFailed = 0;
  ticks = 0;
  reliableMessagesSent = 0;
  /** Counted messages that a session's retransmit buffer gave up before they were acknowledged. */
  countedMessagesGivenUp = 0;
  /** Counted messages that were sent again after a resume. */
  countedMessagesResent = 0;
  /** Acknowledgements of counted messages, or of snapshots, that were never sent. */
  falseAcknowledgements = 0;
  /** Movement inputs that got lost, and were taken from a copy in a later message. */
  inputsRecovered = 0;
  /** Copies of movement inputs that had come, or had run: no inputs, and no verdicts. */
  inputCopiesIgnored = 0;
  /** Resumes of which a client was told that something is missing. */
  resyncs = 0;
  /** Times that a world's held outcomes were too much, and left before they were durable. */
  outcomesReleasedEarly = 0;
  /** Frames made of snapshots: at most 9 for each world and pass, however many receive them. */
  snapshotsEncoded = 0;
  /** Inputs by what was made of them: each has exactly one verdict. */
  readonly verdicts: Record<VerdictOutcome, number> = {
    accepted: 0,
    clamped: 0,
    stale: 0,
    duplicate: 0,
    rejected: 0,
  };
  readonly inputsRejectedByCode: Tally = new Tally();
  /** Sessions that came over a threshold of `suspicion`, each time that they did. */
  suspicionsRaised = 0;
  readonly suspicionsRaisedByKind: Tally = new Tally();
  /** Bytes that are no message, by decode rejection code. */
  readonly malformedByCode: Tally = new Tally();
  /** By the limit that was reached, or `origin`, or `stopping`. */
  readonly connectionsRefusedByReason: Tally = new Tally();
  readonly loginsRefusedByCode: Tally = new Tally();
}
