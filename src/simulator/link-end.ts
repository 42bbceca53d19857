/**
 * One end of a simulated connection and the rules of ending: a close travels behind what was
 * written before it, a drop loses what is in flight, the owner hears of the end exactly once and of
 * nothing after it; an end whose process died hears nothing. In: calls of the owner, packets, what
 * happens to the line. Out: the owner's events. Must not know: which end it is, what bytes mean.
 */
import type { Timer } from '../base/clock.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { OneWay } from './one-way.ts';
import type { Packet } from './packet.ts';
import type { NodeScheduler } from './virtual-node.ts';

export interface LinkEndOptions {
  /** Of the node that it is on. */
  readonly scheduler: NodeScheduler;
  /** Bytes that the network takes in flight before they count as buffered, as of now. */
  readonly windowBytes: () => number;
  /** How long a close waits for the other end, in ms. */
  readonly closeTimeoutMs: number;
  readonly onReceived: (packet: Packet) => void;
  /** The owner is told. `unread`: messages that had arrived when it gave the connection up. */
  readonly onEnded: (code: CloseCode | undefined, unread: number) => void;
  /** Nothing of this end is left, whether or not its owner was told. */
  readonly onReleased: () => void;
}

export class LinkEnd {
  readonly #options: LinkEndOptions;
  readonly #inbound: OneWay;
  readonly #outbound: OneWay;
  #remote: LinkEnd | undefined;
  #phase: 'opening' | 'open' | 'closing' | 'dropped' | 'ended' = 'opening';
  #timer: Timer | undefined;
  #unread = 0;

  constructor(options: LinkEndOptions, inbound: OneWay, outbound: OneWay) {
    this.#options = options;
    this.#inbound = inbound;
    this.#outbound = outbound;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get hasEnded(): boolean {
    return this.#phase === 'ended';
  }

  get bufferedBytes(): number {
    return Math.max(0, this.#outbound.inFlightBytes - this.#options.windowBytes());
  }

  /** From now on this end's closing and dropping reach `remote`. */
  attach(remote: LinkEnd): void {
    this.#remote = remote;
  }

  /** Ready to send and receive; false when it has ended meanwhile. */
  open(): boolean {
    if (this.#phase !== 'opening') return false;
    this.#phase = 'open';
    return true;
  }

  send(lane: Lane, bytes: Uint8Array): void {
    if (this.#phase === 'open') this.#outbound.send(lane, bytes);
  }

  /** An act of this end that takes its place among its messages. */
  sendAct(act: () => void): void {
    if (this.#phase === 'open') this.#outbound.sendAct(act);
  }

  receive(packet: Packet): void {
    if (this.#phase === 'open') this.#options.onReceived(packet);
  }

  /** Says goodbye behind what was sent, and drops when nobody answers in time. */
  close(code: CloseCode | undefined): void {
    if (this.#phase === 'opening') this.drop();
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#sendEnd(code);
    const { scheduler, closeTimeoutMs } = this.#options;
    this.#timer = scheduler.setTimer(closeTimeoutMs, () => this.drop());
  }

  /** Loses what is in flight; the owner hears of the end after this call. */
  drop(): void {
    if (this.#phase === 'dropped' || this.#phase === 'ended') return;
    this.#unread = this.#inbound.arrivedCount;
    this.#outbound.clear();
    this.#sendEnd(undefined);
    this.#endSoon();
  }

  /** The line has lost the connection: as `drop`, and the other end isn't told. */
  lose(): void {
    if (this.#phase === 'dropped' || this.#phase === 'ended') return;
    this.#outbound.clear();
    this.#outbound.sever();
    this.#endSoon();
  }

  /** The process of this end has died: its owner is never told, the other end only perhaps. */
  die(tellsRemote: boolean): void {
    if (this.#phase === 'ended') return;
    this.#outbound.clear();
    if (tellsRemote) this.#sendEnd(undefined);
    else this.#outbound.sever();
    this.#release();
  }

  /** Tells the owner, once. */
  end(code: CloseCode | undefined): void {
    if (this.#phase === 'ended') return;
    this.#release();
    this.#options.onEnded(code, this.#unread);
  }

  #endSoon(): void {
    this.#phase = 'dropped';
    this.#timer?.cancel();
    this.#timer = this.#options.scheduler.setArrival(0, () => this.end(undefined));
  }

  #release(): void {
    this.#phase = 'ended';
    this.#timer?.cancel();
    this.#timer = undefined;
    // What is still under way to this end goes nowhere, and whoever sends it doesn't know.
    this.#inbound.sever();
    this.#options.onReleased();
  }

  /** The other end has closed with `code`, or was lost. For the other end alone. */
  hearEnd(code: CloseCode | undefined): void {
    if (this.#phase === 'open') this.#sendEnd(undefined);
    this.end(code);
  }

  #sendEnd(code: CloseCode | undefined): void {
    this.#outbound.sendAct(() => this.#remote?.hearEnd(code));
  }
}
