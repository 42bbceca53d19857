/**
 * One life of a world as the tape has it, pass by pass: who was connected, whom the world knew, who
 * came and went, which acknowledgements each player was owed, which inputs were taken. In: the tape
 * of one world. Out: what the wire must show. Must not know: messages, connections.
 */
import type { MoveInput } from '../../../protocol/messages.ts';
import type { TapeEntry, WorldTape } from '../../environment-tape.ts';

/** Of `inputAheadTicksMax`. */
const AHEAD_TICKS_MAX = 8;

export interface OwedAck {
  readonly tick: number;
  readonly marginTicks: number;
}

/** One pass of the host: the ticks that it ran at one instant. */
export interface WorldPass {
  readonly at: number;
  /** The last of them. */
  tick: number;
  /** PeerIds of those who were connected before and after it. */
  linked: ReadonlySet<string>;
  /** By entity, in ascending order: whom the world's rules know. */
  known: ReadonlyMap<number, string>;
  hasRosterChanged: boolean;
  readonly acks: Map<string, OwedAck>;
}

/** A connection is let in. */
export interface Welcome {
  readonly world: WorldLog;
  readonly at: number;
  readonly playerId: string;
  readonly entity: number;
  readonly epoch: number;
  /** Whom it must be told of at once. */
  readonly known: ReadonlyMap<number, string>;
  /** Whom those had been told of who were there: who has gone since is told with the next pass. */
  readonly lastKnown: ReadonlyMap<number, string>;
  /** The first pass that is its own. */
  readonly firstPass: number;
}

export interface TakenInput {
  readonly at: number;
  readonly kind: 'move-input' | 'shoot-input';
  readonly tick: number;
  /** A move that could run, as far as its tick and its numbers go. */
  readonly isUsable: boolean;
  /** Which the host has told of a shot; undefined = none. */
  readonly roundTripMs: number | undefined;
}

interface Member {
  readonly playerId: string;
  readonly entity: number;
  peerId: string;
  isLinked: boolean;
  isKnown: boolean;
  newest: OwedAck;
  acknowledged: number;
}

const NOTHING: OwedAck = { tick: 0, marginTicks: 0 };

export class WorldLog {
  readonly worldId: string;
  readonly passes: WorldPass[] = [];
  /** By PeerId. */
  readonly welcomes = new Map<string, Welcome>();
  /** By PeerId, in order. */
  readonly taken = new Map<string, TakenInput[]>();
  readonly #members = new Map<string, Member>();
  /** What the next step tells the rules. */
  #joining: Member[] = [];
  #leaving: Member[] = [];
  #known: ReadonlyMap<number, string> = new Map();
  #linked: ReadonlySet<string> = new Set();
  #tick = 0;

  /** `before`: what it goes on from, when it was restored. */
  constructor({ worldId, entries }: WorldTape, before: readonly TapeEntry[] = []) {
    this.worldId = worldId;
    for (const entry of before) this.#read(entry);
    if (before.length > 0) this.#awake();
    for (const entry of entries) this.#read(entry);
  }

