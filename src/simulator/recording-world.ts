/**
 * A world that writes down what is done to it. Behaves as any world. In: the host's calls. Out: a
 * recording on the tape, and readings of how far bodies move. Must not know: who plays it back.
 */
import type { AuthorityInput } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import { World, type WorldOptions } from '../authority/world.ts';
import type { JudgedInput, WorldStep } from '../authority/world-step.ts';
import type { Clock } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { EnvironmentTape, OpenTape, TapedSession, TapeEntry } from './environment-tape.ts';

export interface RecordingWorldOptions {
  readonly tape: EnvironmentTape;
  readonly clock: Clock;
  /** Looks at the world after each of its steps. */
  readonly onStepped?: (world: World, step: WorldStep) => void;
}

export class RecordingWorld extends World {
  readonly #life: OpenTape;
  readonly #entries: TapeEntry[];
  readonly #clock: Clock;
  readonly #onStepped: RecordingWorldOptions['onStepped'];

  constructor(options: WorldOptions, { tape, clock, onStepped }: RecordingWorldOptions) {
    super(options);
    this.#clock = clock;
    this.#onStepped = onStepped;
    this.#life = tape.open(options.worldId, clock.now());
    this.#entries = this.#life.entries;
    if (options.checkpoint !== undefined) this.#life.restoredTick = this.tick;
  }

  override replay(journalRecord: Uint8Array): WorldStep {
    const step = super.replay(journalRecord);
    this.#life.restoredTick = this.tick;
    return step;
  }

  override addPlayer(session: ManagedSession, entity?: number): number {
    const joined = super.addPlayer(session, entity);
    const taped = tapedSession(session);
    if (taped === undefined) return joined;
    const { playerId } = taped;
    const at = this.#clock.now();
    this.#entries.push({ at, op: 'add', playerId, session: taped, entity: joined });
    return joined;
  }

  override resumePlayer(session: ManagedSession): void {
    super.resumePlayer(session);
    const taped = tapedSession(session);
    if (taped === undefined) return;
    const { playerId } = taped;
    this.#entries.push({ at: this.#clock.now(), op: 'resume', playerId, session: taped });
  }

  override suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    this.#entries.push({ at: this.#clock.now(), op: 'suspend', playerId, ghost });
    super.suspendPlayer(playerId, ghost);
  }

  override removePlayer(playerId: PlayerId): void {
    this.#entries.push({ at: this.#clock.now(), op: 'remove', playerId });
    super.removePlayer(playerId);
  }

  override receive(
    session: ManagedSession,
    input: AuthorityInput,
    tickFraction: number,
  ): Verdict | undefined {
    const { playerId } = session;
    if (playerId !== undefined && session.state === 'logged-in') {
      this.#entries.push({ at: this.#clock.now(), op: 'receive', playerId, input, tickFraction });
    }
    return super.receive(session, input, tickFraction);
  }

  override step(): WorldStep {
    const step = super.step();
    const failed = this.failure === undefined ? undefined : ({ hasFailed: true } as const);
    this.#entries.push({ at: this.#clock.now(), op: 'step', tick: step.tick, ...failed });
    this.#onStepped?.(this, step);
    return step;
  }

  override fail(error: unknown): readonly JudgedInput[] {
    // The end of the whole host is no event of the world: each run stops its own.
    const isStop = error instanceof HoldfastError && error.code === 'already-stopped';
    if (!isStop) this.#entries.push({ at: this.#clock.now(), op: 'fail', error });
    return super.fail(error);
  }
}

function tapedSession(session: ManagedSession): TapedSession | undefined {
  const { playerId, sessionId, peerId, worldId, epoch, data } = session;
  return playerId && { playerId, sessionId, peerId, worldId, epoch, data };
}
