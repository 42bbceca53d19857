/**
 * One player of one world as the world sees it: entity, connection, inputs that wait.
 * Must not know: the rules; other players.
 */
import { isPrng, type Prng } from '../base/prng.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { MoveInput } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { Authority, AuthorityInput } from './authority.ts';
import { emptyMoveInput, InputBuffer, type MoveInputTarget } from './input-buffer.ts';
import { ACCEPTED, type Verdict } from './verdict.ts';

/** A shot or user input until its tick runs. */
export interface WaitingInput {
  readonly input: AuthorityInput;
  readonly dueTick: number;
  readonly taker: Authority;
}

export class WorldMember {
  readonly playerId: PlayerId;
  readonly entity: number;
  readonly moves: InputBuffer;
  /** Nobody else's draws move it. Uniform in [0, 1). */
  readonly random: () => number;
  /** The same where it can be kept; undefined = the player shares the world's. */
  readonly ownRandom: Prng | 'unreadable' | undefined;
  /** The move that runs in this tick and its verdict; reused. */
  readonly judgedMove: JudgedMove;
  /** This player's numbers in the snapshot; reused. */
  readonly row: number[] = [];
  /** The live handle. */
  session: ManagedSession;
  /** True once the authorities know the player. */
  hasJoined = false;
  hasLeft = false;
  isSuspended = false;
  /** `isSuspended` as the authorities know it. */
  wasSuspended = false;
  readonly waiting: WaitingInput[] = [];
  #refusalsTick = -1;
  #refusalsCount = 0;

  constructor(session: ManagedSession, playerId: PlayerId, options: WorldMemberOptions) {
    this.session = session;
    this.judgedMove = { session, input: emptyMoveInput(), verdict: ACCEPTED };
    this.playerId = playerId;
    this.entity = options.entity;
    this.random = options.random;
    this.ownRandom = ownRandomOf(options);
    this.moves = new InputBuffer(options.inputAheadTicksMax);
  }

  /**
   * True for the first refusals after a tick: a peer that floods the world with bad shots is not
   * answered each of them. The host counts them all.
   */
  mayHearRefusal(lastRunTick: number): boolean {
    if (this.#refusalsTick !== lastRunTick) this.#refusalsCount = 0;
    this.#refusalsTick = lastRunTick;
    this.#refusalsCount += 1;
    return this.#refusalsCount <= REFUSALS_TOLD_MAX;
  }

  /** Takes the inputs that are due for `taker` out of the queue, in order of arrival. */
  takeDue(taker: Authority, tick: number): readonly AuthorityInput[] {
    if (this.waiting.length === 0) return NOTHING;
    const due: AuthorityInput[] = [];
    let kept = 0;
    for (const entry of this.waiting) {
      if (entry.taker === taker && entry.dueTick <= tick) due.push(entry.input);
      else this.waiting[kept++] = entry;
    }
    this.waiting.length = kept;
    return due;
  }

  /** Forgets every input that waits and returns them: they will not run. */
  dropInputs(): readonly AuthorityInput[] {
    const moves: readonly MoveInput[] = this.moves.rebase();
    const others = this.waiting.map((entry) => entry.input);
    this.waiting.length = 0;
    return [...moves, ...others];
  }
}

/** A JudgedInput whose parts are replaced in each tick. */
interface JudgedMove {
  session: ManagedSession;
  readonly input: MoveInputTarget;
  verdict: Verdict;
}

export interface WorldMemberOptions {
  readonly entity: number;
  readonly inputAheadTicksMax: number;
  readonly random: () => number;
  readonly worldRandom: () => number;
}

function ownRandomOf({ random, worldRandom }: WorldMemberOptions): WorldMember['ownRandom'] {
  if (random === worldRandom) return undefined;
  return isPrng(random) ? random : 'unreadable';
}

/** Per player and tick. */
const REFUSALS_TOLD_MAX = 8;
const NOTHING: readonly AuthorityInput[] = Object.freeze([]);