  /** In another process: all connections are gone. */
  #awake(): void {
    this.passes.length = 0;
    this.welcomes.clear();
    this.taken.clear();
    this.#joining = [];
    this.#leaving = [];
    this.#linked = new Set();
    for (const member of this.#members.values()) {
      member.isLinked = false;
      member.newest = NOTHING;
      member.acknowledged = 0;
    }
  }

  #read(entry: TapeEntry): void {
    switch (entry.op) {
      case 'add':
        this.#add(entry);
        return;
      case 'resume':
        this.#welcome(this.#members.get(entry.playerId), entry);
        return;
      case 'suspend':
        this.#unlink(this.#members.get(entry.playerId), entry.at);
        return;
      case 'remove':
        this.#remove(entry.playerId, entry.at);
        return;
      case 'receive':
        this.#receive(entry);
        return;
      case 'step':
        this.#step(entry.at, entry.tick);
        return;
      case 'fail':
    }
  }

  #add(entry: Extract<TapeEntry, { op: 'add' }>): void {
    const { playerId, entity } = entry;
    const member: Member = {
      playerId,
      entity,
      peerId: '',
      isLinked: false,
      isKnown: false,
      newest: NOTHING,
      acknowledged: 0,
    };
    this.#members.set(playerId, member);
    this.#joining.push(member);
    this.#welcome(member, entry);
  }

  #welcome(
    member: Member | undefined,
    { at, session }: Extract<TapeEntry, { op: 'add' | 'resume' }>,
  ): void {
    if (member === undefined) return;
    this.#unlink(member, at);
    member.peerId = session.peerId;
    member.isLinked = true;
    member.newest = NOTHING;
    member.acknowledged = 0;
    this.#linked = new Set([...this.#linked, session.peerId]);
    const { playerId, entity } = member;
    const known = new Map(
      [...this.#known].filter(([each, id]) => this.#members.get(id)?.entity === each),
    );
    const firstPass = this.passes.length;
    const { epoch } = session;
    const lastKnown = this.#known;
    const welcome = { world: this, at, playerId, entity, epoch, known, lastKnown, firstPass };
    this.welcomes.set(session.peerId, welcome);
  }

  #unlink(member: Member | undefined, at: number): void {
    if (member?.isLinked !== true) return;
    member.isLinked = false;
    this.#linked = without(this.#linked, member.peerId);
    const last = this.passes.at(-1);
    // Gone in the middle of the pass: what the rest of it says is for others.
    if (last?.at === at) last.linked = without(last.linked, member.peerId);
  }

  #remove(playerId: string, at: number): void {
    const member = this.#members.get(playerId);
    if (member === undefined) return;
    this.#unlink(member, at);
    this.#members.delete(playerId);
    if (member.isKnown) this.#leaving.push(member);
    this.#joining = this.#joining.filter((each) => each !== member);
  }

  #receive({ at, playerId, input, tickFraction }: Extract<TapeEntry, { op: 'receive' }>): void {
    const member = this.#members.get(playerId);
    if (member === undefined || input.kind === 'user-input') return;
    const { kind, tick } = input;
    const taken = this.taken.get(member.peerId) ?? [];
    const roundTripMs = kind === 'shoot-input' ? input.roundTripMs : undefined;
    const ahead = tick - this.#tick;
    const isDue = ahead >= 1 && ahead <= AHEAD_TICKS_MAX;
    const isUsable = kind === 'move-input' && isDue && isFinite(input);
    const count = taken.push({ at, kind, tick, isUsable, roundTripMs });
    if (count === 1) this.taken.set(member.peerId, taken);
    if (!isUsable || !member.isLinked || tick <= member.newest.tick) return;
    member.newest = { tick, marginTicks: Math.max(0, ahead - tickFraction) };
  }

  #step(at: number, tick: number): void {
    this.#tick = tick;
    const hasRosterChanged = this.#joining.length > 0 || this.#leaving.length > 0;
    if (hasRosterChanged) this.#applyRoster();
    let pass = this.passes.at(-1);
    if (pass?.at === at) {
      pass.tick = tick;
      pass.hasRosterChanged ||= hasRosterChanged;
    } else {
      const acks = new Map<string, OwedAck>();
      pass = { at, tick, linked: this.#linked, known: this.#known, hasRosterChanged, acks };
      this.passes.push(pass);
    }
    pass.linked = this.#linked;
    pass.known = this.#known;
    for (const member of this.#members.values()) {
      if (!member.isLinked || member.newest.tick === member.acknowledged) continue;
      member.acknowledged = member.newest.tick;
      pass.acks.set(member.peerId, member.newest);
    }
  }

  #applyRoster(): void {
    const known = new Map(this.#known);
    for (const { entity } of this.#leaving) known.delete(entity);
    for (const member of this.#joining) {
      member.isKnown = true;
      known.set(member.entity, member.playerId);
    }
    this.#joining = [];
    this.#leaving = [];
    this.#known = known;
  }
}

function without(set: ReadonlySet<string>, entry: string): ReadonlySet<string> {
  const rest = new Set(set);
  rest.delete(entry);
  return rest;
}

function isFinite({ tick, directionX, directionY, yaw }: MoveInput): boolean {
  return Number.isSafeInteger(tick) && Number.isFinite(directionX + directionY + yaw);
}
