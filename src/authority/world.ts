/**
 * One authoritative simulation: its players, their inputs, its authorities, one tick at a time. In:
 * joins and leaves, inputs as they arrive, `step()`. Out: a verdict for every input exactly once,
 * events with a scope, rows for the snapshot. Worlds share nothing; an authority that throws in its
 * step ends this world and no other. Must not know: connections, bytes, who receives what.
 */
import { assert } from '../base/assert.ts';
import { catchRejection } from '../base/catch-rejection.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { ShootInput, SnapshotField } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import { AuthorityTable } from './authority-table.ts';
import type {
  Authority,
  AuthorityEvent,
  AuthorityInput,
  CreateAuthorities,
  InputLimits,
} from './authority.ts';
import type { InputProgress } from './input-buffer.ts';
import { validateInputLimits } from './input-limits.ts';
import { checkNumberOption } from './option-check.ts';
import { dueTickOf, judgeShotOnArrival } from './shot-check.ts';
import { isVerdict, rejected, type Verdict } from './verdict.ts';
import { Membership } from './membership.ts';
import { shootRejected } from './shoot-rejected.ts';
import type { WorldMember } from './world-member.ts';
import {
  NO_ROSTER_CHANGES,
  type InputFault,
  type JudgedInput,
  type RosterChanges,
  type RosterEntry,
  type WorldStep,
} from './world-step.ts';
import { WorldSnapshot } from './world-snapshot.ts';

export type { WorldStep } from './world-step.ts';

export interface WorldOptions {
  readonly worldId: WorldId;
  /** Steps per second; whole steps of equal length. */
  readonly tickRateHz: number;
  readonly createAuthorities: CreateAuthorities;
  readonly inputLimits?: Partial<InputLimits>;
  /** The world's own seeded generator, uniform in [0, 1). */
  readonly random: () => number;
  /** Makes one for each player's stay. Default: they share the world's. */
  readonly createPlayerRandom?: (playerId: PlayerId) => () => number;
}

const NOT_LOGGED_IN = rejected('not-logged-in');
const WORLD_FAILED = rejected('world-failed');
const INTERNAL_ERROR = rejected('internal-error');
const QUEUE_FULL = rejected('input-queue-full');
const UNKNOWN_INPUT = rejected('unknown-input');

export class World {
  readonly worldId: WorldId;
  readonly tickRateHz: number;
  readonly inputLimits: InputLimits;
  readonly #table: AuthorityTable;
  readonly #snapshot: WorldSnapshot;
  readonly #members: Membership;
  #tick = 0;
  #runningTick = 0;
  #failure: unknown;
  /** What an authority that is async against its contract was rejected with, after its call. */
  #lateFault: { readonly error: unknown } | undefined;
  /** Verdicts of inputs that were dropped since the last step. */
  #dropped: JudgedInput[] = [];
  /** `shoot-rejected` for shots refused on arrival since the last step. */
  #arrivalEvents: AuthorityEvent[] = [];
  readonly #verdicts: JudgedInput[] = [];
  readonly #events: AuthorityEvent[] = [];
  readonly #faults: InputFault[] = [];
  #roster: RosterChanges = NO_ROSTER_CHANGES;

