import { expect, test } from 'vitest';
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { ServerProcess } from '../support/server-process.ts';

test('who comes back to a world that could not be kept is told, also after an orderly stop', async () => {
  const store = new MemoryStore();
  const first = await ServerProcess.start(store);
  const ada = await first.login('ada');
  await first.passMs(500);
  await first.stop('keep');
  const { serverTick } = ada;
  expect(serverTick).toBeGreaterThan(5);

  // The next version of the game has other rules.
  const createAuthorities = (...args: Parameters<ReturnType<typeof createDefaultAuthorities>>) =>
    createDefaultAuthorities()(...args).slice(0, 1);
  const second = await ServerProcess.start(store, { createAuthorities });
  expect(second.noticesOf('world-not-restored')).toHaveLength(1);
  const back = await second.resume(ada);
  const kinds = back.received.map(({ kind }) => kind);
  expect(kinds.slice(0, 3)).toEqual(['login-accepted', 'resynced', 'roster']);
  expect(back.first('resynced')).toMatchObject({ fromTick: 0, ticksLost: serverTick });
  expect(back.first('login-accepted')).toMatchObject({ isResumed: true });
  await second.passMs(100);
  const entity = ada.first('login-accepted')?.entity;
  expect(back.first('login-accepted')?.entity).toBe(entity);
  expect(back.entityOf('ada')).toBe(entity);
  await second.stop();
});
