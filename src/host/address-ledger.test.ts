import { describe, expect, test } from 'vitest';
import { AddressLedger } from './address-ledger.ts';

describe('AddressLedger', () => {
  test('counts per address and forgets an address that holds nothing', () => {
    const ledger = new AddressLedger();
    ledger.add('__proto__');
    ledger.add('__proto__');
    ledger.add('b');
    expect(ledger.countOf('__proto__')).toBe(2);
    ledger.remove('__proto__');
    ledger.remove('b');
    expect(ledger.countOf('__proto__')).toBe(1);
    expect(ledger.countOf('b')).toBe(0);
    expect(ledger.size).toBe(1);
  });
});
