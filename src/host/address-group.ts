/**
 * Which remote addresses count as one for limits. One customer gets a whole IPv6 /64, so all of it
 * is one; an IPv4 address is itself. In: an address as a transport tells it. Out: the key.
 * Source for /64 as the unit of one subscriber's link: RFC 6177, "IPv6 Address Assignment to End
 * Sites", 2011, https://www.rfc-editor.org/rfc/rfc6177.
 */

const GROUPS = 8;
const GROUPS_OF_PREFIX = 4;

/** Text that is no IPv6 address, such as a test's own name for a peer, is its own group. */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const [plain = ''] = address.toLowerCase().split('%', 1);
  const [head = '', tail, ...more] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = GROUPS - before.length - after.length;
  const isWhole = tail === undefined ? missing === 0 : missing >= 0;
  if (!isWhole || more.length > 0) return address;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  const prefix = groups.slice(0, GROUPS_OF_PREFIX).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${prefix.join(':')}::/64`;
}
