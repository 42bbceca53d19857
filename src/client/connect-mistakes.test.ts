import { describe, expect, test } from 'vitest';
import { findFreePort } from '../../test/support/free-port.ts';
import { connect } from './index.node.ts';
import type { ConnectOptions } from './index.node.ts';

const RIGHT = { url: 'ws://127.0.0.1:1', credentials: {} };

describe('connect', () => {
  test('a server that does not run is named with what the platform said', async () => {
    const url = `ws://127.0.0.1:${await findFreePort()}`;
    const problem = connect({ url, credentials: {} });
    await expect(problem).rejects.toMatchObject({ code: 'connection-failed', retryable: true });
    await expect(problem).rejects.toThrow(new RegExp(`${url}.*ECONNREFUSED`));
  });

  test.each([
    [{ ...RIGHT, credential: {} }, /^credential: is not an option/],
    [{ url: RIGHT.url }, /^credentials: are missing/],
    [{ ...RIGHT, interpolationDelay: 5 }, /^interpolationDelay: is not an option/],
    [{ ...RIGHT, url: 'ws://127.0.0.1:notaport' }, /^url: is no URL/],
    [{ ...RIGHT, url: 'http://127.0.0.1' }, /^url: must begin with ws/],
  ])('the mistake in %j is named', async (options, words) => {
    const problem = connect(options as unknown as ConnectOptions);
    await expect(problem).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(problem).rejects.toThrow(words);
  });
});
