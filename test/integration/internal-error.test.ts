import { describe, expect, test } from 'vitest';
import type { RandomSource } from '../../src/base/random-source.ts';
import { openMemory } from '../support/open-setting.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

const BOOM = new Error('boom');

/** Draws `times` times, then never again: stands for a bug of our own at that place. */
class FailingRandom implements RandomSource {
  #left: number;
  readonly #random = new SeededRandom(7);

  constructor(times: number) {
    this.#left = times;
  }

  fillBytes(target: Uint8Array): void {
    this.#left -= 1;
    if (this.#left < 0) throw BOOM;
    this.#random.fillBytes(target);
  }
}

/** Bob is the second to connect; only his nonces fail, after so many. */
function failingNonces(times: number) {
  let peers = 0;
  return (purpose: string): RandomSource => {
    if (!purpose.startsWith('nonce:')) return new SeededRandom(3).fork(purpose);
    peers += 1;
    return peers === 2 ? new FailingRandom(times) : new SeededRandom(peers);
  };
}

describe('a bug of our own', () => {
  test.each([
    ['in what follows a login', 0],
    ['in the pass of a tick', 1],
  ])('%s ends that one session with internal-error', async (_, nonces) => {
    const errors: unknown[] = [];
    const setting = await openMemory({
      randomStreams: failingNonces(nonces),
      onError: (error) => errors.push(error),
    });
    const { host } = setting.runtime;
    const eve = await setting.loginRaw('eve');
    const bob = await setting.connectRaw();
    bob.login({ playerId: 'bob' });
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.last('close')).toMatchObject({ code: 'internal-error', retryable: false });
    expect(errors).toEqual([BOOM]);
    expect(host.counters).toMatchObject({ internalErrors: 1, userErrors: 0, worldsFailed: 0 });
    const seen = eve.serverTick;
    await setting.passMs(500);
    expect(eve.serverTick).toBeGreaterThan(seen + 5);
    expect(host.sessions.size).toBe(1);
  });

  test('on arrival of a message ends that one session with internal-error', async () => {
    const errors: unknown[] = [];
    const setting = await openMemory({
      messages: {
        ...SPEC_CONFIG.messages,
        get(name) {
          if (name === 'boom') throw BOOM;
          return SPEC_CONFIG.messages.get(name);
        },
      },
      onError: (error) => errors.push(error),
    });
    const eve = await setting.loginRaw('eve');
    const bob = await setting.loginRaw('bob');
    bob.send({ kind: 'user-message', name: 'boom', payload: '' });
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.closeCode).toBe('internal-error');
    expect(errors).toEqual([BOOM]);
    await setting.passMs(500);
    expect(eve.isClosed).toBe(false);
    expect(setting.runtime.host.sessions.size).toBe(1);
  });
});
