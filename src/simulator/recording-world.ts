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
import type { EnvironmentTape, TapedSession, TapeEntry } from './environment-tape.ts';

export interface RecordingWorldOptions {
  readonly tape: EnvironmentTape;
  readonly clock: Clock;
  /** Looks at the world after each of its steps. */
  readonly onStepped?: (world: World, step: WorldStep) => void;
}

export class RecordingWorld extends World {
  readonly #entries: TapeEntry[];
  readonly #clock: Clock;
  readonly #onStepped: RecordingWorldOptions['onStepped'];

  constructor(options: WorldOptions, { tape, clock, onStepped }: RecordingWorldOptions) {
    super(options);
    this.#clock = clock;
    this.#onStepped = onStepped;
    this.#entries = tape.open(options.worldId, clock.now());
  }

  override addPlayer(session: ManagedSession, entity?: number): number {
    const joined = super.addPlayer(session, entity);
    this.#recordHandle('add', session);
    return joined;
  }

  override resumePlayer(session: ManagedSession): void {
    super.resumePlayer(session);
    this.#recordHandle('resume', session);
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

  #recordHandle(op: 'add' | 'resume', session: ManagedSession): void {
    const { playerId, sessionId, peerId, worldId, epoch, data } = session;
    if (playerId === undefined) return;
    const taped: TapedSession = { playerId, sessionId, peerId, worldId, epoch, data };
    this.#entries.push({ at: this.#clock.now(), op, playerId, session: taped });
  }
}
