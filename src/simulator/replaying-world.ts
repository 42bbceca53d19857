/**
 * A world in which the others are puppets: their part comes from the tape of an earlier run, at the
 * recorded instants and in the recorded order; the live players' part comes from the host, as ever.
 * In: the host's calls, a tape. Out: the same truth as on the tape, unless a live player now does
 * something else. What puppets would have been told is left out. A world that opens late first
 * lives through what it missed. Must not know: traces, who compares.
 */
import type { AuthorityEvent } from '../authority/authority.ts';
import { World, type WorldOptions } from '../authority/world.ts';
import type { WorldStep } from '../authority/world-step.ts';
import type { Clock } from '../base/clock.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { EnvironmentTape, TapedSession, TapeEntry, WorldTape } from './environment-tape.ts';
import { PuppetSession } from './puppet-session.ts';

export interface ReplayingWorldOptions {
  readonly tape: EnvironmentTape;
  /** Who is there in person; everybody else on the tape is a puppet. */
  readonly livePlayers: ReadonlySet<string>;
  /** False: nobody but the live ones, in a world whose ticks are those of the tape. */
  readonly hasPuppets?: boolean;
  readonly clock: Clock;
  /** A live player's call, or a tick, that the tape does not have in this place. */
  readonly onDivergence?: (text: string) => void;
  /** Looks at the world after each of its steps. */
  readonly onStepped?: (world: World, step: WorldStep) => void;
}

type SeatOp = 'add' | 'resume' | 'suspend' | 'remove';

export class ReplayingWorld extends World {
  readonly #options: ReplayingWorldOptions;
  readonly #entries: readonly TapeEntry[];
  readonly #puppets = new Map<PlayerId, PuppetSession>();
  /** Calls of live players that the tape had before one that came first now. */
  readonly #overtaken: TapeEntry[] = [];
  #next = 0;

  constructor(options: WorldOptions, replay: ReplayingWorldOptions) {
    super(options);
    this.#options = replay;
    const now = replay.clock.now();
    const tape = lifeAt(replay.tape.livesOf(options.worldId), replay.livePlayers, now);
    this.#entries = tape?.entries ?? [];
    this.#catchUp(now);
  }

  override addPlayer(session: ManagedSession, entity?: number): number {
    if (session.playerId !== undefined) this.#playUpTo('add', session.playerId);
    return super.addPlayer(session, entity);
  }

  override resumePlayer(session: ManagedSession): void {
    if (session.playerId !== undefined) this.#playUpTo('resume', session.playerId);
    super.resumePlayer(session);
  }

