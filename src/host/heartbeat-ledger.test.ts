import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { HeartbeatLedger } from './heartbeat-ledger.ts';

describe('HeartbeatLedger', () => {
  test('a nonce settles once, with the time of its sending', () => {
    const ledger = new HeartbeatLedger(new SeededRandom(1));
    const nonce = ledger.issue(123);
    expect(nonce).toMatch(/^[0-9a-f]{16}$/);
    expect(ledger.settle(nonce)).toBe(123);
    expect(ledger.settle(nonce)).toBeUndefined();
  });

  test('an unknown nonce settles nothing', () => {
    const ledger = new HeartbeatLedger(new SeededRandom(1));
    ledger.issue(1);
    expect(ledger.settle('__proto__')).toBeUndefined();
  });

  test('the seventeenth pushes the oldest out', () => {
    const ledger = new HeartbeatLedger(new SeededRandom(1));
    const nonces = Array.from({ length: 17 }, (_, index) => ledger.issue(index));
    expect(ledger.settle(nonces[0]!)).toBeUndefined();
    expect(ledger.settle(nonces[1]!)).toBe(1);
    expect(ledger.settle(nonces[16]!)).toBe(16);
  });
});
