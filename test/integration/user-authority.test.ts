/** The rule that docs/AUTHORITIES.md prints: it runs in a world, and the page shows what runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDefaultAuthorities, World, type Verdict } from 'holdfast/authority';
import {
  createUserMessage,
  decodeServerMessage,
  tryParseUserMessage,
  type PlayerId,
  type UserMessage,
  type UserUpdate,
  type WorldId,
} from 'holdfast/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { DashAuthority, dashMessages } from '../support/dash-rule.ts';
import { fakeSession } from '../support/fake-session.ts';

const ROOT = join(import.meta.dirname, '../..');
const ann = fakeSession('ann');
const broadcaster = new Broadcaster({ messages: dashMessages });
let world: World;

beforeEach(() => {
  world = new World({
    worldId: 'dashing' as WorldId,
    tickRateHz: 20,
    random: () => 0.5,
    createAuthorities: createDefaultAuthorities({
      rules: (context, { movement }) => [new DashAuthority(context, movement)],
    }),
  });
  world.addPlayer(ann);
  world.addPlayer(fakeSession('bob'));
  world.step();
});

/** What the host does with a user message: parse, validate, hand over, step. */
function dash(message: UserMessage | UserUpdate) {
  const parsed = tryParseUserMessage(dashMessages, message);
  if (!parsed.ok) return { verdict: { outcome: 'rejected', code: parsed.error }, frames: [] };
  const { name, payload } = parsed.value;
  const early = world.receive(ann, { kind: 'user-input', name, payload }, 0);
  const step = world.step();
  const late: Verdict | undefined = step.verdicts[0]?.verdict;
  return { verdict: early ?? late, frames: broadcaster.route(world, step.events) };
}

function dashAlong(x: number, y: number): UserMessage | UserUpdate {
  return createUserMessage(dashMessages, { name: 'dash', payload: { x, y } });
}

function annField(name: string): number | undefined {
  const row = world.snapshot.rows[0];
  return row?.[world.snapshotFields.findIndex((field) => field.name === name)];
}

describe('the dash rule', () => {
  it('throws its player 3 m ahead, tells the world, and recharges', () => {
    const before = annField('x') ?? Number.NaN;
    const { verdict, frames } = dash(dashAlong(0.5, 0));
    expect(verdict).toEqual({ outcome: 'accepted' });
    expect(annField('x')).toBe(before + 3_000);
    expect(annField('dashReadyInTicks')).toBe(40);
    expect(frames).toMatchObject([{ lane: 'reliable', playerId: undefined, name: 'dashed' }]);
    expect(frames.map(({ bytes }) => decodeServerMessage(bytes))).toEqual([
      { kind: 'user-message', name: 'dashed', payload: '{"playerId":"ann"}' },
    ]);
  });

  it('has a rejection code of its own while it recharges', () => {
    dash(dashAlong(1, 0));
    expect(dash(dashAlong(1, 0))).toEqual({
      verdict: { outcome: 'rejected', code: 'dash-recharging' },
      frames: [],
    });
    for (let tick = 0; tick < 39; tick += 1) world.step();
    expect(annField('dashReadyInTicks')).toBe(0);
    expect(dash(dashAlong(-1, 0)).verdict).toEqual({ outcome: 'accepted' });
  });

  it.each(['{}', '{"x":"1","y":0}', '[]', 'null', '', 'not json', '{"x":1e999,"y":0}'])(
    'never sees the payload %j: it is rejected with invalid-payload',
    (payload) => {
      expect(dash({ kind: 'user-message', name: 'dash', payload }).verdict).toEqual({
        outcome: 'rejected',
        code: 'invalid-payload',
      });
    },
  );

  it('refuses a dash to nowhere', () => {
    expect(dash(dashAlong(0, 0)).verdict).toEqual({ outcome: 'rejected', code: 'no-direction' });
  });

  it('forgets a player who left', () => {
    dash(dashAlong(1, 0));
    world.removePlayer('ann' as PlayerId);
    world.addPlayer(ann);
    world.step();
    expect(world.snapshot.rows[1]?.at(-1)).toBe(0);
  });
});

describe('docs/AUTHORITIES.md', () => {
  const page = readFileSync(join(ROOT, 'docs/AUTHORITIES.md'), 'utf8');
  const source = readFileSync(join(ROOT, 'test/support/dash-rule.ts'), 'utf8');

  it('prints the rule that this file tests', () => {
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);
    expect(blocks).toContain(source);
  });

  it('is about a rule of less than 100 lines', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThan(100);
  });
});
