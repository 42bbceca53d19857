/**
 * A server whose `authenticate` hook answers when the test says so. In: a kind of setting. Out: the
 * hook's calls, what the operator was told, peers whose Login waits in the hook.
 */
import type { LoginRejected } from '../../src/protocol/messages.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { HookStage } from './hook-stage.ts';
import { openSetting } from './open-setting.ts';
import type { RawPeer } from './raw-peer.ts';
import type { Setting, SettingConfig, SettingKind } from './settings.ts';
import { SPEC_CONFIG } from './spec-config.ts';

export interface Stage {
  readonly setting: Setting;
  readonly hook: HookStage;
  readonly errors: { error: unknown; where: string }[];
  /** A peer whose Login waits in the hook. */
  knock(credentials?: unknown): Promise<RawPeer>;
}

/** A setting whose hook answers when the test says so. */
export async function openStage(kind: SettingKind, config: SettingConfig = {}): Promise<Stage> {
  const hook = new HookStage();
  const errors: Stage['errors'] = [];
  const setting = await openSetting(kind, {
    authenticate: hook.authenticate,
    onError: (error, where) => errors.push({ error, where }),
    ...config,
  });
  return {
    setting,
    hook,
    errors,
    async knock(credentials = {}) {
      const peer = await setting.connectRaw();
      const calls = hook.calls.length;
      peer.login(credentials);
      await setting.waitFor('the hook', () => hook.calls.length > calls);
      return peer;
    },
  };
}

/** The next refusal that the peer is told. */
export async function refusalOf(
  setting: Setting,
  peer: RawPeer,
): Promise<LoginRejected | undefined> {
  const before = peer.all('login-rejected').length;
  await setting.waitFor('a refusal', () => peer.all('login-rejected').length > before);
  return peer.last('login-rejected');
}

/** The only session there is; undefined = none. */
export function onlySession(setting: Setting): ManagedSession<{ name: string }> | undefined {
  const [session] = setting.runtime.host.sessions;
  return session;
}

/** Little time to log in. */
export const HASTY = { policy: { ...SPEC_CONFIG.policy, loginTimeoutMs: 400 } };
/** What a hook answers for a proven player. */
export const PLAYER = { playerId: 'ada', data: { name: 'Ada' } };
