import { describe, expect, test } from 'vitest';
import type { CreateAuthorities } from '../../src/authority/authority.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { expectUntouched } from '../support/control-run.ts';
import { openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { PEER_FAULTS, Saboteur, WORLD_FAULTS } from '../support/saboteur.ts';
import { MEMORY, SETTINGS } from '../support/settings.ts';
import type { Setting, SettingConfig } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

/** In every world but `field` the shipped rules have a saboteur beside them. */
const createAuthorities: CreateAuthorities = (context) => {
  const shipped = SPEC_CONFIG.createAuthorities(context);
  return context.worldId === 'field' ? shipped : [...shipped, new Saboteur()];
};
const SABOTAGED: SettingConfig = { createAuthorities, onError: () => undefined };

function wish(peer: RawPeer, what: string): void {
  peer.send({ kind: 'user-message', name: 'note', payload: JSON.stringify(what) });
}

function sessionOf(setting: Setting, playerId: string): ManagedSession<{ name: string }> {
  return setting.runtime.host.sessions.getByPlayer(playerId as PlayerId)!;
}

describe.each(SETTINGS)('worlds over $name', (kind) => {
  test('share nothing: no roster, no snapshot, no shot, no message, no numbers', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const north = [await setting.loginRaw('ann', 'north'), await setting.loginRaw('bob', 'north')];
    const south = [await setting.loginRaw('eve', 'south')];
    const everybody = [...north, ...south];
    await setting.waitFor('snapshots', () => everybody.every((peer) => peer.serverTick > 2));
    const [ann, bob] = north as [RawPeer, RawPeer];
    const [eve] = south as [RawPeer];
    ann.send(shootInput({ tick: ann.serverTick + 1, targetPlayerId: 'eve' as PlayerId }));
    host.send('north', { name: 'note', payload: 'to the north' });
    await setting.waitFor('the answer', () => ann.first('combat-event') !== undefined);
    expect(ann.first('combat-event')).toMatchObject({ code: 'target-unknown' });
    ann.send(shootInput({ tick: ann.serverTick + 6, targetPlayerId: 'bob' as PlayerId }));
    await setting.waitFor('the hit', () => bob.fieldOf('bob', 'hitPoints') === 75);
    await setting.passMs(120);
    expect(eve.all('combat-event')).toEqual([]);
    expect(eve.all('user-message')).toEqual([]);
    expect(bob.all('user-message')).toMatchObject([{ payload: '"to the north"' }]);
    expect(eve.fieldOf('eve', 'hitPoints')).toBe(100);
    for (const snapshot of eve.all('snapshot')) expect(snapshot.players).toHaveLength(1);
    const names = (peer: RawPeer) =>
      peer.all('roster').flatMap(({ entered }) => entered.map(({ playerId }) => playerId));
    expect(new Set(names(eve))).toEqual(new Set(['eve']));
    expect(new Set(names(bob))).toEqual(new Set(['ann', 'bob']));
    // Each world counts its own entities.
    expect(eve.first('login-accepted')?.entity).toBe(ann.first('login-accepted')?.entity);
  });

  test('end with their last seat, not with their last connection', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob', 'north');
    await setting.waitFor('ticks', () => bob.serverTick > 8);
    bob.drop();
    await setting.waitFor('the loss', () => sessionOf(setting, 'bob').state === 'reconnecting');
    expect(host.worldCount).toBe(1);
    const again = await setting.loginRaw('bob', 'north');
    await setting.waitFor('a snapshot', () => again.first('snapshot') !== undefined);
    expect(again.first('snapshot')!.tick).toBeGreaterThan(8);
    again.send({ kind: 'leave' });
    await setting.waitFor('the end of the world', () => host.worldCount === 0);
    const fresh = await setting.loginRaw('bob', 'north');
    await setting.waitFor('a snapshot', () => fresh.first('snapshot') !== undefined);
    expect(fresh.first('snapshot')!.tick).toBeLessThanOrEqual(2);
  });
});

describe('an authority that breaks the world', () => {
  test.each(WORLD_FAULTS)('by "%s" ends that world alone, and says so', async (fault) => {
    await expectUntouched(
      MEMORY,
      async (setting) => {
        const { host } = setting.runtime;
        const bob = await setting.loginRaw('bob', 'sabotaged');
        const eve = await setting.loginRaw('eve', 'sabotaged');
        const gone = await setting.loginRaw('gone', 'sabotaged');
        gone.drop();
        const held = sessionOf(setting, 'gone');
        await setting.waitFor('a held seat', () => held.state === 'reconnecting');
        const sessions = ['bob', 'eve', 'gone'].map((name) => sessionOf(setting, name));
        wish(bob, fault);
        await setting.passMs(60);
        // Whatever the rule waits for happens now.
        if (fault.includes('addPlayer')) await setting.loginRaw('ann', 'sabotaged');
        if (fault.includes('removePlayer')) host.evict(held);
        if (fault.includes('suspendPlayer')) eve.drop();
        if (fault.includes('resumePlayer')) await setting.loginRaw('gone', 'sabotaged');
        await setting.waitFor('the end', () => host.counters.worldsFailed === 1);
        await setting.waitFor('bob is told', () => bob.isClosed);
        expect(bob.last('close')).toMatchObject({ code: 'world-failed', retryable: false });
        expect(host.worldCount).toBe(1);
        expect(host.sessions.size).toBe(1);
        for (const session of sessions) expect(session.isAlive).toBe(false);
        expect(sessions[0]?.lastCause).toBe('world-failed');
        expect(host.counters.userErrors).toBe(1);
        // A later login opens a fresh one.
        const fresh = await setting.loginRaw('bob', 'sabotaged');
        await setting.waitFor('a snapshot', () => fresh.first('snapshot') !== undefined);
        expect(fresh.first('snapshot')?.tick).toBeLessThanOrEqual(2);
        expect(fresh.first('login-accepted')).toMatchObject({ entity: 1, epoch: 1 });
      },
      { config: SABOTAGED },
    );
  });
});

