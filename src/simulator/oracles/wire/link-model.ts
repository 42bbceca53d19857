/**
 * What one connection is owed while a player is logged in over it, held against what it gets: its
 * welcome, a snapshot and what is news of its inputs in each pass, heartbeats, rosters, reports.
 * In: messages as they are sent and received, passes of its world. Out: what is missing, late, for
 * somebody else or wrong.
 */
import type {
  CombatEvent,
  InputAck,
  LoginAccepted,
  PlainServerMessage,
  Roster,
  SnapshotAck,
} from '../../../protocol/messages.ts';
import { CopyDuty } from './copy-duty.ts';
import { HeartbeatDuty } from './heartbeat-duty.ts';
import { ReportDuty } from './report-duty.ts';
import { SnapshotDuty } from './snapshot-duty.ts';
import type { OwedAck, TakenInput, Welcome, WorldPass } from './world-log.ts';

const SIXTEENTHS = 16;

/** What several connections must agree on. */
export interface SharedFrames {
  /** One snapshot of a world, with one baseline: true = the same as the first that was shown. */
  isSameSnapshot(world: object, frame: SnapshotFrame): boolean;
  readonly nonces: Set<string>;
  /** What a tick tells waits until the tick is durable. */
  readonly areHeld: boolean;
  /** Sessions are in a store. */
  readonly areDurable: boolean;
  /** Instants of evaluations that found a stall. */
  readonly stalls: ReadonlySet<number>;
}

/** A snapshot as it was sent. */
export interface SnapshotFrame {
  readonly tick: number;
  /** Ticks since its baseline; 0 = it is whole. */
  readonly age: number;
  readonly isSync: boolean;
  readonly bytes: Uint8Array;
}

export interface LinkModelOptions {
  readonly peerId: string;
  readonly sessionId: string;
  readonly welcome: Welcome;
  readonly heartbeatIntervalMs: number;
  /** From so many untaken bytes on only what is newest is kept. */
  readonly behindBytes: number;
  readonly shared: SharedFrames;
  /** L18: when somebody else was refused because of this player. */
  readonly askedAt: readonly number[];
  /** The connection that the session had before, when it was resumed. */
  readonly before: LinkModel | undefined;
  readonly report: (problem: string, at: number) => void;
}

export class LinkModel {
  readonly sessionId: string;
  readonly #options: LinkModelOptions;
  readonly #passes: readonly WorldPass[];
  readonly #heartbeats: HeartbeatDuty;
  readonly #reports: ReportDuty;
  readonly #taken: readonly TakenInput[];
  #takenCount = 0;
  readonly #copies = new CopyDuty();
  readonly #baselines = new SnapshotDuty();
  #nextPass: number;
  #isWelcome = false;
  #hasHeartbeat = false;
  #roster: Map<number, string> | undefined;
  /** It has claimed to have what was never sent: nobody knows what it left out. */
  #hasSkipped = false;
  #lastTick = 0;
  #ack: OwedAck | undefined;
  #inFlightBytes = 0;
  #mostInFlightBytes = 0;
  /** In the pass that is under way. */
  #snapshots = 0;
  #beats = 0;

