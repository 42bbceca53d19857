/**
 * Who is at the other end of an HTTP request, when there may be proxies between.
 * In: the configured proxies, a request. Out: an address for limits and logs. `x-forwarded-for` is
 * read from the right and only as far as configured proxies wrote it: the rest is a client's claim.
 */
import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { HoldfastError } from '../protocol/holdfast-error.ts';

const MAPPED_IPV4_PREFIX = '::ffff:';

/** `undefined` = the socket is gone already. */
export type RemoteAddressOf = (request: IncomingMessage) => string | undefined;

/**
 * `trustedProxies` are addresses or subnets (`10.0.0.0/8`); throws `invalid-configuration` for
 * anything else. `addressOfNameless` stands for a socket without one: it is gone, or no TCP.
 */
export function createRemoteAddressOf(
  trustedProxies: readonly string[],
  addressOfNameless: () => string | undefined = () => undefined,
): RemoteAddressOf {
  const proxies = new BlockList();
  for (const proxy of trustedProxies) addProxy(proxies, proxy);
  const isTrusted = (address: string): boolean => proxies.check(address, familyOf(address));
  return (request) => {
    const remoteAddress = request.socket.remoteAddress ?? addressOfNameless();
    if (remoteAddress === undefined) return undefined;
    let address = plainAddress(remoteAddress);
    const claims = String(request.headers['x-forwarded-for'] ?? '').split(',');
    while (isTrusted(address)) {
      const claim = plainAddress(claims.pop()?.trim() ?? '');
      if (isIP(claim) === 0) break;
      address = claim;
    }
    return address;
  };
}

function addProxy(proxies: BlockList, proxy: string): void {
  const [address = '', prefix, ...rest] = proxy.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const prefixBits = prefix === undefined ? bits : Number(prefix || Number.NaN);
  const isValid =
    isIP(address) !== 0 &&
    rest.length === 0 &&
    Number.isInteger(prefixBits) &&
    prefixBits >= 0 &&
    prefixBits <= bits;
  if (!isValid) {
    const problem = `trustedProxies: '${proxy}' is neither an address nor a subnet`;
    throw new HoldfastError('invalid-configuration', problem);
  }
  proxies.addSubnet(address, prefixBits, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An IPv4 address that a dual-stack socket reports as IPv6 is the IPv4 address. */
function plainAddress(address: string): string {
  const isMapped = address.startsWith(MAPPED_IPV4_PREFIX) && address.includes('.');
  return isMapped ? address.slice(MAPPED_IPV4_PREFIX.length) : address;
}
