import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';

import { createRemoteAddressOf } from './websocket-remote-address.ts';

function request(remoteAddress: string | undefined, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

const PROXIES = ['10.0.0.0/8', '192.168.1.1', 'fd00::/8'];

test.each([
  ['a claim of somebody who is no proxy', '203.0.113.5', '1.2.3.4', '203.0.113.5'],
  ['no claim', '10.1.2.3', undefined, '10.1.2.3'],
  ['the claim of a proxy', '10.1.2.3', '1.2.3.4', '1.2.3.4'],
  ['a forged claim before the proxy’s', '10.1.2.3', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
  ['a chain of proxies', '10.1.2.3', '1.2.3.4, 192.168.1.1, 10.9.9.9', '1.2.3.4'],
  ['nothing but proxies', '10.1.2.3', '10.4.4.4', '10.4.4.4'],
  ['words', '10.1.2.3', '1.2.3.4, unknown', '10.1.2.3'],
  ['an empty header', '10.1.2.3', '', '10.1.2.3'],
  ['IPv4 in IPv6', '::ffff:10.1.2.3', '1.2.3.4', '1.2.3.4'],
  ['IPv6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ['a neighbour of a proxy', '192.168.1.2', '1.2.3.4', '192.168.1.2'],
])('%s', (_, remoteAddress, forwardedFor, expected) => {
  const remoteAddressOf = createRemoteAddressOf(PROXIES);
  expect(remoteAddressOf(request(remoteAddress, forwardedFor))).toBe(expected);
});

test('a socket that is gone has no address', () => {
  expect(createRemoteAddressOf([])(request(undefined))).toBeUndefined();
});

test('a socket that has none may stand for an address, whose claims count as any other’s', () => {
  const remoteAddressOf = createRemoteAddressOf(PROXIES, () => '10.1.2.3');
  expect(remoteAddressOf(request(undefined))).toBe('10.1.2.3');
  expect(remoteAddressOf(request(undefined, '1.2.3.4'))).toBe('1.2.3.4');
  expect(remoteAddressOf(request('203.0.113.5', '1.2.3.4'))).toBe('203.0.113.5');
});

test('without proxies a claim is only a claim', () => {
  expect(createRemoteAddressOf([])(request('127.0.0.1', '1.2.3.4'))).toBe('127.0.0.1');
});

test.each(['localhost', '', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/x', '::1/129'])(
  '%j is refused as a proxy by name',
  (proxy) => {
    expect(() => createRemoteAddressOf([proxy])).toThrow(`trustedProxies: '${proxy}'`);
  },
);
