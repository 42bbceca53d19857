import { describe, expect, test } from 'vitest';
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import { SessionIndex } from './session-index.ts';
import { SessionNumbers } from './session-numbers.ts';
import { DEFAULT_SESSION_POLICY } from './session-policy.ts';
import { SessionRecord } from './session-record.ts';

function createRecord(index: SessionIndex<string>, peer: string): SessionRecord<string> {
  const numbers = new SessionNumbers();
  const context = { policy: DEFAULT_SESSION_POLICY, numbers, livenessFloor: -Infinity };
  const record = new SessionRecord<string>({
    context,
    ...index.takePlace(),
    sessionId: `of ${peer}` as SessionId,
    peerId: peer as PeerId,
    lifecycle: createLifecycle({ side: 'server', policy: DEFAULT_SESSION_POLICY, at: 0 }),
  });
  record.prove({ playerId: `player ${peer}` as PlayerId, worldId: 'w' as WorldId, data: peer });
  index.add(record);
  index.addPlayer(record);
  return record;
}

describe('SessionIndex', () => {
  test('slots are used again, creation numbers are not', () => {
    const index = new SessionIndex<string>();
    const [anna, bert] = [createRecord(index, 'anna'), createRecord(index, 'bert')];
    index.remove(anna);
    const carl = createRecord(index, 'carl');
    expect([anna.slot, bert.slot, carl.slot]).toEqual([0, 1, 0]);
    expect([anna.creation, bert.creation, carl.creation]).toEqual([1, 2, 3]);
    expect(index.getBySlot(0)).toBe(carl);
  });

  test('a removed record is found nowhere', () => {
    const index = new SessionIndex<string>();
    const anna = createRecord(index, 'anna');
    index.remove(anna);
    expect(index.get(anna.peerId)).toBeUndefined();
    expect(index.getByPlayer(anna.playerId!)).toBeUndefined();
    expect(index.getBySlot(anna.slot)).toBeUndefined();
    expect([...index.values(), index.size]).toEqual([0]);
  });

  test('removing a record leaves another one alone that is found by the same ids', () => {
    const index = new SessionIndex<string>();
    const first = createRecord(index, 'anna');
    const second = createRecord(index, 'anna');
    index.remove(first);
    expect(index.get(second.peerId)).toBe(second);
    expect(index.getByPlayer(second.playerId!)).toBe(second);
  });

  test('a successor stands where the older record stood', () => {
    const index = new SessionIndex<string>();
    const anna = createRecord(index, 'anna');
    const bert = createRecord(index, 'bert');
    const successor = anna.passOn('laptop' as PeerId, { cause: 'taken-over', now: 5 });
    successor.prove({ playerId: anna.playerId!, worldId: anna.worldId!, data: 'new' });
    index.replace(anna, successor);
    expect([...index.values()]).toEqual([successor, bert]);
    expect(index.get(anna.peerId)).toBeUndefined();
    expect(index.get('laptop' as PeerId)).toBe(successor);
    expect(index.getByPlayer(anna.playerId!)).toBe(successor);
    expect(index.getBySlot(anna.slot)).toBe(successor);
    expect(index.size).toBe(2);
  });
});
