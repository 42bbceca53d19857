/**
 * A display of 60 Hz without a screen: asks a client for itself and another once per frame. In: a
 * client, starts of walks. Out: how long each start took to show, how fast the other was seen.
 * Deadlines are corrected, so that a late timer makes a late frame and no slow display.
 */
import type { Client, PlayerId, PlayerView } from 'holdfast/client';

const FRAME_MS = 1_000 / 60;
/** Less than this is no movement: a thousandth of what a frame shows at full speed. */
const MOVED_METRES = 1e-4;

export class FrameLoop {
  /** From a move that begins a walk to the first frame that shows it. */
  readonly firstFramesMs: number[] = [];
  readonly #client: Client;
  readonly #otherId: PlayerId;
  #remoteSpeedMax = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #start: { readonly at: number; readonly x: number; readonly y: number } | undefined;
  /** Seen no sooner than `since`. */
  #other: { readonly since: number; readonly view: PlayerView } | undefined;

  constructor(client: Client, otherId: PlayerId) {
    this.#client = client;
    this.#otherId = otherId;
  }

  /** The fastest that the other was seen between two frames, in metres per second. */
  get remoteSpeedMax(): number {
    return this.#remoteSpeedMax;
  }

  start(): void {
    this.#dueAt = performance.now() + FRAME_MS;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** A walk has just begun. */
  noteStart(): void {
    const { self } = this.#client;
    if (self !== undefined) this.#start = { at: performance.now(), x: self.x, y: self.y };
  }

  #arm(): void {
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, this.#dueAt - performance.now()));
  }

  #draw(): void {
    const now = performance.now();
    while (this.#dueAt <= now) this.#dueAt += FRAME_MS;
    this.#arm();
    const { self, players } = this.#client;
    if (self !== undefined) this.#lookAtSelf(self, now);
    const other = players.get(this.#otherId);
    if (other !== undefined) this.#lookAtOther(other, now);
  }

  #lookAtSelf({ x, y }: PlayerView, now: number): void {
    const start = this.#start;
    if (start === undefined || Math.hypot(x - start.x, y - start.y) < MOVED_METRES) return;
    this.firstFramesMs.push(now - start.at);
    this.#start = undefined;
  }

  /** The client looked between `since` and now: a busy machine may be long between the two. */
  #lookAtOther(view: PlayerView, since: number): void {
    const until = performance.now();
    const before = this.#other;
    this.#other = { since, view };
    if (before === undefined) return;
    const metres = Math.hypot(view.x - before.view.x, view.y - before.view.y);
    // After a late frame the next one comes sooner here than on any display.
    const speed = (metres * 1_000) / Math.max(FRAME_MS, until - before.since);
    this.#remoteSpeedMax = Math.max(this.#remoteSpeedMax, speed);
  }
}