  /**
   * Throws HoldfastError('invalid-configuration') naming the option, and what the factory throws.
   */
  constructor(options: WorldOptions) {
    this.worldId = options.worldId;
    this.tickRateHz = checkNumberOption('tickRateHz', options.tickRateHz, { min: 1, max: 1_000 });
    this.inputLimits = validateInputLimits(options.inputLimits);
    this.#members = new Membership({
      inputAheadTicksMax: this.inputLimits.inputAheadTicksMax,
      createPlayerRandom: options.createPlayerRandom ?? (() => options.random),
    });
    const currentTick = (): number => this.#runningTick;
    const authorities = options.createAuthorities({
      worldId: this.worldId,
      tickRateHz: this.tickRateHz,
      stepSeconds: 1 / this.tickRateHz,
      inputLimits: this.inputLimits,
      get tick() {
        return currentTick();
      },
      random: options.random,
      randomFor: (playerId) => this.#members.randomFor(playerId),
    });
    catchRejection(authorities, () => undefined);
    this.#table = new AuthorityTable(authorities);
    this.#snapshot = new WorldSnapshot(this.#table);
  }

  /** The last tick that ran; 0 = none yet. */
  get tick(): number {
    return this.#tick;
  }

  /** What an authority threw in its step; the world is dead from then on. */
  get failure(): unknown {
    return this.#failure;
  }

  get snapshotFields(): readonly SnapshotField[] {
    return this.#table.snapshotFields;
  }

  /** Players who have a seat, suspended ones included. */
  get playerCount(): number {
    return this.#members.size;
  }

  /** The state after the last step. A view, valid until the next. */
  get snapshot(): Pick<WorldSnapshot, 'entities' | 'rows'> {
    return this.#snapshot;
  }

  /** Entities of everybody whom the authorities know, in ascending order. */
  *roster(): IterableIterator<RosterEntry> {
    for (const member of this.#members) {
      const { entity, playerId } = member;
      if (member.hasJoined) yield { entity, playerId };
    }
  }

  /** The player's entity; undefined when not in this world. */
  entityOf(playerId: PlayerId): number | undefined {
    return this.#members.get(playerId)?.entity;
  }

  /** The player's live handle; undefined when not in this world. */
  sessionOf(playerId: PlayerId): ManagedSession | undefined {
    return this.#members.get(playerId)?.session;
  }

  /** True when one of the world's rules takes user messages of that name. */
  takesInput(name: string): boolean {
    return this.#table.takerOf({ kind: 'user-input', name, payload: undefined }) !== undefined;
  }

  /** A live view of what became of the player's own moves. */
  inputAckOf(playerId: PlayerId): InputProgress | undefined {
    return this.#members.get(playerId)?.moves;
  }

  /**
   * Gives the session's player a seat from the next step on and returns its entity: a number that
   * this world never uses again. Inputs may arrive at once.
   */
  addPlayer(session: ManagedSession): number {
    return this.#members.join(session).entity;
  }

  /**
   * The player's seat belongs to this handle from now on. Everything that the old connection left
   * behind is dropped: inputs that wait, marks, progress. A returning player is never deaf.
   */
  resumePlayer(session: ManagedSession): void {
    const member = session.playerId === undefined ? undefined : this.#members.get(session.playerId);
    assert(member !== undefined, 'only a player with a seat resumes');
    this.#dropInputs(member, NOT_LOGGED_IN);
    this.#members.resume(member, session);
  }

  /** The connection is gone, the seat is held. Unknown players are ignored. */
  suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    const member = this.#members.get(playerId);
    if (member === undefined) return;
    this.#dropInputs(member, NOT_LOGGED_IN);
    this.#members.suspend(member, ghost);
  }

  /** The player is gone for good; every authority forgets it. Unknown players are ignored. */
  removePlayer(playerId: PlayerId): void {
    const member = this.#members.get(playerId);
    if (member === undefined) return;
    this.#dropInputs(member, NOT_LOGGED_IN);
    this.#members.leave(member);
  }

  /**
   * Judges an input on arrival: the verdict, or undefined when it waits for its tick and `step`
   * will report it. `tickFraction`: how far the next tick has come. Keeps a shot or user input
   * until then.
   */
  receive(
    session: ManagedSession,
    input: AuthorityInput,
    tickFraction: number,
  ): Verdict | undefined {
    const member = this.#members.ofSession(session);
    if (member === undefined || member.isSuspended) return NOT_LOGGED_IN;
    if (session.state !== 'logged-in') return NOT_LOGGED_IN;
    if (this.#failure !== undefined) return WORLD_FAILED;
    const taker = this.#table.takerOf(input);
    if (taker !== undefined && input.kind === 'move-input') {
      return member.moves.accept(input, this.#tick, tickFraction);
    }
    const verdict = taker === undefined ? UNKNOWN_INPUT : this.#enqueue(member, input, taker);
    const isRefusedShot = verdict !== undefined && input.kind === 'shoot-input';
    if (isRefusedShot && member.mayHearRefusal(this.#tick)) {
      this.#tellShooter(this.#arrivalEvents, { member, input, verdict });
    }
    return verdict;
  }

  /**
   * Runs one tick: joins and leaves; then for each authority in order its inputs, player by player,
   * and its step. Never throws: what an authority throws ends the world (`failure`).
   */
  step(): WorldStep {
    this.#begin();
    if (this.#failure === undefined) {
      try {
        this.#run(this.#tick + 1);
      } catch (error) {
        this.#fail(error);
      }
    }
    return {
      tick: this.#runningTick,
      events: this.#events,
      verdicts: this.#verdicts,
      roster: this.#roster,
      faults: this.#faults,
    };
  }

  #enqueue(member: WorldMember, input: AuthorityInput, taker: Authority): Verdict | undefined {
    let dueTick = this.#tick + 1;
    if (input.kind === 'shoot-input') {
      const { inputAheadTicksMax } = this.inputLimits;
      const verdict = judgeShotOnArrival(input, this.#tick, inputAheadTicksMax);
      if (verdict !== undefined) return verdict;
      dueTick = dueTickOf(input, this.#tick);
    }
    if (member.waiting.length >= this.inputLimits.pendingInputsMax) return QUEUE_FULL;
    member.waiting.push({ input, dueTick, taker });
    return undefined;
  }

  /** Starts the step's report with what happened since the last. */
  #begin(): void {
    this.#events.length = 0;
    this.#verdicts.length = 0;
    this.#faults.length = 0;
    this.#roster = NO_ROSTER_CHANGES;
    for (const event of this.#arrivalEvents) this.#events.push(event);
    for (const judged of this.#dropped) this.#verdicts.push(judged);
    this.#arrivalEvents.length = 0;
    this.#dropped.length = 0;
  }

  #run(tick: number): void {
    this.#runningTick = tick;
    const { authorities } = this.#table;
    if (this.#lateFault !== undefined) throw this.#lateFault.error;
    this.#roster = this.#members.applyChanges(authorities, (error) => {
      this.#lateFault = { error };
    });
    for (const authority of authorities) {
      for (const member of this.#members) this.#deliver(member, authority);
      const events = authority.step(tick);
      catchRejection(events, () => undefined);
      for (const event of events) this.#events.push(event);
    }
    this.#snapshot.collect(this.#members);
    this.#tick = tick;
  }

  /** Hands the inputs of this tick to the authority that takes them. */
  #deliver(member: WorldMember, authority: Authority): void {
    const tick = this.#runningTick;
    const { judgedMove } = member;
    if (authority === this.#table.moveTaker && member.moves.take(tick, judgedMove.input)) {
      judgedMove.session = member.session;
      judgedMove.verdict = this.#judge(member, judgedMove.input, authority);
      this.#verdicts.push(judgedMove);
    }
    for (const input of member.takeDue(authority, tick)) {
      const verdict = this.#judge(member, input, authority);
      this.#verdicts.push({ session: member.session, input, verdict });
      if (input.kind !== 'shoot-input') continue;
      this.#tellShooter(this.#events, { member, input, verdict });
    }
  }

  /** A throw, or an answer that is no verdict, is this peer's fault or fate and nobody else's. */
  #judge(member: WorldMember, input: AuthorityInput, authority: Authority): Verdict {
    const { session } = member;
    try {
      const verdict: unknown = authority.handleInput(session, input);
      if (isVerdict(verdict)) return verdict;
      catchRejection(verdict, () => undefined);
      throw new TypeError(`the authority '${authority.name}' answered no verdict`);
    } catch (error) {
      this.#faults.push({ session, error });
      return INTERNAL_ERROR;
    }
  }

  #tellShooter(
    events: AuthorityEvent[],
    shot: { member: WorldMember; input: ShootInput; verdict: Verdict },
  ): void {
    const { playerId } = shot.member;
    const event = shootRejected({ ...shot, playerId, tick: this.#runningTick });
    if (event !== undefined) events.push(event);
  }

  #dropInputs(member: WorldMember, verdict: Verdict): void {
    const { session } = member;
    for (const input of member.dropInputs()) this.#dropped.push({ session, input, verdict });
  }

  /** Verdicts of inputs that were dropped since the last step, for a world that has no other. */
  takeDropped(): readonly JudgedInput[] {
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }

  /**
   * Ends the world, for a fault that shows only after its step. Answers the verdicts of the inputs
   * that still waited; a view, valid until the next call.
   */
  fail(error: unknown): readonly JudgedInput[] {
    this.#verdicts.length = 0;
    this.#fail(error);
    return this.#verdicts;
  }

  /** The world is dead; what still waited gets its verdict, nobody hears of this tick's events. */
  #fail(error: unknown): void {
    this.#failure = error ?? new Error('an authority threw nothing');
    this.#events.length = 0;
    this.#roster = NO_ROSTER_CHANGES;
    for (const member of this.#members) this.#dropInputs(member, WORLD_FAILED);
    for (const judged of this.#dropped) this.#verdicts.push(judged);
    this.#dropped.length = 0;
  }
}
