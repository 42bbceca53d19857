/**
 * One authoritative simulation: its players, their inputs, its authorities, one tick at a time. In:
 * joins and leaves, inputs as they arrive, `step()`. Out: a verdict for every input exactly once,
 * events with a scope, rows for the snapshot. Worlds share nothing; an authority that throws in its
 * step ends this world and no other. Must not know: connections, who receives what.
 */
import { assert } from '../base/assert.ts';
import { catchRejection } from '../base/catch-rejection.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { SnapshotField } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import { AuthorityTable } from './authority-table.ts';
import type { Authority, AuthorityInput, InputLimits } from './authority.ts';
import type { InputProgress } from './input-buffer.ts';
import type { JournalRecord } from './journal-record.ts';
import { validateInputLimits } from './input-limits.ts';
import { checkNumberOption } from './option-check.ts';
import { dueTickOf, judgeShotOnArrival } from './shot-check.ts';
import { digestOf } from './snapshot-digest.ts';
import { isSameVerdict, isVerdict, rejected, type Verdict } from './verdict.ts';
import { Membership } from './membership.ts';
import { StepReport } from './step-report.ts';
import { startRandom, WorldArchive } from './world-archive.ts';
import type { WorldMember } from './world-member.ts';
import type { WorldOptions } from './world-options.ts';
import type { WorldRecovery } from './world-recovery.ts';
import type { JudgedInput, RosterEntry, WorldStep } from './world-step.ts';
import { WorldSnapshot } from './world-snapshot.ts';
import { decodeWorldState, type WorldState } from './world-state.ts';

