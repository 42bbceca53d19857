import { beforeEach, describe, expect, test } from 'vitest';
import { FakeStorage } from '../../../../test/support/fake-page.ts';
import { PageLog } from './page-log.ts';

let storage: FakeStorage;
let now: number;

beforeEach(() => {
  storage = new FakeStorage();
  now = 1_000;
});

function openPage(): PageLog {
  return new PageLog({ storage, now: () => now });
}

describe('the log of a page', () => {
  test('has what was seen, oldest first, each with its instant', () => {
    const log = openPage();
    log.add({ to: 'logged-in', cause: 'login-succeeded', epoch: 1 });
    now = 2_000;
    log.add({ to: 'reconnecting', cause: 'transport-lost', epoch: 1 });
    expect(log.moves.map(({ at, to }) => [at, to])).toEqual([
      [1_000, 'logged-in'],
      [2_000, 'reconnecting'],
    ]);
  });

  test('goes on after a reload', () => {
    openPage().add({ to: 'no-page', cause: 'page-left', epoch: 1 });
    const log = openPage();
    log.add({ to: 'logged-in', cause: 'resumed', epoch: 2, note: 'nothing lost' });
    expect(openPage().moves).toEqual(log.moves);
    expect(log.moves.map(({ to }) => to)).toEqual(['no-page', 'logged-in']);
  });

  test('keeps the newest forty moves', () => {
    const log = openPage();
    for (let epoch = 1; epoch <= 41; epoch += 1) {
      log.add({ to: 'logged-in', cause: 'resumed', epoch });
    }
    expect(log.moves).toHaveLength(40);
    expect([log.moves[0]?.epoch, log.moves.at(-1)?.epoch]).toEqual([2, 41]);
  });

  test('forgets everything when it is cleared, for the next page too', () => {
    const log = openPage();
    log.add({ to: 'logged-in', cause: 'login-succeeded', epoch: 1 });
    log.clear();
    expect(log.moves).toEqual([]);
    expect(openPage().moves).toEqual([]);
  });

  test.each(['nonsense', '{"a":1}'])('begins empty when something else was kept: %s', (text) => {
    storage.setItem('arena.log', text);
    expect(openPage().moves).toEqual([]);
  });
});
