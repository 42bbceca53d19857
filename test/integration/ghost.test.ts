import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import type { GhostPolicy } from '../../src/session/session-policy.ts';
import { openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { MEMORY, SETTINGS } from '../support/settings.ts';
import type { Setting, SettingKind } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

interface Scene {
  readonly setting: Setting;
  /** Is there, and armed. */
  readonly eve: RawPeer;
  /** Has lost the connection while walking. */
  readonly bob: ManagedSession<{ name: string }>;
  readonly entity: number;
}

interface SceneOptions {
  readonly loss?: 'silence' | 'drop';
  readonly reconnectWindowMs?: number;
}

/** Bob walks, then his connection falls silent or breaks; eve watches. */
async function openScene(
  kind: SettingKind,
  ghost: GhostPolicy,
  { loss = 'drop', reconnectWindowMs = 4_000 }: SceneOptions = {},
): Promise<Scene> {
  const setting = await openSetting(kind, {
    policy: { ...SPEC_CONFIG.policy, reconnectWindowMs, ghost },
  });
  const eve = await setting.loginRaw('eve');
  const peer = await setting.loginRaw('bob');
  const bob = setting.runtime.host.sessions.getByPlayer('bob' as PlayerId)!;
  await setting.waitFor('both are there', () => eve.fieldOf('bob', 'hitPoints') === 100);
  peer.send(moveInput({ tick: peer.serverTick + 3, directionX: 0.1 }));
  await setting.waitFor('bob has moved', () => (eve.fieldOf('bob', 'x') ?? 0) > 500);
  if (loss === 'drop') peer.drop();
  else peer.answersHeartbeats = false;
  await setting.waitFor('the loss', () => bob.state === 'reconnecting');
  return { setting, eve, bob, entity: peer.first('login-accepted')!.entity };
}

/** Shoots at bob and answers what the server said. */
async function shootAtBob({ setting, eve }: Scene, isAimed: boolean): Promise<string> {
  const before = eve.all('combat-event').length;
  const target = isAimed ? { targetPlayerId: 'bob' as PlayerId } : {};
  eve.send(shootInput({ tick: eve.serverTick + 1, ...target }));
  await setting.waitFor('an answer', () => eve.all('combat-event').length > before);
  await setting.passMs(300);
  const event = eve.all('combat-event')[before]!;
  return event.event === 'shoot-rejected' ? event.code : event.event;
}

function isVisible({ eve, entity }: Scene): boolean {
  const { players } = eve.last('snapshot')!;
  return players.some((player) => player.entity === entity);
}

/** Bob comes back with a fresh login. */
async function comeBack({ setting }: Scene): Promise<RawPeer> {
  const peer = await setting.loginRaw('bob');
  await setting.waitFor('a snapshot', () => peer.fieldOf('bob', 'isSuspended') === 0);
  return peer;
}

describe.each(SETTINGS)('the ghost of a lost player over $name', (kind) => {
  test('is vulnerable by default: visible, marked, still, and can be hit', async () => {
    expect(SPEC_CONFIG.policy).not.toHaveProperty('ghost');
    const scene = await openScene(kind, undefined as unknown as GhostPolicy);
    const { setting, eve, entity } = scene;
    await setting.waitFor('the mark', () => eve.fieldOf('bob', 'isSuspended') === 1);
    const x = eve.fieldOf('bob', 'x');
    expect(await shootAtBob(scene, true)).toBe('hit');
    expect(await shootAtBob(scene, false)).toBe('hit');
    expect(eve.fieldOf('bob', 'hitPoints')).toBe(50);
    expect(eve.fieldOf('bob', 'x')).toBe(x);
    const bob = await comeBack(scene);
    expect(bob.first('login-accepted')?.entity).toBe(entity);
    expect(bob.fieldOf('bob', 'hitPoints')).toBe(50);
    expect(bob.fieldOf('bob', 'x')).toBe(x);
  });

  test('is protected where the policy says so: visible, marked, and no shot reaches it', async () => {
    const scene = await openScene(kind, 'protected');
    const { setting, eve } = scene;
    await setting.waitFor('the mark', () => eve.fieldOf('bob', 'isSuspended') === 1);
    expect(await shootAtBob(scene, true)).toBe('target-unavailable');
    expect(await shootAtBob(scene, false)).toBe('shot-missed');
    expect(eve.fieldOf('bob', 'hitPoints')).toBe(100);
    await comeBack(scene);
    expect(await shootAtBob(scene, true)).toBe('hit');
  });

  test('is removed where the policy says so: out of sight, and back where it was', async () => {
    const scene = await openScene(kind, 'removed');
    const { setting, eve, entity } = scene;
    const x = eve.fieldOf('bob', 'x');
    await setting.waitFor('it is gone', () => !isVisible(scene));
    expect(await shootAtBob(scene, true)).toBe('target-unavailable');
    expect(await shootAtBob(scene, false)).toBe('shot-missed');
    const bob = await comeBack(scene);
    await setting.waitFor('it is back', () => isVisible(scene));
    expect(bob.first('login-accepted')?.entity).toBe(entity);
    if (x !== undefined) expect(bob.fieldOf('bob', 'x')).toBeCloseTo(x, 1);
    expect(bob.fieldOf('bob', 'hitPoints')).toBe(100);
  });

  test('leaves the roster when the window is over, and its number is never used again', async () => {
    const scene = await openScene(kind, 'vulnerable', {
      loss: 'silence',
      reconnectWindowMs: 600,
    });
    const { setting, eve, bob, entity } = scene;
    await setting.waitFor('the window is over', () => !bob.isAlive);
    expect(bob.lastCause).toBe('reconnect-window-expired');
    await setting.waitFor('eve is told', () =>
      eve.all('roster').some(({ left }) => left.includes(entity)),
    );
    const again = await setting.loginRaw('bob');
    expect(again.first('login-accepted')).toMatchObject({ entity: entity + 1, epoch: 1 });
    await setting.waitFor('a new start', () => eve.entityOf('bob') === entity + 1);
  });
});

test('a silent player is a ghost from the time-out on, before its seat counts as held', async () => {
  const setting = await openSetting(MEMORY, {
    policy: { ...SPEC_CONFIG.policy, ghost: 'protected' },
  });
  const eve = await setting.loginRaw('eve');
  const peer = await setting.loginRaw('bob');
  await setting.waitFor('both are there', () => eve.fieldOf('bob', 'isSuspended') === 0);
  const marks: unknown[] = [];
  setting.runtime.host.sessions.subscribe(({ to }) => {
    marks.push([to, eve.fieldOf('bob', 'isSuspended')]);
  });
  peer.answersHeartbeats = false;
  await setting.waitFor('the loss', () => marks.length === 2);
  expect(marks).toEqual([
    ['timed-out', 0],
    ['reconnecting', 1],
  ]);
});
