import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import type { Authority } from '../../src/authority/authority.ts';
import { ACCEPTED } from '../../src/authority/verdict.ts';
import { nodeHashToken } from '../../src/host/node-platform.ts';
import {
  beginResume,
  DURABLE_POLICY,
  letItSettle,
  openDurable,
  seatBob,
  SLOW_MS,
} from '../support/durable-stage.ts';
import { moveInput } from '../support/world-fixture.ts';

/** A rule that ends its world when told to. */
function createBomb(fuse: { readonly isLit: boolean }): Authority {
  const ignore = (): void => undefined;
  return {
    name: 'bomb',
    inputKinds: [],
    snapshotFields: [],
    addPlayer: ignore,
    removePlayer: ignore,
    suspendPlayer: ignore,
    resumePlayer: ignore,
    handleInput: () => ACCEPTED,
    readSnapshot: ignore,
    step: () => {
      if (fuse.isLit) throw new Error('boom');
      return [];
    },
  };
}

describe('with a store', () => {
  test('nobody is told to be logged in before the record is durable', async () => {
    const stage = await openDurable();
    const { setting, disk } = stage;
    disk.fate = { delayMs: SLOW_MS };
    const peer = await setting.connectRaw();
    const kept: unknown[] = [];
    peer.onMessage = ({ kind }) => {
      if (kind === 'login-accepted') kept.push(...disk.store.capture().read().sessions);
    };
    peer.login({ playerId: 'bob' });
    await setting.passMs(SLOW_MS - 20);
    expect(peer.received).toEqual([]);
    await stage.answerOf(peer);
    expect(kept).toHaveLength(1);
    expect(await disk.sessionOf('bob')).toMatchObject({
      epoch: 1,
      worldId: 'field',
      entity: peer.first('login-accepted')?.entity,
      data: { name: 'bob' },
      tokens: { previous: undefined, spent: [] },
    });
    await letItSettle(stage);
  });

  test('a resume is durable before its answer, with the hash of its token', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const newcomer = await beginResume(stage, bob);
    expect(bob.isClosed).toBe(false);
    const answer = await stage.answerOf(newcomer);
    expect(answer).toMatchObject({ kind: 'login-accepted', epoch: 2, isResumed: true });
    const { tokens, epoch } = (await stage.disk.sessionOf('bob'))!;
    expect(epoch).toBe(2);
    expect(tokens.current).toEqual(nodeHashToken((answer as { resumeToken: string }).resumeToken));
    expect(tokens.previous).toEqual(nodeHashToken(bob.last('login-accepted')!.resumeToken));
    await letItSettle(stage);
    // The newcomer has spoken: the disk knows that the token before is spent.
    expect((await stage.disk.sessionOf('bob'))?.tokens).toMatchObject({
      previous: undefined,
      spent: [nodeHashToken(bob.last('login-accepted')!.resumeToken)],
    });
  });

  test('no token is on the disk, in a notice, an event or a history', async () => {
    const stage = await openDurable();
    const { host, disk, setting, notices } = stage;
    const events: unknown[] = [];
    host.sessions.subscribe(({ session, ...rest }) => events.push({ ...rest, of: session.data }));
    const first = await seatBob(stage);
    const second = await stage.comeBack(first);
    await setting.passMs(200);
    await stage.answerOf(await stage.resume(first));
    const { sessionId } = stage.sessionOf('bob');
    const said = [notices, events, host.sessions.timeline(sessionId), host.counters];
    const disks = disk.store
      .capture()
      .read()
      .sessions.map((bytes) => Buffer.from(bytes));
    expect(notices).toHaveLength(1);
    expect(disks).toHaveLength(1);
    for (const peer of [first, second]) {
      const { resumeToken } = peer.last('login-accepted')!;
      expect(JSON.stringify(said)).not.toContain(resumeToken);
      for (const bytes of disks) expect(bytes.includes(resumeToken)).toBe(false);
    }
  });

  test('the world of a first login stays open until it is written', async () => {
    const stage = await openDurable();
    const { setting, disk, host } = stage;
    disk.fate = { delayMs: 3 * SLOW_MS };
    const peer = await setting.connectRaw();
    peer.login({ playerId: 'bob' });
    await setting.passMs(SLOW_MS);
    expect(host.worldCount).toBe(1);
    expect(await stage.answerOf(peer)).toMatchObject({ kind: 'login-accepted' });
    peer.send({ kind: 'leave' });
    await letItSettle(stage);
    expect(host.worldCount).toBe(0);
    expect(await disk.sessions()).toEqual([]);
  });

  test('data that is no plain JSON lets nobody in, and is the operator’s to hear of', async () => {
    const errors: { readonly error: unknown; readonly where: string }[] = [];
    const stage = await openDurable({
      authenticate: () => ({ playerId: 'bob', data: { name: (() => 1) as never } }),
      onError: (error, where) => errors.push({ error, where }),
    });
    const peer = await stage.setting.connectRaw();
    peer.login({});
    expect(await stage.answerOf(peer)).toMatchObject({
      code: 'authenticate-failed',
      retryable: false,
    });
    const message = 'session.data.name is of type function; a store keeps plain JSON';
    expect(errors).toMatchObject([
      { error: { code: 'data-not-storable', message }, where: 'the record of player "bob"' },
    ]);
    await stage.setting.passMs(200);
    expect(stage.host.worldCount).toBe(0);
    expect(await stage.disk.sessions()).toEqual([]);
  });
});

