import { describe, expect, test } from 'vitest';
import { addressGroup } from './address-group.ts';

describe('addressGroup', () => {
  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ])('%s belongs to %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });

  test('neighbours of one /64 are one, those of the next are not', () => {
    expect(addressGroup('2001:db8:1:2::a')).toBe(addressGroup('2001:db8:1:2:ffff::b'));
    expect(addressGroup('2001:db8:1:2::a')).not.toBe(addressGroup('2001:db8:1:3::a'));
  });

  test.each(['192.0.2.1', 'memory', '', ':', '1:2:3', '1:2:3:4:5:6:7:8:9', '1::2::3:4:5:6:7:8:9'])(
    '%j is its own group, or at least harmless',
    (address) => {
      expect(addressGroup(address)).toBe(address);
    },
  );
});
