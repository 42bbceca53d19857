/**
 * What the host keeps for one session beside the coordinator's record: where it came from, what
 * became of its inputs, its counted messages. It lives as long as the session, across connections.
 */
import type { HostLimits } from './host-limits.ts';
import type { PeerLink } from './peer-link.ts';
import { ReliableStream } from './reliable-stream.ts';
import type { SuspicionMeter } from './suspicion-meter.ts';
import { VerdictRecord } from './verdict-record.ts';

export class Seat {
  /** Remote address of the connection that has the session now, or had it last; '' = none yet. */
  address: string;
  /** The connection over which the player is logged in. */
  link: PeerLink | undefined;
  /** Number of the first of its room's held outcomes that is for it. */
  outcomesFrom = 0;
  /** From which tick the world went on when a process first had the seat and not its player. */
  restoredTick: number | undefined;
  /** Made at the first offence. */
  suspicion: SuspicionMeter | undefined;
  /** Until when what comes too late or too early is nobody's fault; monotonic ms. */
  graceUntil = -Infinity;
  readonly #limits: Pick<HostLimits, 'retransmitBytesMax'>;
  #stream: ReliableStream | undefined;
  #verdicts: VerdictRecord | undefined;

  constructor(address: string, limits: Pick<HostLimits, 'retransmitBytesMax'>) {
    this.address = address;
    this.#limits = limits;
  }

  /** Made at the first login: many connections never come to it. */
  get stream(): ReliableStream {
    this.#stream ??= new ReliableStream(this.#limits.retransmitBytesMax);
    return this.#stream;
  }

  /** Made at the first verdict. */
  get verdicts(): VerdictRecord {
    this.#verdicts ??= new VerdictRecord();
    return this.#verdicts;
  }
}
