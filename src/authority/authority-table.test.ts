import { describe, expect, test } from 'vitest';
import { AuthorityTable } from './authority-table.ts';
import type { Authority } from './authority.ts';
import { ACCEPTED } from './verdict.ts';

function rule(parts: Readonly<Record<string, unknown>> = {}): Authority {
  const whole: Authority = {
    name: 'rule',
    inputKinds: [],
    snapshotFields: [],
    addPlayer: () => undefined,
    removePlayer: () => undefined,
    suspendPlayer: () => undefined,
    resumePlayer: () => undefined,
    handleInput: () => ACCEPTED,
    step: () => [],
    readSnapshot: () => undefined,
  };
  return { ...whole, ...parts };
}

/** As a game without types would make it. */
function tableOf(authorities: unknown): AuthorityTable {
  return new AuthorityTable(authorities as readonly Authority[]);
}

describe('an authority table', () => {
  test('takes a list of authorities, an empty one too', () => {
    expect(tableOf([]).authorities).toEqual([]);
    expect(tableOf([rule(), rule({ name: 'other' })]).authorities).toHaveLength(2);
  });

  test.each([
    [undefined, 'must return a list of authorities'],
    [rule(), 'must return a list of authorities'],
    [Promise.resolve([rule()]), 'must return a list of authorities, not a promise'],
    [[undefined], 'the authority at index 0 has no name'],
    [[rule(), rule({ name: '' })], 'the authority at index 1 has no name'],
    [[rule({ step: undefined })], "the authority 'rule' has no step()"],
    [[rule({ resumePlayer: true })], "the authority 'rule' has no resumePlayer()"],
    [[rule({ inputKinds: 'dash' })], "inputKinds of the authority 'rule' must be a list"],
    [
      [rule({ snapshotFields: undefined })],
      "snapshotFields of the authority 'rule' must be a list",
    ],
    [
      [rule({ checkpoint: () => new Uint8Array(0) })],
      "the authority 'rule' must have checkpoint() and restore(), or neither",
    ],
    [
      [rule({ checkpoint: () => new Uint8Array(0), restore: true })],
      "the authority 'rule' must have checkpoint() and restore(), or neither",
    ],
    [
      [rule({ restore: () => undefined })],
      "the authority 'rule' must have checkpoint() and restore(), or neither",
    ],
    [[rule(), rule()], "two authorities of one world have the name 'rule'"],
  ])('refuses %o', (authorities, message) => {
    expect(() => tableOf(authorities)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: `createAuthorities: ${message}`,
      }),
    );
  });
});
