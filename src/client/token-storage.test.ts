/** The ticket that a page keeps for the next one. */
import { describe, expect, test } from 'vitest';

import { FakeStorage } from '../../test/support/fake-page.ts';
import type { SessionId } from '../protocol/ids.ts';
import { TicketDrawer } from './token-storage.ts';

const ADDRESS = 'wss://game.example/play';
const KEY = `holdfast:${ADDRESS}`;
const LOGIN = new Uint8Array([1, 2, 3]);
const TICKET = { sessionId: 'session-1' as SessionId, token: 'AbC-_19' };

function createDrawer(storage: FakeStorage | undefined, login = LOGIN): TicketDrawer {
  return new TicketDrawer({ storage, url: ADDRESS, login });
}

describe('a ticket', () => {
  test('is found again by the next page with the same url and login', () => {
    const storage = new FakeStorage();
    createDrawer(storage).write(TICKET);
    expect([...storage.items.keys()]).toEqual([KEY]);
    expect(createDrawer(storage).read()).toEqual(TICKET);
  });

  test('of another login is not found', () => {
    const storage = new FakeStorage();
    createDrawer(storage).write(TICKET);
    expect(createDrawer(storage, new Uint8Array([1, 2, 4])).read()).toBeUndefined();
    expect(storage.items.size).toBe(1);
  });

  test('is removed by its token, not when another has taken its place', () => {
    const storage = new FakeStorage();
    const drawer = createDrawer(storage);
    drawer.write({ ...TICKET, token: 'newer' });
    drawer.remove(TICKET);
    expect(drawer.read()?.token).toBe('newer');
    drawer.remove({ ...TICKET, token: 'newer' });
    expect(storage.items.size).toBe(0);
  });
});

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a number', '7'],
  ['an empty token', '{"sessionId":"session-1","token":"","login":1}'],
  ['no token', '{"sessionId":"session-1","login":1}'],
  ['a token of other characters', '{"sessionId":"session-1","token":"a b","login":1}'],
  ['a token that is too long', JSON.stringify({ ...TICKET, token: 'a'.repeat(65), login: 1 })],
  ['no session', '{"token":"abc","login":1}'],
  ['an empty session', '{"sessionId":"","token":"abc","login":1}'],
])('%s in the storage is no ticket', (_what, text) => {
  const storage = new FakeStorage();
  // The checksum of this login, so that the rest alone is wrong.
  createDrawer(storage).write(TICKET);
  const { login } = JSON.parse(storage.items.get(KEY) ?? '') as { login: number };
  storage.items.set(KEY, text.replace('"login":1', `"login":${login}`));
  expect(createDrawer(storage).read()).toBeUndefined();
  expect(() => createDrawer(storage).remove(TICKET)).not.toThrow();
});

test('a storage that throws keeps nothing, and nobody hears of it', () => {
  const storage = new FakeStorage();
  storage.isForbidden = true;
  const drawer = createDrawer(storage);
  drawer.write(TICKET);
  drawer.remove(TICKET);
  expect(drawer.read()).toBeUndefined();
});

test('without a storage nothing is kept', () => {
  const drawer = createDrawer(undefined);
  drawer.write(TICKET);
  expect([drawer.isKeeping, drawer.read()]).toEqual([false, undefined]);
});