describe('while a login is being written', () => {
  test('its connection goes away: no world, no record, no place is left', async () => {
    const stage = await openDurable({ limits: { sessionsPerAddressMax: 1 } });
    const { setting, disk, host } = stage;
    disk.fate = { delayMs: SLOW_MS };
    const peer = await setting.connectRaw();
    peer.login({ playerId: 'bob' });
    await setting.passMs(30);
    peer.drop();
    await letItSettle(stage);
    expect(host.sessions.size).toBe(0);
    expect(host.worldCount).toBe(0);
    expect(await disk.sessions()).toEqual([]);
    expect(host.counters.seatsUndone).toBe(1);
    await setting.loginRaw('bob');
  });

  test('others fill the world: it is refused, and undone', async () => {
    const stage = await openDurable({ limits: { playersPerWorldMax: 1 } });
    const { setting, disk } = stage;
    disk.fate = { delayMs: SLOW_MS };
    const [bob, eve] = [await setting.connectRaw(), await setting.connectRaw()];
    bob.login({ playerId: 'bob' });
    eve.login({ playerId: 'eve' });
    expect(await stage.answerOf(bob)).toMatchObject({ kind: 'login-accepted' });
    expect(await stage.answerOf(eve)).toMatchObject({ code: 'world-full' });
    await letItSettle(stage);
    expect((await disk.sessions()).map(({ playerId }) => playerId)).toEqual(['bob']);
  });

  test('others take the places of its address: it is refused, and undone', async () => {
    const stage = await openDurable({ limits: { sessionsPerAddressMax: 2 } });
    const { setting, disk } = stage;
    await setting.loginRaw('ann');
    disk.fate = { delayMs: SLOW_MS };
    const [bob, eve] = [await setting.connectRaw(), await setting.connectRaw()];
    bob.login({ playerId: 'bob' });
    eve.login({ playerId: 'eve' });
    const answers = await stage.answersOf([bob, eve]);
    expect(answers.map(({ kind }) => kind)).toEqual(['login-accepted', 'login-rejected']);
    expect(answers[1]).toMatchObject({ code: 'address-full' });
    await letItSettle(stage);
    expect(await disk.sessions()).toHaveLength(2);
  });

  test('the older session ends: the newcomer is asked to come again', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    stage.disk.fate = { delayMs: SLOW_MS };
    const newcomer = await stage.setting.connectRaw();
    newcomer.login({ playerId: 'bob' });
    await stage.setting.passMs(30);
    bob.send({ kind: 'leave' });
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'busy', retryAfterMs: 500 });
    await letItSettle(stage);
    expect(await stage.disk.sessions()).toEqual([]);
    newcomer.login({ playerId: 'bob' });
    expect(await stage.answerOf(newcomer, 2)).toMatchObject({ epoch: 1 });
  });

  test('the store has something else: it is asked to come again', async () => {
    const stage = await openDurable();
    const peer = await stage.setting.connectRaw();
    stage.disk.isForeign = true;
    peer.login({ playerId: 'bob' });
    expect(await stage.answerOf(peer)).toMatchObject({ code: 'busy', retryAfterMs: 500 });
    stage.disk.isForeign = false;
    peer.login({ playerId: 'bob' });
    expect(await stage.answerOf(peer, 2)).toMatchObject({ kind: 'login-accepted', epoch: 1 });
  });

  test('its world fails: it is asked to come again, into another one', async () => {
    const fuse = { isLit: false };
    const stage = await openDurable({
      createAuthorities: () => [createBomb(fuse)],
      onError: () => undefined,
    });
    const { setting, host, disk } = stage;
    const eve = await setting.loginRaw('eve');
    disk.fate = { delayMs: SLOW_MS };
    const bob = await setting.connectRaw();
    bob.login({ playerId: 'bob' });
    await setting.passMs(30);
    fuse.isLit = true;
    await setting.waitFor('the end of the world', () => host.worldCount === 0);
    fuse.isLit = false;
    expect(await stage.answerOf(bob)).toMatchObject({ code: 'busy' });
    await setting.waitFor('the end', () => eve.isClosed);
    expect(eve.last('close')).toMatchObject({ code: 'world-failed' });
    await letItSettle(stage);
    expect(await disk.sessions()).toEqual([]);
    bob.login({ playerId: 'bob' });
    expect(await stage.answerOf(bob, 2)).toMatchObject({ kind: 'login-accepted', entity: 1 });
  });

  test('one who came later joins before: it is asked to come again', async () => {
    const stage = await openDurable();
    const { setting, disk } = stage;
    await setting.loginRaw('ann');
    const [bob, eve] = [await setting.connectRaw(), await setting.connectRaw()];
    // Written, and nobody knows: bob's next record has to be tried twice.
    disk.fate = { fault: 'answer-lost' };
    bob.login({ playerId: 'bob' });
    expect(await stage.answerOf(bob)).toMatchObject({ code: 'busy' });
    disk.fate = { delayMs: SLOW_MS };
    bob.login({ playerId: 'bob' });
    await setting.passMs(5);
    eve.login({ playerId: 'eve' });
    expect(await stage.answerOf(eve)).toMatchObject({ kind: 'login-accepted' });
    expect(await stage.answerOf(bob, 2)).toMatchObject({ code: 'busy' });
    await letItSettle(stage);
    expect((await disk.sessions()).map(({ playerId }) => playerId).toSorted()).toEqual([
      'ann',
      'eve',
    ]);
  });

  test('into another world replaces the record in one instant', async () => {
    const stage = await openDurable();
    const { setting, disk } = stage;
    const bob = await seatBob(stage);
    const before = await disk.sessionOf('bob');
    disk.fate = { delayMs: SLOW_MS };
    const newcomer = await setting.connectRaw();
    newcomer.login({ playerId: 'bob', worldId: 'south' });
    await setting.passMs(30);
    expect(await disk.sessions()).toEqual([before]);
    expect(await stage.answerOf(newcomer)).toMatchObject({ epoch: 1, worldId: 'south' });
    const { sessionId } = newcomer.first('login-accepted')!;
    expect(await disk.sessions()).toMatchObject([{ sessionId, worldId: 'south', epoch: 1 }]);
    expect(sessionId).not.toBe(before?.sessionId);
    await letItSettle(stage);
    expect(bob.last('close')).toMatchObject({ code: 'superseded' });
    expect(await stage.answerOf(await stage.resume(bob))).toMatchObject({ code: 'resume-refused' });
  });
});

