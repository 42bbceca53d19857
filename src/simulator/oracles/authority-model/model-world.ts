/**
 * One life of a world as the design has it, lived once more from the tape: seats, inputs that wait,
 * ticks. In: the calls that were made to the world, in order. Out: the verdict that each input must
 * have got, what each connection is owed, each tick's snapshot. Shares no code with authority/.
 */
import type { MoveInput, Roster, ShootInput } from '../../../protocol/messages.ts';
import type { PlayerId } from '../../../protocol/ids.ts';
import type { GhostPolicy } from '../../../session/session-policy.ts';
import type { TapedSession, TapeEntry, WorldTape } from '../../environment-tape.ts';
import { judgeArrival } from './judge-arrival.ts';
import { ModelCombat } from './model-combat.ts';
import { ModelHandle, type OwedMessage } from './model-handle.ts';
import { advance, appear, asksTooMuch, paceOf, stand, type Pace } from './model-movement.ts';
import { ModelPlayer } from './model-player.ts';
import { shownNumbers, type ShownNumbers } from './model-snapshot.ts';
import type { GameRules } from './game-rules.ts';

export interface ModelWorldOptions {
  readonly tape: WorldTape;
  /** What it goes on from, when it was restored. */
  readonly before?: readonly TapeEntry[];
  readonly rules: GameRules;
  readonly tickRateHz: number;
  /** A player's own draws in this world. */
  readonly random: (playerId: PlayerId) => () => number;
  /** Whose inputs the game's rules may choke on; their own worlds may fail as a whole. */
  readonly isVictim: (playerId: PlayerId) => boolean;
  /** Whether a rule threw at that input, as its verdict says; asked once for each that runs. */
  readonly hasThrown: (input: JudgedInput) => boolean;
}

export interface JudgedInput {
  readonly at: number;
  readonly peer: string;
  /** Kind and tick. */
  readonly text: string;
}

/**
 * What an input must be answered, as a trace has it: `move-input 17 accepted`; `move-input 17 *` is
 * anything, once.
 */
export interface OwedVerdict {
  readonly at: number;
  readonly peer: string;
  readonly text: string;
}

/** The world after its last tick of an instant. */
export interface ModelPass {
  readonly at: number;
  readonly tick: number;
  /** How many ticks ran at that instant. */
  readonly ticks: number;
  /** What the snapshot shows. */
  readonly shown: ShownNumbers;
}

type Change =
  | { readonly kind: 'join' | 'leave' | 'resume'; readonly player: ModelPlayer }
  | { readonly kind: 'suspend'; readonly player: ModelPlayer; readonly ghost: GhostPolicy };

/** How many refusals of a player's shots are told between two ticks. */
const REFUSALS_TOLD_MAX = 8;
const NOT_LOGGED_IN = 'rejected not-logged-in';
const THROWN = 'rejected internal-error';

export class ModelWorld {
  readonly tape: WorldTape;
  readonly handles: ModelHandle[] = [];
  readonly verdicts: OwedVerdict[] = [];
  readonly passes: ModelPass[] = [];
  /** Verdicts that are due with the next tick, or with the end of the world. */
  dropped: OwedVerdict[] = [];
  /** The first thing that no world may do; the rest is not judged. */
  problem: { readonly at: number; readonly text: string } | undefined;
  /** When it failed, as it was allowed to: everybody is out, with that word. */
  failedAt: number | undefined;
  readonly #options: ModelWorldOptions;
  readonly #pace: Pace;
  readonly #combat: ModelCombat;
  /** Who has a seat, in the order of entities. */
  readonly #seats = new Map<PlayerId, ModelPlayer>();
  /** Whom the rules know. */
  readonly #bodies = new Set<ModelPlayer>();
  #changes: Change[] = [];
  #refusals: { readonly player: ModelPlayer; readonly message: OwedMessage['message'] }[] = [];
  #entities = 0;
  #tick = 0;
  #ticksAtInstant = 0;

