import { describe, expect, test } from 'vitest';
import { proveGuest } from './guests.ts';

const secret = 'ab'.repeat(16);

describe('a guest', () => {
  test('is the same player for the same secret, whatever the name', () => {
    const first = proveGuest({ secret, name: 'Ada' });
    const second = proveGuest({ secret, name: 'Grace' });
    expect(first?.playerId).toBe(second?.playerId);
    expect(second?.data.name).toBe('Grace');
  });

  test('is another player with another secret and the same name', () => {
    const first = proveGuest({ secret, name: 'Ada' });
    const second = proveGuest({ secret: 'cd'.repeat(16), name: 'Ada' });
    expect(first?.playerId).not.toBe(second?.playerId);
  });

  test('has a playerId that shows nothing of the secret', () => {
    expect(proveGuest({ secret, name: 'Ada' })?.playerId).toMatch(/^[0-9a-f]{16}$/);
    expect(secret).not.toContain(proveGuest({ secret, name: 'Ada' })?.playerId);
  });

  test.each([
    undefined,
    null,
    'secret',
    [],
    {},
    { secret: 42 },
    { secret: 'ab'.repeat(15) },
    { secret: 'AB'.repeat(16) },
    { secret: 'ab'.repeat(33) },
    { playerId: 'somebody' },
  ])('is refused with the credentials %j', (credentials) => {
    expect(proveGuest(credentials)).toBeUndefined();
  });
});
