/** A rule that records what it is told, and worlds to try it in. */
import type {
  Authority,
  AuthorityInput,
  InputLimits,
  UserInput,
} from '../../src/authority/authority.ts';
import { ACCEPTED, rejected } from '../../src/authority/verdict.ts';
import { World, type WorldOptions } from '../../src/authority/world.ts';
import type { PlayerId, WorldId } from '../../src/protocol/ids.ts';
import { WorldFixture } from './world-fixture.ts';

/** Takes `emote`; throws for the payload 'throw', and in `step` what `stepError` says. */
export class Recorder implements Authority {
  readonly name: string = 'recorder';
  readonly inputKinds: readonly string[] = ['emote'];
  readonly snapshotFields: Authority['snapshotFields'] = [];
  readonly calls: string[] = [];
  stepError: unknown;

  addPlayer(playerId: PlayerId): void {
    this.calls.push(`add ${playerId}`);
  }

  removePlayer(playerId: PlayerId): void {
    this.calls.push(`remove ${playerId}`);
  }

  suspendPlayer(playerId: PlayerId, ghost: string): void {
    this.calls.push(`suspend ${playerId} ${ghost}`);
  }

  resumePlayer(playerId: PlayerId): void {
    this.calls.push(`resume ${playerId}`);
  }

  handleInput(session: { playerId: PlayerId | undefined }, input: AuthorityInput) {
    if (input.kind !== 'user-input') return rejected('unknown-input');
    if (input.payload === 'throw') throw new Error('a bug of the game');
    this.calls.push(`input ${session.playerId}`);
    return ACCEPTED;
  }

  step(tick: number) {
    this.calls.push(`step ${tick}`);
    if (this.stepError !== undefined) throw this.stepError;
    return [];
  }

  readSnapshot(_playerId: PlayerId, _target: number[]): void {
    this.calls.push('read');
  }
}

/** ann and bob in a world with movement, combat and a recorder, after its first tick. */
export function recorded(options: { inputLimits?: Partial<InputLimits> } = {}) {
  const recorder = new Recorder();
  const world = new WorldFixture({
    players: { ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 } },
    rules: () => [recorder],
    ...options,
  });
  recorder.calls.length = 0;
  return { recorder, world };
}

export function emote(payload: unknown = 'wave'): UserInput {
  return { kind: 'user-input', name: 'emote', payload };
}

/** A world with one rule and nothing else. */
export function bareWorld(authority: Authority, options: Partial<WorldOptions> = {}): World {
  return new World({
    worldId: 'bare' as WorldId,
    tickRateHz: 20,
    random: () => 0.5,
    createAuthorities: () => [authority],
    ...options,
  });
}
