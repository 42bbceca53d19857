import { describe, expect, it } from 'vitest';
import { idOf } from '../../test/support/world-fixture.ts';
import { DamageLedger } from './damage-ledger.ts';

const [ann, bob, cid] = ['ann', 'bob', 'cid'].map(idOf) as [
  ReturnType<typeof idOf>,
  ReturnType<typeof idOf>,
  ReturnType<typeof idOf>,
];

describe('DamageLedger', () => {
  it('adds up and names who did most', () => {
    const ledger = new DamageLedger();
    ledger.add(ann, cid, 30);
    ledger.add(bob, cid, 20);
    ledger.add(bob, cid, 20);
    expect(ledger.settle()).toEqual([{ targetId: cid, amount: 70, mostBy: bob }]);
  });

  it('names the lower id of equals, whoever was first', () => {
    for (const order of [
      [ann, bob],
      [bob, ann],
    ]) {
      const ledger = new DamageLedger();
      for (const shooter of order) ledger.add(shooter, cid, 25);
      expect(ledger.settle()).toEqual([{ targetId: cid, amount: 50, mostBy: ann }]);
    }
  });

  it('is empty after it was settled', () => {
    const ledger = new DamageLedger();
    ledger.add(ann, bob, 1);
    ledger.settle();
    expect(ledger.settle()).toEqual([]);
  });
});