describe('a login into another world that is being written', () => {
  test('finds its older session evicted: nothing of either is left', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    stage.disk.fate = { delayMs: SLOW_MS };
    const newcomer = await stage.setting.connectRaw();
    newcomer.login({ playerId: 'bob', worldId: 'south' });
    await stage.setting.passMs(30);
    stage.host.evict(stage.sessionOf('bob'));
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'busy' });
    await letItSettle(stage);
    expect(bob.last('close')).toMatchObject({ code: 'evicted' });
    expect(stage.host.worldCount).toBe(0);
    expect(await stage.disk.sessions()).toEqual([]);
  });
});

describe('a removal with a store', () => {
  test.each(['left', 'evicted'] as const)('is durable before the peer is told %s', async (code) => {
    const stage = await openDurable();
    const { setting, disk, host } = stage;
    const bob = await seatBob(stage);
    const kept: number[] = [];
    bob.onMessage = ({ kind }) => {
      if (kind === 'close') kept.push(disk.store.capture().read().sessions.length);
    };
    disk.fate = { delayMs: SLOW_MS };
    if (code === 'left') bob.send({ kind: 'leave' });
    else host.evict(stage.sessionOf('bob'));
    await setting.passMs(20);
    // Gone at once for everybody here; whatever it sends is late.
    expect(host.sessions.getByPlayer('bob' as never)).toBeUndefined();
    bob.send(moveInput({ tick: bob.serverTick + 2 }));
    await setting.passMs(20);
    expect(host.counters.lateMessages).toBe(1);
    expect(bob.isClosed).toBe(false);
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.last('close')).toMatchObject({ code });
    expect(kept).toEqual([0]);
    await letItSettle(stage);
  });

  test('of a peer that does not wait to be told is no fault of anybody', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    stage.disk.fate = { delayMs: SLOW_MS };
    bob.send({ kind: 'leave' });
    await stage.setting.passMs(20);
    bob.drop();
    await letItSettle(stage);
    expect(stage.host.counters.internalErrors).toBe(0);
    expect(stage.host.sessions.size).toBe(0);
    expect(await stage.disk.sessions()).toEqual([]);
  });

  test('of a player who comes again at once is done first', async () => {
    const stage = await openDurable();
    const { setting, disk } = stage;
    const bob = await seatBob(stage);
    disk.fate = { delayMs: SLOW_MS };
    bob.send({ kind: 'leave' });
    const again = await setting.connectRaw();
    again.login({ playerId: 'bob' });
    expect(await stage.answerOf(again)).toMatchObject({ kind: 'login-accepted', epoch: 1 });
    expect(bob.last('close')).toMatchObject({ code: 'left' });
    await letItSettle(stage);
    expect(await disk.sessions()).toHaveLength(1);
  });

  test('by the end of the window leaves nothing', async () => {
    const stage = await openDurable({ policy: { ...DURABLE_POLICY, reconnectWindowMs: 400 } });
    const bob = await seatBob(stage);
    bob.drop();
    await stage.setting.passMs(600);
    expect(stage.host.sessions.size).toBe(0);
    expect(await stage.disk.sessions()).toEqual([]);
  });

  test('on a disk that fails is told all the same, after two seconds', async () => {
    const errors: unknown[] = [];
    const stage = await openDurable({ onError: (error) => errors.push(error) });
    const bob = await seatBob(stage);
    stage.disk.fate = { fault: 'nothing-written' };
    bob.send({ kind: 'leave' });
    await stage.setting.passMs(1_900);
    expect(bob.isClosed).toBe(false);
    await stage.setting.passMs(200);
    expect(bob.last('close')).toMatchObject({ code: 'left' });
    expect(errors.length).toBeGreaterThan(0);
    await letItSettle(stage);
    expect(await stage.disk.sessions()).toEqual([]);
  });
});
