import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type { StoredTokens } from '../store/session-record.ts';
import { nodeHashToken } from './node-platform.ts';
import {
  NO_TOKENS,
  replaceTokens,
  ResumeTokens,
  rotateTokens,
  settleTokens,
} from './resume-tokens.ts';

const SESSION = 'session' as SessionId;

function createTokens(): ResumeTokens {
  let seed = 0;
  const randomStreams = () => new SeededRandom((seed += 1));
  return new ResumeTokens({ randomStreams, hashToken: nodeHashToken });
}

function hash(text: string): Uint8Array {
  return nodeHashToken(text);
}

function first(text: string): StoredTokens {
  return replaceTokens(NO_TOKENS, hash(text));
}

/** What each of these texts is to a session with such tokens. */
function kindsOf(tokens: StoredTokens, texts: readonly string[]): string[] {
  const all = createTokens();
  all.set(SESSION, tokens);
  return texts.map((text) => all.judge(SESSION, all.hashOf(text)));
}

describe('a new token', () => {
  test('is 128 bits of the stream that is its connection’s own, as 22 characters', () => {
    const purposes: string[] = [];
    const randomStreams = (purpose: string) => {
      purposes.push(purpose);
      return new SeededRandom(1);
    };
    const tokens = new ResumeTokens({ randomStreams, hashToken: nodeHashToken });
    const { text } = tokens.draw('peer' as PeerId);
    expect(text).toMatch(/^[\w-]{22}$/);
    expect(purposes).toEqual(['resume-token:peer']);
  });

  test('is known by its SHA-256 alone', () => {
    const { text, hash: kept } = createTokens().draw('peer' as PeerId);
    expect(kept).toEqual(hash(text));
    expect(kept).toHaveLength(32);
  });
});

describe('a token', () => {
  test('of a session that there is not is unknown, and so is one of another session', () => {
    const tokens = createTokens();
    tokens.set('other' as SessionId, first('mine'));
    expect(tokens.judge(SESSION, tokens.hashOf('mine'))).toBe('unknown');
    expect(tokens.judge('other' as SessionId, tokens.hashOf('mine'))).toBe('current');
    expect(tokens.judge('other' as SessionId, tokens.hashOf(''))).toBe('unknown');
  });

  test('is forgotten with its session', () => {
    const tokens = createTokens();
    tokens.set(SESSION, first('a'));
    tokens.forget(SESSION);
    expect(tokens.judge(SESSION, tokens.hashOf('a'))).toBe('unknown');
    expect(tokens.size).toBe(0);
  });

  test('differs in any one bit and is another', () => {
    const tokens = new ResumeTokens({
      randomStreams: () => new SeededRandom(1),
      hashToken: (text) => new TextEncoder().encode(text),
    });
    tokens.set(SESSION, { ...NO_TOKENS, current: new TextEncoder().encode('abcd') });
    for (const other of ['`bcd', 'abce', 'abc', 'abcde', 'bbcd']) {
      expect(tokens.judge(SESSION, tokens.hashOf(other))).toBe('unknown');
    }
    expect(tokens.judge(SESSION, tokens.hashOf('abcd'))).toBe('current');
  });
});

describe('the life of a token', () => {
  test('it is current, then previous, then spent', () => {
    const begun = first('a');
    const resumed = rotateTokens(begun, 'current', hash('b'));
    expect(kindsOf(resumed, ['a', 'b'])).toEqual(['previous', 'current']);
    const spoken = settleTokens(resumed);
    expect(kindsOf(spoken, ['a', 'b'])).toEqual(['spent', 'current']);
  });

  test('the previous one is used again and kills the one that never arrived', () => {
    const resumed = rotateTokens(first('a'), 'current', hash('lost'));
    const again = rotateTokens(resumed, 'previous', hash('c'));
    expect(kindsOf(again, ['a', 'lost', 'c'])).toEqual(['previous', 'spent', 'current']);
  });

  test('two resumes without a word in between spend the token before both', () => {
    const twice = rotateTokens(
      rotateTokens(first('a'), 'current', hash('b')),
      'current',
      hash('c'),
    );
    expect(kindsOf(twice, ['a', 'b', 'c'])).toEqual(['spent', 'previous', 'current']);
  });

  test('a login voids it: who never showed it shows nothing that was used before', () => {
    const resumed = rotateTokens(first('a'), 'current', hash('b'));
    const replaced = replaceTokens(resumed, hash('c'));
    expect(kindsOf(replaced, ['a', 'b', 'c'])).toEqual(['spent', 'unknown', 'current']);
  });

  test.each([
    [15, 'spent'],
    [16, 'spent'],
    [17, 'unknown'],
  ])('after %i resumes it is %s', (more, kind) => {
    let tokens = first('t0');
    for (let turn = 1; turn <= more; turn += 1) {
      tokens = settleTokens(rotateTokens(tokens, 'current', hash(`t${turn}`)));
    }
    expect(tokens.spent).toHaveLength(Math.min(16, more));
    expect(kindsOf(tokens, ['t0'])).toEqual([kind]);
  });

  test('nothing of before is changed by a turn', () => {
    const begun = Object.freeze(first('a'));
    Object.freeze(begun.spent);
    settleTokens(rotateTokens(begun, 'current', hash('b')));
    expect(kindsOf(begun, ['a', 'b'])).toEqual(['current', 'unknown']);
  });
});
