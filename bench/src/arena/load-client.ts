/**
 * A player without eyes: comes in, runs round a square, counts what it gets. In: an adapter and
 * where the server is. Out: counts; how often states came, by the clock.
 */
import { machineNow } from '../../../scripts/chaos/machine-clock.ts';
import { RawWebSocket } from '../wire/raw-web-socket.ts';
import type { Adapter, AdapterLine } from './adapter.ts';
import { HEADINGS } from './headings.ts';

/** Inputs between two turns: a square of 2.5 m at 20 Hz and 5 m/s. */
const TURN_INPUTS = 10;
const TEXT = 0x1;

export interface LoadPlace {
  readonly port: number;
  readonly worldId: string;
  readonly name: string;
}

export class LoadClient {
  states = 0;
  refusals = 0;
  inputsSent = 0;
  isIn = false;
  lostBecause: string | undefined;
  /** When it came in; 0 = it has not. */
  inAt = 0;
  /** When each state came; filled when it is there. */
  arrivals: number[] | undefined;
  #socket: RawWebSocket | undefined;
  #line: AdapterLine | undefined;
  readonly #adapter: Adapter;
  readonly #place: LoadPlace;
  #settle: (isIn: boolean) => void = () => undefined;
  #inputs: number;
  #firstStateAt = 0;
  #lastStateAt = 0;
  #statesInWindow = 0;

  constructor(adapter: Adapter, place: LoadPlace, index: number) {
    this.#adapter = adapter;
    this.#place = place;
    // They don't all turn at once.
    this.#inputs = index;
  }

  get bytesReceived(): number {
    return this.#socket?.bytesReceived ?? 0;
  }

  get bytesSent(): number {
    return this.#socket?.bytesSent ?? 0;
  }

  /** Of the states since `openWindow`; NaN for less than two. */
  get stateHz(): number {
    const seconds = (this.#lastStateAt - this.#firstStateAt) / 1_000;
    return this.#statesInWindow < 2 ? Number.NaN : (this.#statesInWindow - 1) / seconds;
  }

  /** Resolves with whether it is in. */
  async enter(): Promise<boolean> {
    const { port, worldId, name } = this.#place;
    const path = await this.#adapter.pathFor(port, worldId);
    return new Promise((resolve) => {
      this.#settle = resolve;
      const socket = new RawWebSocket(
        { port, path },
        {
          handleOpen: () => this.#adapter.handleOpen(line),
          handleFrame: (opcode, payload) => this.#handleFrame(payload, opcode === TEXT),
          handleClosed: (why) => this.#handleClosed(why),
        },
      );
      const line = this.#adapter.createLine({ name, worldId, socket });
      this.#socket = socket;
      this.#line = line;
    });
  }

  openWindow(): void {
    this.#statesInWindow = 0;
  }

  /** As many copies of its next input as are asked for, in one write. */
  sendCopies(copies: number): void {
    const line = this.#line;
    if (line === undefined || this.#socket?.isOpen !== true) return;
    const frame = this.#adapter.inputFrame(line, 0);
    if (frame === undefined) return;
    this.inputsSent += copies;
    this.#socket.write(Buffer.concat(Array.from({ length: copies }, () => frame)));
  }

  /** Once per tick. */
  sendInput(): void {
    if (this.#line === undefined || this.#socket?.isOpen !== true) return;
    const heading = Math.floor(this.#inputs / TURN_INPUTS) % HEADINGS.length;
    const frame = this.#adapter.inputFrame(this.#line, heading);
    if (frame === undefined) return;
    this.#inputs += 1;
    this.inputsSent += 1;
    this.#socket.write(frame);
  }

  leave(): void {
    this.#socket?.destroy();
  }

  #handleFrame(payload: Buffer, isText: boolean): void {
    const line = this.#line;
    if (line === undefined) return;
    const meaning = this.#adapter.handleFrame(line, payload, isText);
    if (meaning === 'state') this.#noteState();
    else if (meaning === 'refused') this.refusals += 1;
    else if (meaning === 'welcome') {
      this.isIn = true;
      this.inAt = machineNow();
      this.#settle(true);
    }
  }

  #noteState(): void {
    this.states += 1;
    this.#lastStateAt = machineNow();
    if (this.#statesInWindow === 0) this.#firstStateAt = this.#lastStateAt;
    this.#statesInWindow += 1;
    this.arrivals?.push(this.#lastStateAt);
  }

  #handleClosed(why: string): void {
    this.lostBecause = why;
    this.#settle(false);
  }
}