  override suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    this.#playUpTo('suspend', playerId);
    super.suspendPlayer(playerId, ghost);
  }

  override removePlayer(playerId: PlayerId): void {
    this.#playUpTo('remove', playerId);
    super.removePlayer(playerId);
  }

  override step(): WorldStep {
    this.#playUntilStep();
    const step = super.step();
    const now = this.#options.clock.now();
    const marker = this.#entries[this.#next];
    if (marker?.op === 'step' && marker.at === now && marker.tick === step.tick) this.#next += 1;
    // Deliberate: the tape may end first, when everybody else was out sooner.
    else if (marker !== undefined) this.#diverge(`tick ${step.tick}`);
    const told = this.#onlyLive(step);
    this.#options.onStepped?.(this, told);
    this.#playSameInstant(now);
    return told;
  }

  /** Everything that the tape has before the first call of a live player at or after `now`. */
  #catchUp(now: number): void {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[this.#next]) {
      if (entry.at > now || (entry.at === now && this.#isCallOfLive(entry))) return;
      this.#next += 1;
      if (entry.op === 'step') super.step();
      else this.#play(entry);
    }
  }

  /** Before a live player's call: all that the others did before it. */
  #playUpTo(op: SeatOp, playerId: PlayerId): void {
    const isThisCall = (entry: TapeEntry): boolean =>
      entry.op === op && entry.playerId === playerId && entry.at === this.#options.clock.now();
    const overtaken = this.#overtaken.findIndex(isThisCall);
    if (overtaken !== -1) {
      this.#overtaken.splice(overtaken, 1);
      return;
    }
    let end = this.#next;
    for (let entry = this.#entries[end]; ; entry = this.#entries[(end += 1)]) {
      if (entry === undefined || entry.op === 'step') {
        this.#diverge(`${op} ${playerId}`);
        return;
      }
      if (isThisCall(entry)) break;
    }
    for (let entry = this.#entries[this.#next]; this.#next < end && entry !== undefined;) {
      if (this.#isCallOfLive(entry)) this.#overtaken.push(entry);
      this.#play(entry);
      entry = this.#entries[(this.#next += 1)];
    }
    this.#next = end + 1;
  }

  /** Before a tick: all that the others did until then. */
  #playUntilStep(): void {
    for (let entry = this.#entries[this.#next]; entry !== undefined && entry.op !== 'step';) {
      if (this.#isCallOfLive(entry)) this.#diverge(`no ${entry.op} of a live player`);
      this.#play(entry);
      entry = this.#entries[(this.#next += 1)];
    }
    this.#overtaken.length = 0;
  }

  /** After a tick: what the others did at once, such as leaving a world that closes with it. */
  #playSameInstant(now: number): void {
    for (let entry = this.#entries[this.#next]; entry !== undefined;) {
      if (entry.at !== now || entry.op === 'step' || this.#isCallOfLive(entry)) return;
      this.#play(entry);
      entry = this.#entries[(this.#next += 1)];
    }
  }

  /** A call that changes the order of seats; inputs of live players come from the host alone. */
  #isCallOfLive(entry: TapeEntry): boolean {
    if (entry.op === 'step' || entry.op === 'fail' || entry.op === 'receive') return false;
    return this.#options.livePlayers.has(entry.playerId);
  }

  /** Does what a puppet did; nothing for what a live player did. */
  #play(entry: TapeEntry): void {
    if (entry.op === 'step') return;
    if (entry.op === 'fail') {
      super.fail(entry.error);
      return;
    }
    const { livePlayers, hasPuppets = true } = this.#options;
    if (!hasPuppets || livePlayers.has(entry.playerId)) return;
    switch (entry.op) {
      case 'add':
        super.addPlayer(this.#puppetOf(entry.session, entry.at));
        break;
      case 'resume':
        super.resumePlayer(this.#puppetOf(entry.session, entry.at));
        break;
      case 'suspend':
        super.suspendPlayer(entry.playerId, entry.ghost);
        break;
      case 'remove':
        super.removePlayer(entry.playerId);
        this.#puppets.delete(entry.playerId);
        break;
      case 'receive': {
        const puppet = this.#puppets.get(entry.playerId);
        if (puppet !== undefined) super.receive(puppet, entry.input, entry.tickFraction);
        break;
      }
      default:
        entry satisfies never;
    }
  }

  #puppetOf(session: TapedSession, at: number): PuppetSession {
    const puppet = new PuppetSession(session, at);
    this.#puppets.set(session.playerId, puppet);
    return puppet;
  }

  /** The step without what puppets would be told. */
  #onlyLive(step: WorldStep): WorldStep {
    const isHeard = ({ scope }: AuthorityEvent): boolean =>
      scope.to !== 'peer' || !this.#puppets.has(scope.playerId);
    return {
      ...step,
      events: step.events.filter(isHeard),
      verdicts: step.verdicts.filter(isLive),
      faults: step.faults.filter(isLive),
    };
  }

  #diverge(what: string): void {
    const now = this.#options.clock.now();
    this.#options.onDivergence?.(
      `${this.worldId} at ${now} ms: the tape has something else: ${what}`,
    );
  }
}

/**
 * The life that a world which opens now is: the one in which a live player joins at this very
 * instant, else the newest that had begun.
 */
function lifeAt(
  lives: readonly WorldTape[],
  livePlayers: ReadonlySet<string>,
  now: number,
): WorldTape | undefined {
  const joins = (entry: TapeEntry): boolean =>
    entry.at === now && entry.op === 'add' && livePlayers.has(entry.playerId);
  return (
    lives.find(({ entries }) => entries.some(joins)) ??
    lives.findLast(({ openedAt }) => openedAt <= now)
  );
}

function isLive({ session }: { readonly session: ManagedSession }): boolean {
  return !(session instanceof PuppetSession);
}
