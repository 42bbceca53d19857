import { describe, expect, test } from 'vitest';
import type { Authenticate } from './authentication.ts';
import { refusalFor, refuse, tryAuthenticate } from './authentication.ts';

const REQUEST = { address: 'test', origin: undefined, signal: new AbortController().signal };

function run(authenticate: Authenticate, credentials = '{}') {
  return tryAuthenticate(authenticate, credentials, REQUEST);
}

describe('tryAuthenticate', () => {
  test('passes the parsed credentials on and brands the ids', async () => {
    const outcome = await run(
      (given) => ({ playerId: 'ada', worldId: 'w', data: given }),
      '{"a":1}',
    );
    expect(outcome).toEqual({
      ok: true,
      value: { playerId: 'ada', worldId: 'w', data: { a: 1 } },
    });
  });

  test('puts a player without a world into `main`', async () => {
    const outcome = await run(() => ({ playerId: 'ada' }));
    expect(outcome.ok && outcome.value.worldId).toBe('main');
  });

  test('credentials that are no JSON are malformed and the hook is not asked', async () => {
    let isAsked = false;
    const outcome = await run(() => {
      isAsked = true;
      return { playerId: 'ada' };
    }, '{nope');
    expect(outcome).toMatchObject({ error: { refusal: { code: 'malformed-credentials' } } });
    expect(isAsked).toBe(false);
  });

  test('a refusal keeps its code, retryable, delay and words', async () => {
    const answer = refuse('banned', { message: 'until Monday', retryAfterMs: 60_000 });
    const outcome = await run(async () => answer);
    expect(outcome).toEqual({
      ok: false,
      error: {
        refusal: {
          code: 'banned',
          retryable: false,
          retryAfterMs: 60_000,
          message: 'until Monday',
        },
      },
    });
  });

  test('a refusal that is thrown is a refusal', async () => {
    const outcome = await run(() => {
      throw refuse('banned');
    });
    expect(outcome).toEqual({ ok: false, error: { refusal: refusalFor('banned') } });
  });

  test('a refusal that another copy of the package made is a refusal', async () => {
    const foreign = { refusal: refusalFor('banned') };
    Object.defineProperty(foreign, Symbol.for('holdfast.refused-login'), { value: true });
    const outcome = await run(() => foreign);
    expect(outcome).toMatchObject({ error: { refusal: { code: 'banned' } } });
  });

  test('an ill-formed code is named for the operator', async () => {
    const outcome = await run(() => refuse('Bad Code!'));
    expect(outcome).toMatchObject({
      error: {
        refusal: { code: 'authenticate-failed', message: '' },
        hookError: { message: 'refuse("Bad Code!"): a code is kebab-case, at most 64 characters' },
      },
    });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('secret detail');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret detail'))],
  ])('a hook that %s is `authenticate-failed`, its error stays here', async (_, hook) => {
    const outcome = await run(hook);
    expect(outcome).toMatchObject({
      error: { refusal: { code: 'authenticate-failed', retryable: true, message: '' } },
    });
    expect(!outcome.ok && outcome.error.hookError).toBeInstanceOf(Error);
  });

  test.each([
    undefined,
    null,
    'ada',
    {},
    { playerId: 7 },
    { playerId: '' },
    { playerId: 'x'.repeat(65) },
    { playerId: 'ada', worldId: '' },
    { playerId: 'ada', worldId: 'x'.repeat(65) },
  ])('the nonsense answer %j is `authenticate-failed`', async (answer) => {
    const outcome = await run((() => answer) as unknown as Authenticate);
    expect(outcome).toMatchObject({ error: { refusal: { code: 'authenticate-failed' } } });
  });

  test('an id of exactly 64 characters is taken', async () => {
    const outcome = await run(() => ({ playerId: 'x'.repeat(64), worldId: 'y'.repeat(64) }));
    expect(outcome.ok).toBe(true);
  });
});

describe('refusalFor', () => {
  test('takes no code for an ill-formed one', () => {
    const code = undefined as unknown as string;
    expect(refusalFor(code)).toMatchObject({ code: 'authenticate-failed', retryable: true });
  });

  test('one of our codes brings its own `retryable`', () => {
    expect(refusalFor('world-full').retryable).toBe(true);
    expect(refusalFor('bad-credentials').retryable).toBe(false);
  });

  test.each(['', 'Has Blanks', 'x'.repeat(65), '__proto__'])(
    'the ill-formed code %j becomes `authenticate-failed`',
    (code) => {
      expect(refusalFor(code).code).toBe('authenticate-failed');
    },
  );

  test('a delay that is no number is none', () => {
    expect(refusalFor('busy', { retryAfterMs: Number.NaN }).retryAfterMs).toBe(0);
    expect(refusalFor('busy', { retryAfterMs: -5 }).retryAfterMs).toBe(0);
  });
});