  constructor(options: LinkModelOptions) {
    this.#options = options;
    const { welcome, peerId, heartbeatIntervalMs, shared, askedAt, before } = options;
    this.#reports = new ReportDuty(before && before.#reports);
    this.#roster = before?.roster;
    this.#hasSkipped = before !== undefined && before.#hasSkipped;
    this.sessionId = options.sessionId;
    this.#passes = welcome.world.passes;
    this.#nextPass = welcome.firstPass;
    this.#taken = welcome.world.taken.get(peerId) ?? [];
    this.#heartbeats = new HeartbeatDuty({
      loggedInAt: welcome.at,
      intervalMs: heartbeatIntervalMs,
      nonces: shared.nonces,
      askedAt,
    });
  }

  /** What the peer knows, or will once it has got what was sent; undefined = nothing. */
  get roster(): Map<number, string> | undefined {
    return this.#roster;
  }

  /** Before anything that happens at `at`: the passes before it are over. */
  advance(at: number): void {
    for (let pass = this.#passes[this.#nextPass]; pass !== undefined && pass.at < at;) {
      this.#nextPass += 1;
      if (pass.linked.has(this.#options.peerId)) this.#finishPass(pass);
      this.#snapshots = 0;
      this.#beats = 0;
      this.#mostInFlightBytes = this.#inFlightBytes;
      pass = this.#passes[this.#nextPass];
    }
  }

  /** On the ordered stream. */
  handleBytes(sent: number): void {
    this.#inFlightBytes += sent;
    this.#mostInFlightBytes = Math.max(this.#mostInFlightBytes, this.#inFlightBytes);
  }

  /** Its Resume claims messages that no connection was sent. */
  handleSkipped(): void {
    this.#hasSkipped = true;
    this.#roster = undefined;
  }

  handleSnapshot(frame: SnapshotFrame, at: number): void {
    const { tick } = frame;
    const { shared, welcome } = this.#options;
    const pass = this.#passAt(at);
    const newest = pass?.tick ?? this.#passes[this.#nextPass - 1]?.tick ?? 0;
    if (tick <= this.#lastTick || tick > newest) {
      this.#report(`gets the snapshot of tick ${tick} after that of ${this.#lastTick}`, at);
    }
    this.#lastTick = tick;
    if (tick === pass?.tick) this.#snapshots += 1;
    this.#say(this.#baselines.handleSent({ ...frame, isFresh: tick === pass?.tick }), at);
    if (shared.isSameSnapshot(welcome.world, frame)) return;
    this.#report(`gets another snapshot of tick ${tick} than others do`, at);
  }

  /** False: it names what was never sent. */
  handleSnapshotAck({ tick, earlier }: SnapshotAck): boolean {
    return this.#baselines.handleAck(tick, earlier);
  }

  handleSent(message: PlainServerMessage, at: number): void {
    switch (message.kind) {
      case 'login-accepted':
        // Counts begin anew, and so does what it knows.
        if (message.reliableReceived === undefined) this.#beginAnew();
        this.#checkWelcome(message, at);
        return;
      case 'resynced':
        this.#beginAnew();
        return;
      case 'heartbeat':
        this.#say(this.#heartbeats.handleSent(message, at), at);
        if (!this.#hasHeartbeat) this.#checkRoster(at);
        // The first belongs to the welcome.
        if (this.#hasHeartbeat) this.#beats += 1;
        this.#hasHeartbeat = true;
        return;
      case 'roster':
        this.#applyRoster(message, at);
        return;
      case 'input-ack':
        this.#checkAck(message, at);
        return;
      case 'verdict-report':
        this.#say(this.#reports.handleReport(message), at);
        return;
      case 'combat-event':
        this.#checkCombat(message, at);
        return;
      case 'login-rejected':
        // What was asked before, and answered in the instant of the Login, leaves first.
        if (this.#isWelcome) this.#report('is refused after it was accepted', at);
        return;
      case 'close':
      case 'user-message':
      case 'user-update':
    }
  }

  /** An input within the budget. */
  handleInput(kind: TakenInput['kind'], tick: number, at: number): void {
    if (!this.#copies.isLate({ kind, tick })) this.#take(kind, tick, at);
  }

  #take(kind: TakenInput['kind'], tick: number, at: number): void {
    this.#reports.handleInput(kind);
    const taken = this.#taken[this.#takenCount++];
    if (taken?.at === at && taken.kind === kind && Object.is(taken.tick, tick)) {
      this.#copies.noteTaken(taken);
      this.#checkRoundTrip(taken);
      return;
    }
    const other = taken === undefined ? 'nothing' : `${taken.kind} ${taken.tick} at ${taken.at}`;
    this.#report(`sends ${kind} ${tick} within its budget, and ${other} is taken`, at);
  }

  /** A copy of an input that may have got lost: it is one only where it was taken. */
  handleCopy(tick: number, at: number): void {
    const taken = this.#taken[this.#takenCount];
    const isTaken = taken?.at === at && taken.kind === 'move-input' && taken.tick === tick;
    if (!isTaken) return;
    this.#say(this.#copies.noteRecovered(taken), at);
    this.#take('move-input', tick, at);
  }

  handleAnswer(nonce: string, at: number): void {
    this.#heartbeats.handleAnswered(nonce, at);
  }

  handleVerdict(text: string, at: number): void {
    this.#say(this.#reports.handleVerdict(text, true), at);
  }

  /** The connection is over for its session. */
  finish(at: number): void {
    this.advance(at);
    const left = this.#taken[this.#takenCount];
    if (left !== undefined && left.at < at) {
      this.#report(`has sent no ${left.kind} ${left.tick}, which is taken at ${left.at}`, at);
    }
  }

  #report(problem: string, at: number): void {
    this.#options.report(problem, at);
  }

  #say(problem: string | undefined, at: number): void {
    if (problem !== undefined) this.#report(problem, at);
  }

  #passAt(at: number): WorldPass | undefined {
    const pass = this.#passes[this.#nextPass];
    return pass?.at === at ? pass : undefined;
  }

  /** A shot is taken with what the server has measured on this connection, in whole ms. */
  #checkRoundTrip({ at, kind, roundTripMs }: TakenInput): void {
    if (kind !== 'shoot-input') return;
    const measured = Math.ceil(this.#heartbeats.worstRoundTripMs);
    if (roundTripMs === measured) return;
    this.#report(`shoots over a round trip of ${roundTripMs} ms, and has one of ${measured}`, at);
  }

  #finishPass(pass: WorldPass): void {
    const { at, tick, known } = pass;
    const { shared, peerId, behindBytes } = this.#options;
    if (!this.#isWelcome) this.#report('is not welcomed', at);
    const isBehind = this.#mostInFlightBytes > behindBytes;
    if (this.#snapshots === 0 && !isBehind) this.#report(`gets no snapshot of tick ${tick}`, at);
    const ack = pass.acks.get(peerId);
    if (ack !== undefined && ack !== this.#ack) {
      this.#ack = ack;
      if (!isBehind) this.#report(`hears nothing of its input for tick ${ack.tick}`, at);
    }
    this.#say(this.#heartbeats.handlePass(at, this.#beats, shared.stalls.has(at)), at);
    this.#say(this.#reports.handlePass(shared.areHeld), at);
    if (shared.areHeld || this.#hasSkipped || !pass.hasRosterChanged) return;
    if (!isSameRoster(this.#roster, known)) {
      this.#report(`knows ${show(this.#roster)}, the world ${show(known)}`, at);
    }
  }

  #checkWelcome(accepted: LoginAccepted, at: number): void {
    const { welcome, sessionId } = this.#options;
    const { playerId, entity, epoch, world } = welcome;
    if (this.#isWelcome) this.#report('is accepted twice', at);
    this.#isWelcome = true;
    const told = [accepted.playerId, accepted.entity, accepted.epoch, accepted.worldId].join(', ');
    const own = [playerId, entity, epoch, world.worldId].join(', ');
    if (told !== own) this.#report(`is accepted as ${told}, being ${own}`, at);
    if (accepted.sessionId !== sessionId)
      this.#report('is accepted with the session of another', at);
  }

  /** What came of the connection before is not told any more. */
  #beginAnew(): void {
    this.#hasSkipped = false;
    this.#roster = undefined;
    this.#reports.forgetPast();
  }

  /** With the welcome it has all that there was to be told. */
  #checkRoster(at: number): void {
    const { known, lastKnown } = this.#options.welcome;
    if (this.#options.shared.areHeld || this.#hasSkipped) return;
    const isRight = isSameRoster(this.#roster, known) || isSameRoster(this.#roster, lastKnown);
    if (isRight) return;
    this.#report(`is welcomed knowing ${show(this.#roster)}, the world ${show(known)}`, at);
  }

  #applyRoster({ isComplete, entered, left }: Roster, at: number): void {
    if (this.#hasSkipped) return;
    const isFirst = this.#roster === undefined;
    if (isFirst && !isComplete) this.#report('gets changes of a roster before the whole', at);
    const roster = new Map(isComplete ? [] : this.#roster);
    for (const { entity, playerId } of entered) roster.set(entity, playerId);
    for (const entity of left) roster.delete(entity);
    this.#roster = roster;
    const { known } = this.#options.welcome;
    if (!isFirst || isSameRoster(roster, known)) return;
    this.#report(`is told of ${show(roster)} at first, the world knows ${show(known)}`, at);
  }

  #checkAck({ lastInputTick, marginTicks }: InputAck, at: number): void {
    const owed = this.#passAt(at)?.acks.get(this.#options.peerId) ?? this.#ack;
    this.#ack = owed;
    const margin = Math.round((owed?.marginTicks ?? 0) * SIXTEENTHS) / SIXTEENTHS;
    if (owed?.tick === lastInputTick && margin === marginTicks) return;
    const told = `tick ${lastInputTick}, ${marginTicks} early`;
    this.#report(`hears of its input for ${told}, not for ${owed?.tick}, ${margin} early`, at);
  }

  #checkCombat(event: CombatEvent, at: number): void {
    if (event.event === 'shoot-rejected') this.#say(this.#reports.handleShotRefused(event), at);
  }
}

function isSameRoster(
  one: ReadonlyMap<number, string> | undefined,
  other: ReadonlyMap<number, string>,
): boolean {
  if (one?.size !== other.size) return false;
  for (const [entity, playerId] of one) if (other.get(entity) !== playerId) return false;
  return true;
}

function show(roster: ReadonlyMap<number, string> | undefined): string {
  if (roster === undefined) return 'no roster';
  return `[${Array.from(roster, ([entity, playerId]) => `${entity} ${playerId}`).join(', ')}]`;
}
