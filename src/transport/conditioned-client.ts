/**
 * A client's transport with network conditions around another one. In: the calls of a client, the
 * events of the inner transport. Out: both, as late, lossy and disordered as the conditions say.
 * It has a sync lane of its own: over an ordered transport it tells the lanes apart by the kinds
 * of messages. Must not know: what else bytes mean, sessions.
 */
import type { Timer } from '../base/clock.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { ConditionFaults } from './condition-faults.ts';
import { createLine, resolveConditionedSetting } from './conditioned-options.ts';
import type {
  ConditionedOptions,
  ConditionedPlatform,
  ConditionedSetting,
} from './conditioned-options.ts';
import { ConditionedWay } from './conditioned-way.ts';
import type { LineFates } from './line-fates.ts';
import type { Lanes, LinkConditions, LinkDirection, LinkDirections } from './link-conditions.ts';
import type {
  ClientCloseInfo,
  ClientConnection,
  ClientConnectionHandler,
  ClientTransport,
} from './transport.ts';

export class ConditionedClientTransport implements ClientTransport {
  readonly #inner: ClientTransport;
  readonly #setting: ConditionedSetting;
  readonly #line: LineFates;

  /** Throws HoldfastError `invalid-configuration` that names the option or the condition. */
  constructor(inner: ClientTransport, options: ConditionedOptions, platform: ConditionedPlatform) {
    this.#inner = inner;
    this.#setting = resolveConditionedSetting(options, platform);
    this.#line = createLine(this.#setting, options);
  }

  /** What has been done to messages so far. */
  get faults(): Readonly<ConditionFaults> {
    return this.#setting.faults;
  }

  conditions(direction: LinkDirection, lane: Lane): LinkConditions {
    return this.#line.conditions(direction, lane);
  }

  /**
   * For what is sent from now on, over every connection; what `conditions` leaves out is perfect.
   * Throws HoldfastError `invalid-configuration`, and then nothing has changed.
   */
  setConditions(
    directions: LinkDirections,
    lanes: Lanes,
    conditions: Partial<LinkConditions>,
  ): void {
    this.#line.setConditions(directions, lanes, conditions);
  }

  connect(url: string, handler: ClientConnectionHandler): ClientConnection {
    const connection = new ConditionedClientConnection(this.#setting, this.#line, handler);
    connection.open(this.#inner, url);
    return connection;
  }
}

class ConditionedClientConnection implements ClientConnection {
  readonly isSyncOrdered = false;
  readonly #setting: ConditionedSetting;
  readonly #line: LineFates;
  readonly #handler: ClientConnectionHandler;
  readonly #up: ConditionedWay;
  readonly #down: ConditionedWay;
  #inner: ClientConnection | undefined;
  #hasInnerEnded = false;
  #phase: 'opening' | 'open' | 'closing' | 'dropping' | 'ended' = 'opening';
  #timer: Timer | undefined;

  constructor(setting: ConditionedSetting, line: LineFates, handler: ClientConnectionHandler) {
    this.#setting = setting;
    this.#line = line;
    this.#handler = handler;
    this.#up = new ConditionedWay({
      setting,
      fates: line.up,
      isLent: false,
      deliver: ({ lane, bytes }) => this.#inner?.write(lane, bytes),
    });
    this.#down = new ConditionedWay({
      setting,
      fates: line.down,
      isLent: true,
      deliver: ({ lane, bytes }) => {
        // A datagram may come before the connection has, as on any real line: it is lost.
        if (this.#phase === 'open') handler.handleBytes(lane, bytes);
      },
    });
  }

  /** Call once. */
  open(inner: ClientTransport, url: string): void {
    this.#inner = inner.connect(url, {
      handleOpen: () => this.#handleOpen(),
      handleBytes: (lane, bytes) => this.#handleBytes(lane, bytes),
      handleClosed: (info) => this.#handleClosed(info),
    });
  }

  get bufferedBytes(): number {
    const heldBytes = Math.max(0, this.#up.inFlightBytes - this.#setting.windowBytes);
    return heldBytes + (this.#inner?.bufferedBytes ?? 0);
  }

  write(lane: Lane, bytes: Uint8Array): void {
    if (this.#phase === 'open') this.#up.send({ lane, bytes });
  }

  close(): void {
    const wasOpen = this.#phase === 'open';
    if (!wasOpen && this.#phase !== 'opening') return;
    this.#phase = 'closing';
    this.#down.end();
    const { scheduler, closeTimeoutMs } = this.#setting;
    if (this.#hasInnerEnded) {
      this.#timer = scheduler.setTimer(0, () => this.#end({ code: undefined }));
      return;
    }
    this.#timer = scheduler.setTimer(closeTimeoutMs, () => this.drop());
    if (wasOpen) this.#up.sendAct(() => this.#inner?.close());
    else this.#inner?.close();
  }

  drop(): void {
    if (this.#phase === 'dropping' || this.#phase === 'ended') return;
    this.#phase = 'dropping';
    this.#inner?.drop();
    this.#end({ code: undefined });
  }

  /** The opening has gone there and back, too. */
  #handleOpen(): void {
    if (this.#phase !== 'opening') return;
    const { clock } = this.#setting;
    const answeredAt = this.#line.up.reliable.castStream(clock.now(), 0);
    this.#down.sendActFrom(answeredAt, () => {
      if (this.#phase !== 'opening') return;
      this.#phase = 'open';
      this.#handler.handleOpen();
    });
  }

  #handleBytes(arrivedOn: Lane, bytes: Uint8Array): void {
    const isOneStream = this.#inner?.isSyncOrdered !== false;
    this.#down.send({ lane: isOneStream ? this.#setting.laneOf(bytes) : arrivedOn, bytes });
  }

  #handleClosed(info: ClientCloseInfo): void {
    this.#hasInnerEnded = true;
    // What was under way to the server gets nowhere.
    this.#up.end();
    if (this.#phase === 'opening' || this.#phase === 'open') {
      this.#down.sendAct(() => this.#end(info));
    } else {
      this.#end(info);
    }
  }

  #end(info: ClientCloseInfo): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#timer?.cancel();
    this.#up.end();
    this.#down.end();
    this.#handler.handleClosed(info);
  }
}
