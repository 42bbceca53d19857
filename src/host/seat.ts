/**
 * What the host keeps for one session beside the coordinator's record: where it came from and what
 * became of its inputs. It lives as long as the session, across connections.
 */
import { VerdictRecord } from './verdict-record.ts';

export class Seat {
  /** Remote address of the connection that holds the session now, or held it last. */
  address: string;
  #verdicts: VerdictRecord | undefined;

  constructor(address: string) {
    this.address = address;
  }

  /** Made at the first verdict: most connections that never log in have none. */
  get verdicts(): VerdictRecord {
    this.#verdicts ??= new VerdictRecord();
    return this.#verdicts;
  }
}
