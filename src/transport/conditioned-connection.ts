/**
 * One connection of a conditioned server: the host's view of it. In: the host's calls, events of
 * the inner connection. Out: both, as its line lets them through; ends behind what was written.
 * The opening is at once; what travels over it takes its time.
 * Must not know: other connections, what bytes mean but for their lane.
 */
import type { Timer } from '../base/clock.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { ConditionedSetting } from './conditioned-options.ts';
import { ConditionedWay } from './conditioned-way.ts';
import type { LineFates } from './line-fates.ts';
import type { OutboundPayload, TransportConnection, TransportHandler } from './transport.ts';

export interface ConditionedConnectionOptions {
  readonly setting: ConditionedSetting;
  readonly line: LineFates;
  readonly inner: TransportConnection;
  readonly handler: TransportHandler;
  /** Before the host is told. */
  readonly onEnded: () => void;
}

export class ConditionedConnection implements TransportConnection {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin: string | undefined;
  readonly isSyncOrdered = false;
  readonly line: LineFates;
  readonly #options: ConditionedConnectionOptions;
  readonly #inner: TransportConnection;
  readonly #up: ConditionedWay;
  readonly #down: ConditionedWay;
  /** What has come through and leaves in one write. */
  #due: OutboundPayload[] = [];
  #hasInnerEnded = false;
  #phase: 'open' | 'closing' | 'dropped' | 'ended' = 'open';
  #timer: Timer | undefined;

  constructor(options: ConditionedConnectionOptions) {
    const { setting, line, inner, handler } = options;
    this.peerId = inner.peerId;
    this.address = inner.address;
    this.origin = inner.origin;
    this.line = line;
    this.#options = options;
    this.#inner = inner;
    this.#up = new ConditionedWay({
      setting,
      fates: line.up,
      isLent: true,
      deliver: ({ lane, bytes }) => {
        if (this.#phase === 'open') handler.handleBytes(this, lane, bytes);
      },
    });
    this.#down = new ConditionedWay({
      setting,
      fates: line.down,
      isLent: false,
      deliver: ({ payload }) => {
        if (payload !== undefined) this.#due.push(payload);
      },
      onDelivered: () => this.#flush(),
    });
  }

  get bufferedBytes(): number {
    const heldBytes = this.#down.inFlightBytes - this.#options.setting.windowBytes;
    return Math.max(0, heldBytes) + this.#inner.bufferedBytes;
  }

  write(payloads: readonly OutboundPayload[]): void {
    if (this.#phase !== 'open') return;
    for (const payload of payloads) {
      this.#down.send({ lane: payload.lane, bytes: payload.bytes, payload });
    }
    this.#flush();
  }

  close(code: CloseCode): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#up.end();
    if (this.#hasInnerEnded) {
      this.#endSoon();
      return;
    }
    const { scheduler, closeTimeoutMs } = this.#options.setting;
    this.#timer = scheduler.setTimer(closeTimeoutMs, () => this.drop());
    this.#down.sendAct(() => {
      this.#flush();
      this.#inner.close(code);
    });
  }

  drop(): void {
    if (this.#phase === 'dropped' || this.#phase === 'ended') return;
    const isEnding = this.#hasInnerEnded && this.#phase === 'closing';
    this.#phase = 'dropped';
    if (isEnding) return;
    this.#timer?.cancel();
    this.#up.end();
    this.#down.end();
    this.#due = [];
    if (this.#hasInnerEnded) this.#endSoon();
    else this.#inner.drop();
  }

  /** The server stops: what was written leaves now, nothing more arrives. */
  stop(): void {
    if (this.#phase === 'open') this.#phase = 'closing';
    this.#up.end();
    this.#down.hasten();
    if (this.#hasInnerEnded) this.#end();
  }

  /** For the server alone, as the rest: events of the inner connection. */
  receive(arrivedOn: Lane, bytes: Uint8Array): void {
    const { laneOf } = this.#options.setting;
    const lane = this.#inner.isSyncOrdered ? laneOf(bytes) : arrivedOn;
    this.#up.send({ lane, bytes });
  }

  receiveMalformed(code: Parameters<TransportHandler['handleMalformed']>[1]): void {
    this.#up.sendAct(() => {
      if (this.#phase === 'open') this.#options.handler.handleMalformed(this, code);
    });
  }

  handleInnerClosed(): void {
    this.#hasInnerEnded = true;
    // What was under way to the client gets nowhere.
    this.#down.end();
    if (this.#phase === 'open') this.#up.sendAct(() => this.#end());
    else this.#end();
  }

  #flush(): void {
    if (this.#due.length === 0) return;
    const due = this.#due;
    this.#due = [];
    this.#inner.write(due);
  }

  /** Not from within the host's own call. */
  #endSoon(): void {
    this.#timer = this.#options.setting.scheduler.setTimer(0, () => this.#end());
  }

  #end(): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#timer?.cancel();
    this.#up.end();
    this.#down.end();
    this.#options.onEnded();
    this.#options.handler.handleClosed(this);
  }
}
