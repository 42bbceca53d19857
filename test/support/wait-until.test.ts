import { expect, test } from 'vitest';

import { waitUntil } from './wait-until.ts';

test('waitUntil returns the first answer that is neither false nor undefined', async () => {
  const answers = [false, undefined, 0];
  expect(await waitUntil(() => answers.shift(), { what: 'an answer' })).toBe(0);
  expect(await waitUntil(async () => 'late', { what: 'an answer' })).toBe('late');
});

test('a wait that is never over fails and names what for', async () => {
  const waiting = waitUntil(() => false, { what: 'the moon', timeoutMs: 20 });
  await expect(waiting).rejects.toThrow('waited 20 ms for the moon');
});

test('an error of the question ends the wait', async () => {
  const ask = (): false => {
    throw new Error('planted');
  };
  await expect(waitUntil(ask, { what: 'an answer' })).rejects.toThrow('planted');
});
