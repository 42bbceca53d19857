import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { bareWorld, emote, recorded, Recorder } from '../../test/support/recorder-rule.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { Authority } from './authority.ts';

describe('a rule that throws', () => {
  it('in handleInput is a fault of that peer; the input is rejected with internal-error', () => {
    const { world } = recorded();
    world.receive('ann', emote('throw'));
    world.receive('bob', emote());
    const step = world.step();
    expect(step.verdicts).toEqual(['ann: emote rejected(internal-error)', 'bob: emote accepted']);
    expect(step.faults).toEqual([
      { session: world.session('ann'), error: new Error('a bug of the game') },
    ]);
    expect(world.world.failure).toBeUndefined();
    expect(world.step().faults).toEqual([]);
  });

  it('in step ends its world: what waits and what comes is rejected with world-failed', () => {
    const { recorder, world } = recorded();
    world.move('ann', { tick: 5 });
    world.receive('bob', emote());
    recorder.stepError = new Error('a bug of the game');
    const step = world.step();
    expect(world.world.failure).toBe(recorder.stepError);
    expect(step.verdicts).toEqual([
      'bob: emote accepted',
      'ann: move-input rejected(world-failed)',
    ]);
    expect(step.events).toEqual([]);
    expect(world.move('ann')).toBe('rejected(world-failed)');
    expect(world.step()).toMatchObject({ verdicts: [], events: [], entered: [], left: [] });
    expect(world.world.tick).toBe(1);
    expect(recorder.calls.filter((call) => call.startsWith('step'))).toEqual(['step 2']);
  });

  it('undefined is a failure all the same', () => {
    class Silent extends Recorder {
      override step(): never {
        // oxlint-disable-next-line eslint/no-throw-literal, typescript/only-throw-error
        throw undefined;
      }
    }
    const world = bareWorld(new Silent());
    world.step();
    expect(world.failure).toBeInstanceOf(Error);
  });

  it.each([
    ['too few numbers', []],
    ['too many numbers', [1, 2]],
    ['a fraction', [1.5]],
    ['no number', [Number.NaN]],
    ['more than 32 bits', [2 ** 31]],
  ])('that appends %s to a row ends its world', (_, row) => {
    class Scorer extends Recorder {
      override readonly snapshotFields: Authority['snapshotFields'] = [
        { name: 'score', precision: 1, interpolation: 'step' },
      ];
      override readSnapshot(_playerId: PlayerId, target: number[]): void {
        target.push(...row);
      }
    }
    const world = bareWorld(new Scorer());
    world.addPlayer(fakeSession('ann'));
    world.step();
    expect(world.failure).toBeInstanceOf(Error);
  });

  it('does not end another world', () => {
    const { recorder, world } = recorded();
    const other = recorded().world;
    recorder.stepError = new Error('a bug of the game');
    world.step();
    other.move('ann');
    expect(other.step().verdicts).toEqual(['ann: move-input accepted']);
  });
});
