/**
 * The page's own seat in the arena: joins, plays, leaves, and what the fault buttons do to it.
 * In: wishes of the player. Out: a phase, the client while there is one, changes.
 * Must not know: the DOM, how anything is drawn.
 */
import { connect, HoldfastError, predictMovement } from 'holdfast/client';
import type { Client, ClientTransport } from 'holdfast/client';
import { ARENA_MESSAGES } from '../shared/arena-messages.ts';
import { ARENA_MOVEMENT } from '../shared/arena-movement.ts';
import { FaultTransport } from './fault-transport.ts';
import { describeReturn } from './game-texts.ts';
import type { Guest } from './guest.ts';

export type ArenaClient = Client<typeof ARENA_MESSAGES>;

/** `ended`: the session is over and `endReason` says why; a new one can be begun. */
export type GamePhase = 'entry' | 'joining' | 'playing' | 'ended';

export interface GameHandler {
  /** Phase, session state or fault has changed. */
  handleChange(): void;
  /** A client plays from now on: the moment to subscribe to its events. */
  handleClient(client: ArenaClient): void;
  /** Something worth telling, in one sentence. */
  handleNotice(text: string): void;
}

export interface GameOptions {
  readonly url: string;
  readonly guest: Guest;
  /** Carries every connection of the page. */
  readonly line: ClientTransport;
  readonly handler: GameHandler;
}

interface Seat {
  readonly client: ArenaClient;
  readonly transport: FaultTransport;
}

/** Longer than the liveness timeout (10 s), so that the server acts. Milliseconds. */
const SILENCE_MS = 15_000;

export class Game {
  readonly #url: string;
  readonly #guest: Guest;
  readonly #line: ClientTransport;
  readonly #handler: GameHandler;
  #phase: GamePhase = 'entry';
  #isReturning = false;
  #seat: Seat | undefined;
  #endReason = '';
  #isLoggingInTwice = false;
  #silence: { readonly timer: number; readonly until: number } | undefined;

  constructor(options: GameOptions) {
    this.#url = options.url;
    this.#guest = options.guest;
    this.#line = options.line;
    this.#handler = options.handler;
  }

  get phase(): GamePhase {
    return this.#phase;
  }

  /** While joining: after a reload of the page, without being asked. */
  get isReturning(): boolean {
    return this.#isReturning;
  }

  /** Why the last session ended, as the client was told; a code. */
  get endReason(): string {
    return this.#endReason;
  }

  get client(): ArenaClient | undefined {
    return this.#seat?.client;
  }

  /** When silence ends (performance.now()), while silent. */
  get silentUntil(): number | undefined {
    return this.#silence?.until;
  }

  /**
   * Joins with the guest's secret and name, or goes on with the session of the page before. What
   * goes wrong becomes phase `ended`.
   */
  async play(): Promise<void> {
    if (this.#phase === 'joining' || this.#phase === 'playing') return;
    // Whoever plays on here has been told that another tab has the session.
    const resume = this.#endReason !== 'session-open-elsewhere';
    this.#endReason = '';
    this.#setPhase('joining');
    try {
      this.#adopt(await this.#open({ resume }));
    } catch (error) {
      this.#end(reasonOf(error));
    }
  }

  /** Plays on after a reload, if the page before was playing. */
  async playOn(): Promise<void> {
    if (!this.#guest.isPlaying) return;
    this.#isReturning = true;
    await this.play();
    this.#isReturning = false;
    if (this.client !== undefined)
      this.#handler.handleNotice(describeReturn(this.client.lastCause));
  }

  /** Logs in a second time as the same player; the first connection is replaced by it. */
  async logInTwice(): Promise<void> {
    if (this.#phase !== 'playing' || this.#isLoggingInTwice) return;
    this.#isLoggingInTwice = true;
    try {
      this.#adopt(await this.#open({ resume: false }));
    } catch (error) {
      if (this.#seat?.client.state === 'disconnected') this.#end(reasonOf(error));
      else this.#handler.handleNotice(`The second login failed: ${reasonOf(error)}.`);
    } finally {
      this.#isLoggingInTwice = false;
    }
  }

  dropConnection(): void {
    if (this.#seat?.transport.drop() !== true) return;
    this.#handler.handleNotice('You dropped the connection; the client comes back by itself.');
  }

  /** Swallows all outgoing bytes for 15 s; called again, it ends that. */
  toggleSilence(): void {
    if (this.#seat === undefined) return;
    if (this.#silence !== undefined) return this.#endSilence();
    this.#seat.transport.isSilent = true;
    const timer = window.setTimeout(() => this.#endSilence(), SILENCE_MS);
    this.#silence = { timer, until: performance.now() + SILENCE_MS };
    this.#handler.handleChange();
  }

  sendGarbage(): void {
    const frames = this.#seat?.transport.sendGarbage() ?? 0;
    const text =
      frames === 0
        ? 'No garbage was sent: there is no open connection, or you are silent.'
        : `${frames} frames of random bytes sent; the server counts them and forgives a few.`;
    this.#handler.handleNotice(text);
  }

  async leave(): Promise<void> {
    await this.#seat?.client.leave();
  }

  async #open({ resume }: { resume: boolean }): Promise<Seat> {
    const transport = new FaultTransport(this.#line);
    const client = await connect({
      url: this.#url,
      credentials: { secret: this.#guest.secret, name: this.#guest.name },
      messages: ARENA_MESSAGES,
      prediction: predictMovement(ARENA_MOVEMENT),
      transport,
      resume,
    });
    return { client, transport };
  }

  #adopt(seat: Seat): void {
    this.#endSilence();
    this.#seat = seat;
    const { client } = seat;
    this.#guest.isPlaying = true;
    client.on('state', ({ to, cause }) => {
      if (to === 'logged-in') this.#handler.handleNotice(describeReturn(cause));
      this.#handler.handleChange();
    });
    client.on('closed', ({ reason }) => this.#handleClosed(client, reason));
    this.#handler.handleClient(client);
    this.#setPhase('playing');
  }

  #handleClosed(client: ArenaClient, reason: string): void {
    const isReplaced = this.#isLoggingInTwice || client !== this.#seat?.client;
    if (isReplaced) {
      this.#handler.handleNotice(
        `Logged in twice: the first connection was told “${reason}”, the second one plays on, ` +
          'in the same session.',
      );
    } else {
      this.#end(reason);
    }
  }

  #end(reason: string): void {
    this.#endSilence();
    this.#guest.isPlaying = false;
    this.#endReason = reason;
    this.#setPhase('ended');
  }

  #endSilence(): void {
    if (this.#silence === undefined) return;
    window.clearTimeout(this.#silence.timer);
    this.#silence = undefined;
    if (this.#seat !== undefined) this.#seat.transport.isSilent = false;
    this.#handler.handleChange();
  }

  #setPhase(phase: GamePhase): void {
    this.#phase = phase;
    this.#handler.handleChange();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof HoldfastError) return error.reason ?? error.code;
  return error instanceof Error ? error.message : String(error);
}