describe.each(SETTINGS)('a mistake that belongs to one peer, over $name', (kind) => {
  test.each(PEER_FAULTS)('handleInput that does "%s" ends that peer alone', async (fault) => {
    const setting = await openSetting(kind, SABOTAGED);
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob', 'sabotaged');
    const eve = await setting.loginRaw('eve', 'sabotaged');
    const session = sessionOf(setting, 'bob');
    wish(bob, fault);
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.last('close')).toMatchObject({ code: 'internal-error', retryable: false });
    expect(session).toMatchObject({ state: 'disconnected', lastCause: 'internal-error' });
    const seen = eve.serverTick;
    await setting.waitFor('the world goes on', () => eve.serverTick > seen + 2);
    expect(sessionOf(setting, 'eve').state).toBe('logged-in');
    expect(host.counters).toMatchObject({ worldsFailed: 0, userErrors: 1 });
    wish(eve, 'reject');
    await setting.waitFor('a verdict', () => eve.first('verdict-report') !== undefined);
    expect(eve.first('verdict-report')?.entries).toEqual([
      { input: 'note', inputTick: 0, outcome: 'rejected', code: 'not-today' },
    ]);
  });

  test.each<[string, NonNullable<SettingConfig['onMessage']>]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])('onMessage that %s ends that peer alone', async (_, onMessage) => {
    const errors: string[] = [];
    const setting = await openSetting(kind, {
      onMessage: (session, message, host) =>
        session.playerId === 'bob' ? onMessage(session, message, host) : undefined,
      onError: (error, where) => errors.push(`${where}: ${(error as Error).message}`),
    });
    const bob = await setting.loginRaw('bob');
    const eve = await setting.loginRaw('eve');
    for (const peer of [eve, bob]) wish(peer, 'hello');
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.last('close')).toMatchObject({ code: 'internal-error', retryable: false });
    expect(errors).toEqual(['onMessage note: boom']);
    await setting.passMs(60);
    expect(sessionOf(setting, 'eve').state).toBe('logged-in');
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])('onVerdict that %s is reported and changes nothing', async (_, onVerdict) => {
    const errors: string[] = [];
    const setting = await openSetting(kind, {
      onVerdict,
      onError: (error, where) => errors.push(`${where}: ${(error as Error).message}`),
    });
    const bob = await setting.loginRaw('bob');
    await setting.waitFor('a snapshot', () => bob.serverTick > 0);
    bob.send(moveInput({ tick: 1_000_000 }));
    bob.send(moveInput({ tick: bob.serverTick + 3 }));
    await setting.waitFor('both verdicts', () => errors.length === 2);
    expect(new Set(errors)).toEqual(new Set(['onVerdict: boom']));
    await setting.waitFor('the report', () => bob.first('verdict-report') !== undefined);
    expect(sessionOf(setting, 'bob').state).toBe('logged-in');
  });

  test('a subscriber that throws is reported, and everybody else hears everything', async () => {
    const errors: string[] = [];
    const setting = await openSetting(kind, { onError: (_error, where) => errors.push(where) });
    const heard: string[] = [];
    setting.runtime.host.sessions.subscribe(() => {
      throw new Error('boom');
    });
    setting.runtime.host.sessions.subscribe(({ to }) => heard.push(to));
    await setting.loginRaw('bob');
    expect(heard).toEqual(['transport-connected', 'login-pending', 'logged-in']);
    expect(errors).toEqual(heard.map(() => 'sessions.subscribe'));
    expect(sessionOf(setting, 'bob').state).toBe('logged-in');
  });

  test.each<[string, CreateAuthorities]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['answers nothing', () => undefined as never],
    ['answers two of the same', () => [new Saboteur(), new Saboteur()]],
    ['has fields that no client understands', () => [withField({ name: 'heat', precision: 0 })]],
    ['has fields without a name', () => [withField({ name: '', precision: 1 })]],
  ])('createAuthorities that %s refuses that login alone', async (_, create) => {
    const errors: string[] = [];
    const setting = await openSetting(kind, {
      createAuthorities: (context) =>
        context.worldId === 'broken' ? create(context) : createAuthorities(context),
      onError: (_error, where) => errors.push(where),
    });
    const { host } = setting.runtime;
    const eve = await setting.loginRaw('eve');
    const bob = await setting.connectRaw();
    bob.login({ playerId: 'bob', worldId: 'broken' });
    await setting.waitFor('refusal', () => bob.first('login-rejected') !== undefined);
    expect(bob.first('login-rejected')).toMatchObject({ code: 'world-unavailable' });
    expect(errors).toEqual(['createAuthorities']);
    expect(host.worldCount).toBe(1);
    bob.login({ playerId: 'bob' });
    await setting.waitFor('acceptance', () => bob.first('login-accepted') !== undefined);
    expect(eve.isClosed).toBe(false);
  });
});

function withField(field: { name: string; precision: number }): Saboteur {
  const saboteur = new Saboteur();
  return Object.assign(saboteur, { snapshotFields: [{ ...field, interpolation: 'step' }] });
}
