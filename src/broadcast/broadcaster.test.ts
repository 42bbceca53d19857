import { describe, expect, it } from 'vitest';
import { idOf, WorldFixture } from '../../test/support/world-fixture.ts';
import type { AuthorityEvent } from '../authority/authority.ts';
import { defineMessages } from '../protocol/define-messages.ts';
import { decodeServerMessage } from '../protocol/server-codec.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import { Broadcaster } from './broadcaster.ts';

const anything = {
  '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) },
} as const;
const messages = defineMessages({
  cheer: { lane: 'reliable', schema: anything },
  weather: { lane: 'sync', schema: anything },
});
const broadcaster = new Broadcaster({ messages });

function fixture() {
  return new WorldFixture({ players: { ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 } } });
}

function userEvent(name: string, payload: unknown): AuthorityEvent {
  return { scope: { to: 'world' }, message: { kind: 'user-event', name, payload } };
}

describe('Broadcaster.encodeInputAck', () => {
  it('encodes a player’s progress in at most 8 bytes', () => {
    const world = fixture();
    world.move('ann', { tick: world.world.tick + 3 });
    const progress = world.world.inputAckOf(idOf('ann'));
    if (progress === undefined) throw new Error('ann has progress');
    const frame = broadcaster.encodeInputAck(progress);
    expect(frame.length).toBeLessThanOrEqual(8);
    expect(decodeServerMessage(frame)).toEqual({
      kind: 'input-ack',
      lastInputTick: 4,
      marginTicks: 3,
    });
  });
});

describe('Broadcaster.encodeRoster', () => {
  it('names everybody to a newcomer and only the changes to the others', () => {
    const world = fixture();
    world.join('cid');
    world.world.removePlayer(idOf('ann'));
    const { roster } = world.world.step();
    expect(broadcaster.encodeRosterChanges(roster).map(decodeServerMessage)).toEqual([
      {
        kind: 'roster',
        isComplete: false,
        entered: [{ entity: 3, playerId: 'cid' }],
        left: [1],
      },
    ]);
    expect(broadcaster.encodeRoster(world.world).map(decodeServerMessage)).toEqual([
      {
        kind: 'roster',
        isComplete: true,
        entered: [
          { entity: 2, playerId: 'bob' },
          { entity: 3, playerId: 'cid' },
        ],
        left: [],
      },
    ]);
  });

  it('says nothing when nobody came or went, but is whole for an empty world', () => {
    const { world } = new WorldFixture();
    expect(broadcaster.encodeRosterChanges(world.step().roster)).toEqual([]);
    expect(broadcaster.encodeRoster(world)).toHaveLength(1);
  });

  it('is cut where it would not fit a frame', () => {
    const world = new WorldFixture();
    const count = WIRE_LIMITS.rosterEntriesMax + 1;
    for (let index = 0; index < count; index += 1) world.join(`player-${index}`);
    world.step();
    const rosters = broadcaster.encodeRoster(world.world).map(decodeServerMessage);
    expect(rosters).toMatchObject([{ isComplete: true }, { isComplete: false }]);
  });
});

describe('Broadcaster.route', () => {
  it('encodes each event once, in order, for everybody or for one', () => {
    const world = fixture();
    world.shoot('ann', { targetPlayerId: idOf('bob') });
    world.shoot('bob', { targetPlayerId: idOf('nobody') });
    const frames = broadcaster.route(world.world, world.step().events);
    expect(frames.map(({ playerId, lane, name }) => [playerId, lane, name])).toEqual([
      ['bob', 'reliable', 'combat-event'],
      [undefined, 'reliable', 'combat-event'],
      [undefined, 'reliable', 'combat-event'],
    ]);
    expect(frames.map(({ bytes }) => decodeServerMessage(bytes))).toMatchObject([
      { event: 'shoot-rejected', code: 'target-unknown' },
      { event: 'hit', shooterId: 'ann', targetId: 'bob' },
      { event: 'damage-applied', targetId: 'bob', hitPoints: 75 },
    ]);
  });

  it('sends a user event on the lane of its definition', () => {
    const { world } = fixture();
    const events = [userEvent('cheer', 'ann!'), userEvent('weather', { rain: true })];
    const frames = broadcaster.route(world, events);
    expect(frames).toMatchObject([
      { lane: 'reliable', name: 'cheer' },
      { lane: 'sync', name: 'weather' },
    ]);
    expect(frames.map(({ bytes }) => decodeServerMessage(bytes))).toEqual([
      { kind: 'user-message', name: 'cheer', payload: '"ann!"' },
      { kind: 'user-update', name: 'weather', payload: '{"rain":true}' },
    ]);
  });

  it('drops what is for somebody who has left', () => {
    const world = fixture();
    world.shoot('ann', { targetPlayerId: idOf('nobody') });
    const { events } = world.step();
    world.world.removePlayer(idOf('ann'));
    expect(broadcaster.route(world.world, events)).toEqual([]);
  });

  it.each([
    ['invalid-argument', userEvent('never-defined', 1)],
    ['invalid-argument', userEvent('cheer', 1n)],
    ['message-too-large', userEvent('cheer', 'x'.repeat(WIRE_LIMITS.userPayloadBytesMax))],
  ])('throws %s for a user event that cannot be sent', (code, event) => {
    const { world } = fixture();
    expect(() => broadcaster.route(world, [event])).toThrow(expect.objectContaining({ code }));
  });
});