  constructor(options: ModelWorldOptions) {
    this.#options = options;
    this.tape = options.tape;
    this.#pace = paceOf(options.rules, options.tickRateHz);
    this.#combat = new ModelCombat(this.#pace, options.tickRateHz);
  }

  /** Players with a seat. */
  get playersCount(): number {
    return this.#seats.size;
  }

  /** The whole tape, or as much of it as is right. */
  live(): void {
    const { before = [] } = this.#options;
    this.#liveThrough(before);
    if (before.length > 0) this.#awake();
    this.#liveThrough(this.tape.entries);
  }

  #liveThrough(entries: readonly TapeEntry[]): void {
    for (let index = 0; index < entries.length && !this.#isOver; index += 1) {
      const entry = entries[index]!;
      this.#do(entry, isLastStepOfInstant(entries, index));
    }
  }

  /** In another process: all connections are gone, and what waited with them. */
  #awake(): void {
    this.verdicts.length = 0;
    this.passes.length = 0;
    this.handles.length = 0;
    this.dropped = [];
    this.#changes = [];
    this.#refusals = [];
    this.#ticksAtInstant = 0;
    for (const player of this.#seats.values()) player.awake();
  }

  get #isOver(): boolean {
    return this.problem !== undefined || this.failedAt !== undefined;
  }

  #do(entry: TapeEntry, isLastOfInstant: boolean): void {
    switch (entry.op) {
      case 'add':
        this.#add(entry);
        return;
      case 'resume':
        this.#resume(entry.session, entry.at);
        return;
      case 'suspend':
        this.#suspend(entry.playerId, entry.ghost, entry.at);
        return;
      case 'remove':
        this.#remove(entry.playerId, entry.at);
        return;
      case 'receive':
        this.#receive(entry);
        return;
      case 'step':
        if (entry.hasFailed === true) this.#fail(entry.at);
        else if (entry.tick !== this.#tick + 1) this.#object(entry.at, `tick ${entry.tick} runs`);
        else this.#step(entry.at, isLastOfInstant);
        return;
      case 'fail':
        this.#object(entry.at, 'the world fails');
        return;
      default:
        entry satisfies never;
    }
  }

  #object(at: number, what: string): void {
    const text = `${what} after tick ${this.#tick}`;
    this.problem = { at, text };
  }

  /** Whatever waits gets one verdict, nobody is told anything more. */
  #fail(at: number): void {
    const players = [...this.#seats.values()];
    if (!players.every(({ playerId }) => this.#options.isVictim(playerId))) {
      this.#object(at, 'the world fails');
      return;
    }
    this.failedAt = at;
    for (const owed of this.dropped) this.verdicts.push({ ...owed, at });
    this.dropped = [];
    for (const player of players) {
      player.handle.endedAt = Math.min(player.handle.endedAt, at);
      const { peer } = player.handle;
      for (const { kind, tick } of player.dropInputs()) {
        this.verdicts.push({ at, peer, text: `${kind} ${tick} *` });
      }
    }
  }

  /** A rule throws at the input, which counts for nothing then. */
  #isThrownAt(player: ModelPlayer, { kind, tick }: MoveInput | ShootInput, at: number): boolean {
    if (!this.#options.isVictim(player.playerId)) return false;
    return this.#options.hasThrown({ at, peer: player.handle.peer, text: `${kind} ${tick}` });
  }

  #add({ session, entity, at }: Extract<TapeEntry, { op: 'add' }>): void {
    const handle = new ModelHandle(session, this, { told: [] });
    const { playerId } = handle;
    const random = this.#options.random(playerId);
    // Numbers of logins that were written ahead and came to nothing are left out.
    if (entity <= this.#entities) this.#object(at, `${playerId} joins as entity ${entity}`);
    this.#entities = entity;
    const player = new ModelPlayer(handle, { entity, random });
    this.#seats.set(playerId, player);
    this.#changes.push({ kind: 'join', player });
    this.#welcome(player, at);
  }

  #resume(session: TapedSession, at: number): void {
    const player = this.#seats.get(session.playerId);
    if (player === undefined) {
      this.#object(at, `${session.playerId} comes back without a seat`);
      return;
    }
    this.#drop(player, at);
    player.handle.endedAt = Math.min(player.handle.endedAt, at);
    player.handle = new ModelHandle(session, this, player.handle.stay);
    player.isAway = false;
    this.#changes.push({ kind: 'resume', player });
    this.#welcome(player, at);
  }

  #suspend(playerId: PlayerId, ghost: GhostPolicy, at: number): void {
    const player = this.#seats.get(playerId);
    if (player === undefined) return;
    this.#drop(player, at);
    player.isAway = true;
    player.handle.endedAt = at;
    this.#changes.push({ kind: 'suspend', player, ghost });
  }

  #remove(playerId: PlayerId, at: number): void {
    const player = this.#seats.get(playerId);
    if (player === undefined) return;
    this.#drop(player, at);
    player.hasLeft = true;
    player.handle.endedAt = Math.min(player.handle.endedAt, at);
    this.#seats.delete(playerId);
    this.#changes.push({ kind: 'leave', player });
  }

  /** A newcomer is told who is there, in the order of entities; itself from the next tick on. */
  #welcome(player: ModelPlayer, at: number): void {
    const { handle } = player;
    handle.entity = player.entity;
    if (handle.isOfConnection) this.handles.push(handle);
    const entered = [...this.#seats.values()]
      .filter(({ isIn }) => isIn)
      .map(({ entity, playerId }) => ({ entity, playerId }));
    const message = { kind: 'roster', isComplete: true, entered, left: [] } as const;
    handle.roster = { at, message, seen: undefined };
  }

  #drop(player: ModelPlayer, at: number): void {
    const { peer } = player.handle;
    for (const { kind, tick } of player.dropInputs()) {
      this.dropped.push({ at, peer, text: `${kind} ${tick} ${NOT_LOGGED_IN}` });
    }
  }

  #receive({ at, playerId, input, tickFraction }: TapeEntry & { readonly op: 'receive' }): void {
    const player = this.#seats.get(playerId);
    // Without a handle there is no peer that could be answered: the host must not have asked.
    if (player === undefined || input.kind === 'user-input') return;
    const { rules } = this.#options;
    const arrival = { rules, tick: this.#tick, tickFraction };
    const answer = player.isAway ? NOT_LOGGED_IN : judgeArrival(player, input, arrival);
    if (answer === undefined) return;
    this.#answer(player, { at, input, word: answer });
    if (input.kind === 'shoot-input' && answer !== NOT_LOGGED_IN) {
      this.#refuse(player, input, answer);
    }
  }

  /** Told with the next tick; not each of them to one who floods. */
  #refuse(player: ModelPlayer, input: ShootInput, word: string): void {
    const count = player.refusals.tick === this.#tick ? player.refusals.count : 0;
    player.refusals = { tick: this.#tick, count: count + 1 };
    if (count >= REFUSALS_TOLD_MAX) return;
    this.#refusals.push({ player, message: refusal(input, word, this.#tick) });
  }

  #answer(
    { handle }: ModelPlayer,
    given: { at: number; input: MoveInput | ShootInput; word: string },
  ): void {
    const { at, input, word } = given;
    this.verdicts.push({ at, peer: handle.peer, text: `${input.kind} ${input.tick} ${word}` });
  }

  #step(at: number, isLastOfInstant: boolean): void {
    const tick = (this.#tick += 1);
    for (const owed of this.dropped) this.verdicts.push({ ...owed, at });
    this.dropped = [];
    const roster = this.#applyChanges();
    if (roster.entered.length + roster.left.length > 0) this.#tellAll(at, roster);
    for (const player of this.#seats.values()) this.#takeMove(player, at);
    for (const body of this.#bodies) advance(body, tick, this.#pace);
    for (const { player, message } of this.#refusals) this.#tell(player, at, message);
    this.#refusals = [];
    for (const player of this.#seats.values()) this.#takeShots(player, at);
    const events = this.#combat.settle({ tick, bodies: this.#bodies });
    for (const event of events) this.#tellAll(at, event);
    this.#ticksAtInstant += 1;
    if (isLastOfInstant) this.#pass(at);
  }

  #applyChanges(): Roster {
    const entered: { entity: number; playerId: PlayerId }[] = [];
    const left: number[] = [];
    for (const change of this.#changes) {
      const { player } = change;
      const { entity, playerId } = player;
      // Who came and went between two ticks was never there.
      if (player.hasLeft && !player.isIn) continue;
      if (change.kind === 'join') {
        player.isIn = true;
        this.#combat.arm(player);
        appear(player, this.#bodies, this.#pace);
        this.#bodies.add(player);
        entered.push({ entity, playerId });
      } else if (change.kind === 'leave') {
        this.#bodies.delete(player);
        left.push(entity);
      } else {
        player.ghost = change.kind === 'suspend' ? change.ghost : undefined;
        if (change.kind === 'resume') player.comeBack();
        stand(player);
      }
    }
    this.#changes = [];
    return { kind: 'roster', isComplete: false, entered, left };
  }

  #takeMove(player: ModelPlayer, at: number): void {
    const input = player.moves.get(this.#tick);
    if (input === undefined) return;
    player.moves.delete(this.#tick);
    if (this.#isThrownAt(player, input, at)) {
      this.#answer(player, { at, input, word: THROWN });
      return;
    }
    player.wish = input;
    const isClamped = asksTooMuch({ x: input.directionX, y: input.directionY });
    this.#answer(player, { at, input, word: isClamped ? 'clamped' : 'accepted' });
  }

  #takeShots(player: ModelPlayer, at: number): void {
    if (player.shots.length === 0) return;
    const tick = this.#tick;
    const due = player.shots.filter(({ dueTick }) => dueTick <= tick);
    player.shots = player.shots.filter(({ dueTick }) => dueTick > tick);
    for (const { input } of due) {
      const battle = { tick, bodies: this.#bodies };
      const isThrownAt = this.#isThrownAt(player, input, at);
      const word = isThrownAt ? THROWN : this.#combat.judge(player, input, battle);
      this.#answer(player, { at, input, word });
      if (word !== 'accepted') this.#tell(player, at, refusal(input, word, tick));
    }
  }

  /** Whether it is there or away: who comes back is told what it has missed. */
  #tell({ playerId }: ModelPlayer, at: number, message: OwedMessage['message']): void {
    this.#seats.get(playerId)?.handle.stay.told.push({ at, message, seen: undefined });
  }

  #tellAll(at: number, message: OwedMessage['message']): void {
    const owed: OwedMessage = { at, message, seen: undefined };
    for (const { handle } of this.#seats.values()) handle.stay.told.push(owed);
  }

  /** The end of the instant: what the snapshot shows, and what each knows of its own moves. */
  #pass(at: number): void {
    const tick = this.#tick;
    const ticks = this.#ticksAtInstant;
    this.#ticksAtInstant = 0;
    this.passes.push({ at, tick, ticks, shown: shownNumbers(this.#bodies) });
    for (const { handle, isAway, newestMoveTick, marginTicks } of this.#seats.values()) {
      const lastTick = handle.acks.at(-1)?.tick ?? 0;
      if (isAway || newestMoveTick === lastTick) continue;
      handle.acks.push({ at, tick: newestMoveTick, marginTicks });
    }
  }
}

/** Whoever a step made leave stands between it and the next. */
function isLastStepOfInstant(entries: readonly TapeEntry[], index: number): boolean {
  const { op, at } = entries[index]!;
  if (op !== 'step') return false;
  let next = index + 1;
  while (entries[next]?.at === at && entries[next]?.op !== 'step') next += 1;
  return entries[next]?.at !== at;
}

/** What the shooter alone is told. A tick that was none is 0. */
function refusal(input: ShootInput, word: string, tick: number): OwedMessage['message'] {
  const inputTick = Number.isSafeInteger(input.tick) ? Math.max(0, input.tick) : 0;
  const code = word.split(' ').at(-1) ?? '';
  return { kind: 'combat-event', tick, event: 'shoot-rejected', inputTick, code };
}