export type { WorldOptions } from './world-options.ts';
export type { WorldStep } from './world-step.ts';

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
  readonly #archive: WorldArchive;
  #tick = 0;
  #runningTick = 0;
  #failure: unknown;
  /** What an authority that is async against its contract was rejected with, after its call. */
  #lateFault: { readonly error: unknown } | undefined;
  readonly #report = new StepReport();

  /**
   * Throws HoldfastError('invalid-configuration') naming the option, what the factory throws, and
   * for a `checkpoint` what `restoreWorld` says.
   */
  constructor(options: WorldOptions) {
    this.worldId = options.worldId;
    this.tickRateHz = checkNumberOption('tickRateHz', options.tickRateHz, { min: 1, max: 1_000 });
    this.inputLimits = validateInputLimits(options.inputLimits);
    this.#members = new Membership({
      inputAheadTicksMax: this.inputLimits.inputAheadTicksMax,
      createPlayerRandom: options.createPlayerRandom ?? (() => options.random),
      worldRandom: options.random,
    });
    const kept = options.checkpoint && decodeWorldState(options.checkpoint, options);
    const firstRandom = startRandom(options.random, kept);
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
    const archived = { world: options, table: this.#table, members: this.#members, firstRandom };
    this.#archive = new WorldArchive(archived);
    if (kept !== undefined) this.#restore(kept);
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
  get snapshot(): Pick<WorldSnapshot, 'entities' | 'rows' | 'history'> {
    return this.#snapshot;
  }

  /** Entities of everybody whom the authorities know, in ascending order. */
  *roster(): IterableIterator<RosterEntry> {
    for (const member of this.#members) {
      const { entity, playerId } = member;
      if (member.hasJoined) yield { entity, playerId };
    }
  }

  /** How much of this world can outlive its process, given its rules. */
  get recovery(): WorldRecovery {
    return this.#archive.recovery;
  }

  /**
   * The state after the last step, for `restoreWorld`. What waits for the next step, and whatever
   * belongs to a connection, is not in it. Throws HoldfastError `world-not-restorable`, or
   * `checkpoint-failed` when a rule threw or there is too much; the world goes on.
   */
  checkpoint(): Uint8Array {
    if (this.#failure !== undefined) {
      throw new HoldfastError('checkpoint-failed', `world '${this.worldId}' has failed`);
    }
    return this.#archive.checkpoint(this.#tick);
  }

  /**
   * With `keepsJournal`, the last step as `replay` wants it. Undefined: it can't be repeated (no
   * step yet, the world has failed, an input was not plain JSON): a checkpoint is due.
   */
  get journalRecord(): Uint8Array | undefined {
    return this.#failure === undefined ? this.#archive.journal?.record : undefined;
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

  /** An entity for somebody who may join later; this world never gives it to anybody else. */
  reserveEntity(): number {
    return this.#members.reserve();
  }

  /** Whether that entity has not joined, nor a higher one: they join in ascending order. */
  isJoinable(entity: number): boolean {
    return this.#members.isJoinable(entity);
  }

  /**
   * Gives the session's player a seat from the next step on, and an entity that this world never
   * uses again; or the one that was reserved. Inputs may arrive at once.
   */
  addPlayer(session: ManagedSession, entity: number = this.reserveEntity()): number {
    return this.#members.join(session, entity).entity;
  }

  /**
   * The player's seat belongs to this handle from now on. Everything that the old connection left
   * behind is dropped: inputs that wait, marks, progress. A returning player is never deaf.
   */
  resumePlayer(session: ManagedSession): void {
    const member = session.playerId === undefined ? undefined : this.#members.get(session.playerId);
    assert(member !== undefined, 'only a player with a seat resumes');
    this.#report.dropInputs(member, NOT_LOGGED_IN);
    this.#members.resume(member, session);
  }

  /** The connection is gone, the seat is held. Ignored for whom that is known, or nobody is. */
  suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    const member = this.#members.get(playerId);
    if (member === undefined || member.isSuspended) return;
    this.#report.dropInputs(member, NOT_LOGGED_IN);
    this.#members.suspend(member, ghost);
  }

  /** The player is gone for good; every authority forgets it. Unknown players are ignored. */
  removePlayer(playerId: PlayerId): void {
    const member = this.#members.get(playerId);
    if (member === undefined) return;
    this.#report.dropInputs(member, NOT_LOGGED_IN);
    this.#members.leave(member);
  }

  /**
   * Judges an input on arrival: the verdict, or undefined when it waits for its tick and `step`
   * will report it (a shot or user input is kept). `tickFraction`: how far the next tick has come.
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
      this.#report.tellShooterOnArrival({ member, input, verdict }, this.#runningTick);
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
    return this.#report.finish(this.#runningTick);
  }

  /**
   * Runs the next tick as an earlier process did, before anybody joins or plays. Throws what
   * `restoreWorld` says; after `replay-diverged` the world is dead, after the others as before.
   */
  replay(journalRecord: Uint8Array): WorldStep {
    assert(this.#members.isSettled && this.#failure === undefined, 'only a restored world replays');
    const record = this.#archive.readRecord(journalRecord, this.#tick + 1);
    this.#begin();
    try {
      this.#archive.repeatChanges(record);
      this.#run(record.tick, record);
    } catch (cause) {
      this.#fail(cause);
      const message = `tick ${record.tick} of world '${this.worldId}' did not repeat itself`;
      throw new HoldfastError('replay-diverged', message, { cause });
    }
    return this.#report.finish(this.#runningTick);
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

  #restore(state: WorldState): void {
    this.#tick = state.tick;
    this.#runningTick = state.tick;
    this.#archive.restore(state);
    try {
      this.#snapshot.collect(this.#members, this.#tick);
    } catch (cause) {
      const message = `the rules of world '${this.worldId}' have not restored its players`;
      throw new HoldfastError('world-state-corrupt', message, { cause });
    }
  }

  /** Starts the step's report with what happened since the last. */
  #begin(): void {
    this.#report.begin();
    this.#archive.journal?.begin(this.#tick + 1);
  }

  #run(tick: number, record?: JournalRecord): void {
    this.#runningTick = tick;
    const { authorities } = this.#table;
    const { journal } = this.#archive;
    if (this.#lateFault !== undefined) throw this.#lateFault.error;
    const onLateFault = (error: unknown): void => {
      this.#lateFault = { error };
    };
    this.#report.roster = this.#members.applyChanges(authorities, onLateFault, journal);
    for (const authority of authorities) {
      if (record !== undefined) this.#redeliver(record, authority);
      else for (const member of this.#members) this.#deliver(member, authority);
      const events = authority.step(tick);
      catchRejection(events, () => undefined);
      for (const event of events) this.#report.events.push(event);
    }
    this.#snapshot.collect(this.#members, tick);
    if (record !== undefined && digestOf(this.#snapshot) !== record.digest) {
      throw new Error('the snapshot is another');
    }
    this.#tick = tick;
    journal?.end(this.#members.entitiesKnown, digestOf(this.#snapshot));
  }

  /** Hands the inputs of this tick to the authority that takes them. */
  #deliver(member: WorldMember, authority: Authority): void {
    const tick = this.#runningTick;
    const { judgedMove } = member;
    if (authority === this.#table.moveTaker && member.moves.take(tick, judgedMove.input)) {
      judgedMove.session = member.session;
      judgedMove.verdict = this.#judge(member, judgedMove.input, authority);
      this.#report.verdicts.push(judgedMove);
    }
    for (const input of member.takeDue(authority, tick)) this.#handOver(member, input, authority);
  }

  /** Hands the inputs of a record to the authority that takes them; each has to end as it did. */
  #redeliver(record: JournalRecord, authority: Authority): void {
    for (const { entity, input, verdict: expected } of record.inputs) {
      const member = this.#members.known.get(entity);
      if (member === undefined || this.#table.takerOf(input) !== authority) continue;
      const verdict = this.#handOver(member, input, authority);
      if (!isSameVerdict(verdict, expected))
        throw new Error(`an input of ${entity} ended otherwise`);
    }
  }

  #handOver(member: WorldMember, input: AuthorityInput, authority: Authority): Verdict {
    const verdict = this.#judge(member, input, authority);
    this.#report.verdicts.push({ session: member.session, input, verdict });
    if (input.kind === 'shoot-input') {
      this.#report.tellShooter({ member, input, verdict }, this.#runningTick);
    }
    return verdict;
  }

  #judge(member: WorldMember, input: AuthorityInput, authority: Authority): Verdict {
    const { journal } = this.#archive;
    journal?.noteInput(member.entity, input);
    const verdict = this.#ask(member, input, authority);
    journal?.noteVerdict(verdict);
    return verdict;
  }

  /** A throw, or an answer that is no verdict, is this peer's fault or fate and nobody else's. */
  #ask({ session }: WorldMember, input: AuthorityInput, authority: Authority): Verdict {
    try {
      const verdict: unknown = authority.handleInput(session, input);
      if (isVerdict(verdict)) return verdict;
      catchRejection(verdict, () => undefined);
      throw new TypeError(`the authority '${authority.name}' answered no verdict`);
    } catch (error) {
      this.#report.faults.push({ session, error });
      return INTERNAL_ERROR;
    }
  }

  /** Verdicts of inputs that were dropped since the last step, for a world that has no other. */
  takeDropped(): readonly JudgedInput[] {
    return this.#report.takeDropped();
  }

  /** Ends the world for a fault after its step. Answers the verdicts of what waited; a view. */
  fail(error: unknown): readonly JudgedInput[] {
    this.#report.verdicts.length = 0;
    this.#fail(error);
    return this.#report.verdicts;
  }

  /** The world is dead; what still waited gets its verdict, nobody hears of this tick's events. */
  #fail(error: unknown): void {
    this.#failure = error ?? new Error('an authority threw nothing');
    for (const member of this.#members) this.#report.dropInputs(member, WORLD_FAILED);
    this.#report.fail();
  }
}
