/**
 * The heartbeats of one connection: the first with LoginAccepted, then every 250 ms for 2 s, then
 * every interval, counted from the instant that was due, and one at once after a stall; a nonce
 * that is nobody else's; the round trip of the newest answer. In: passes, heartbeats, answers.
 * Out: what is wrong with them.
 */
import type { Heartbeat } from '../../../protocol/messages.ts';

const BURST_MS = 250;
const BURST_COUNT = 8;
const OUTSTANDING_MAX = 16;
/** 64 bits in hexadecimal. */
const NONCE = /^[0-9a-f]{16,}$/;

export class HeartbeatDuty {
  readonly #intervalMs: number;
  /** Of the whole run. */
  readonly #nonces: Set<string>;
  readonly #sentAt = new Map<string, number>();
  #burstLeft = BURST_COUNT;
  #dueAt: number;
  #roundTripMs = 0;
  #sentCount = 0;

  constructor(options: { loggedInAt: number; intervalMs: number; nonces: Set<string> }) {
    this.#intervalMs = options.intervalMs;
    this.#nonces = options.nonces;
    this.#dueAt = options.loggedInAt + this.#stepMs();
  }

  handleSent({ nonce, roundTripTimeMs }: Heartbeat, at: number): string | undefined {
    this.#sentCount += 1;
    if (this.#sentAt.size >= OUTSTANDING_MAX) {
      const [oldest] = this.#sentAt.keys();
      if (oldest !== undefined) this.#sentAt.delete(oldest);
    }
    this.#sentAt.set(nonce, at);
    if (this.#nonces.has(nonce)) return `a heartbeat has the nonce ${nonce} of another`;
    this.#nonces.add(nonce);
    if (!NONCE.test(nonce)) return `a heartbeat has the nonce '${nonce}', which can be guessed`;
    if (roundTripTimeMs === Math.fround(this.#roundTripMs)) return undefined;
    return `a heartbeat tells a round trip of ${roundTripTimeMs} ms, not ${this.#roundTripMs}`;
  }

  /** An answer that was admitted. */
  handleAnswered(nonce: string, at: number): void {
    const sentAt = this.#sentAt.get(nonce);
    if (sentAt === undefined) return;
    this.#sentAt.delete(nonce);
    this.#roundTripMs = at - sentAt;
  }

  /** After a pass: `sent` heartbeats went out in it. */
  handlePass(at: number, sent: number, hasStalled: boolean): string | undefined {
    const owed = this.#takeOwed(at, hasStalled) ? 1 : 0;
    if (this.#sentCount === 0) return 'no heartbeat came with LoginAccepted';
    return sent === owed ? undefined : `${sent} heartbeats are sent, ${owed} owed`;
  }

  #takeOwed(at: number, hasStalled: boolean): boolean {
    if (hasStalled) {
      this.#dueAt = at + this.#stepMs();
      return true;
    }
    if (at < this.#dueAt) return false;
    const stepMs = this.#stepMs();
    const next = this.#dueAt + stepMs;
    // Deliberate: whoever comes very late owes one, not all.
    this.#dueAt = next <= at ? at + stepMs : next;
    return true;
  }

  #stepMs(): number {
    const isBurst = this.#burstLeft > 0 && BURST_MS < this.#intervalMs;
    this.#burstLeft = Math.max(0, this.#burstLeft - 1);
    return isBurst ? BURST_MS : this.#intervalMs;
  }
}
