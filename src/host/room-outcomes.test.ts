import { describe, expect, test } from 'vitest';
import { LinkStage, note } from '../../test/support/link-stage.ts';
import type { PeerLink } from './peer-link.ts';
import { RoomOutcomes } from './room-outcomes.ts';
import type { Seat } from './seat.ts';

/** Ada and Bob are connected, Eve is away. */
class Room {
  readonly stage = new LinkStage();
  readonly ada = this.#enter('ada');
  readonly bob = this.#enter('bob');
  readonly eve = this.stage.seat('eve');
  readonly seats: Set<Seat> = new Set([this.ada.seat, this.bob.seat, this.eve]);
  readonly overflows: number[] = [];
  readonly outcomes: RoomOutcomes;

  constructor(heldBytesMax = 1_000) {
    const { seats, stage, overflows } = this;
    const { outbox } = stage;
    const onOverflow = (tick: number): unknown => overflows.push(tick);
    this.outcomes = new RoomOutcomes({ seats, outbox, heldBytesMax, onOverflow });
  }

  say(text: string, receiver?: Seat): void {
    this.outcomes.send(note(text), receiver);
  }

  heardBy(link: PeerLink): string {
    return this.stage.wordsTo(link).join(' ');
  }

  #enter(name: string): PeerLink {
    const link = this.stage.link(name);
    link.seat.link = link;
    return link;
  }
}

describe('what a room tells', () => {
  test('reaches everybody in order, and is counted for those who are away', () => {
    const room = new Room();
    room.say('one');
    room.say('two');
    expect([room.heardBy(room.ada), room.heardBy(room.bob)]).toEqual(['one two', 'one two']);
    const { sent, heldBytes } = room.eve.stream;
    expect([sent, heldBytes]).toEqual([2, room.ada.seat.stream.heldBytes]);
  });

  test('one player reaches nobody else', () => {
    const room = new Room();
    room.say('for ada', room.ada.seat);
    room.say('for eve', room.eve);
    expect([room.heardBy(room.ada), room.heardBy(room.bob)]).toEqual(['for ada', '']);
    expect([room.bob.seat.stream.sent, room.eve.stream.sent]).toEqual([0, 1]);
  });

  test('on the sync lane goes to the connected, is not counted and is not held', () => {
    const room = new Room();
    room.outcomes.hold(7);
    const { bytes } = note('newest');
    room.outcomes.tell({ lane: 'sync', bytes, name: 'note' });
    room.outcomes.tell({ lane: 'sync', bytes: note('newer').bytes, name: 'note' }, room.ada.seat);
    room.outcomes.tell({ lane: 'sync', bytes, name: 'note' }, room.eve);
    expect([room.heardBy(room.ada), room.heardBy(room.bob)]).toEqual(['newer', 'newest']);
    expect(room.eve.stream.sent + room.ada.seat.stream.sent).toBe(0);
  });
});

describe('what a room tells while a tick is held', () => {
  test('waits for its release, keeps its order, and is counted only then', () => {
    const room = new Room();
    room.outcomes.hold(7);
    room.say('one');
    room.say('for ada', room.ada.seat);
    room.say('two');
    expect([room.heardBy(room.ada), room.eve.stream.sent]).toEqual(['', 0]);
    room.outcomes.release(7);
    expect(room.heardBy(room.ada)).toBe('one for ada two');
    expect(room.heardBy(room.bob)).toBe('one two');
    expect([room.eve.stream.sent, room.outcomes.heldBytes]).toEqual([2, 0]);
  });

  test('leaves with its own tick or a later one, not with an earlier one', () => {
    const room = new Room();
    for (const tick of [7, 8, 9]) {
      room.outcomes.hold(tick);
      room.say(`of ${tick}`);
    }
    room.outcomes.release(6);
    expect(room.heardBy(room.ada)).toBe('');
    room.outcomes.release(8);
    expect(room.heardBy(room.ada)).toBe('of 7 of 8');
    room.say('behind 9');
    expect(room.heardBy(room.ada)).toBe('of 7 of 8');
    room.outcomes.release(9);
    room.say('at once');
    expect(room.heardBy(room.ada)).toBe('of 7 of 8 of 9 behind 9 at once');
  });

  test('leaves at once again after a tick of which nothing was told', () => {
    const room = new Room();
    room.outcomes.hold(7);
    room.outcomes.release(7);
    room.say('at once');
    expect(room.heardBy(room.ada)).toBe('at once');
  });

  test('is not for one who is told the state as it is meanwhile', () => {
    const room = new Room();
    room.outcomes.hold(7);
    room.say('before');
    room.say('for bob', room.bob.seat);
    room.say('for ada', room.ada.seat);
    expect(room.outcomes.skip(room.ada.seat)).toBe(2);
    room.say('after');
    expect(room.outcomes.skip(room.eve)).toBe(2);
    room.outcomes.release(7);
    expect(room.heardBy(room.ada)).toBe('after');
    expect(room.heardBy(room.bob)).toBe('before for bob after');
    expect(room.eve.stream.sent).toBe(0);
    expect(room.outcomes.skip(room.bob.seat)).toBe(0);
  });

  test('is not for one who has left meanwhile', () => {
    const room = new Room();
    room.outcomes.hold(7);
    room.say('one');
    room.seats.delete(room.eve);
    room.outcomes.release(7);
    expect(room.eve.stream.sent).toBe(0);
  });

  test('waits up to its bound of bytes; what is too much leaves with all before it', () => {
    const size = note('1').bytes.length;
    const room = new Room(3 * size);
    room.outcomes.hold(7);
    room.say('1');
    room.outcomes.hold(8);
    room.say('2');
    room.say('3');
    expect([room.outcomes.heldBytes, room.heardBy(room.ada)]).toEqual([3 * size, '']);
    room.say('4');
    expect([room.outcomes.heldBytes, room.heardBy(room.ada)]).toEqual([0, '1 2 3 4']);
    expect(room.overflows).toEqual([8]);
    room.say('5');
    room.outcomes.hold(9);
    room.say('6');
    expect(room.heardBy(room.ada)).toBe('1 2 3 4 5');
    room.outcomes.release(9);
    expect(room.heardBy(room.ada)).toBe('1 2 3 4 5 6');
  });

  test('stands before what its release makes somebody say', () => {
    const room = new Room();
    const { outbox } = room.stage;
    const sendCounted = outbox.sendCounted.bind(outbox);
    outbox.sendCounted = (seat, payload) => {
      const isFirst = room.ada.seat.stream.sent === 0;
      sendCounted(seat, payload);
      if (isFirst) room.say('answer');
    };
    room.outcomes.hold(7);
    room.say('one');
    room.say('two');
    room.outcomes.release(7);
    expect(room.heardBy(room.ada)).toBe('one two answer');
    expect(room.heardBy(room.bob)).toBe('one two answer');
  });
});
