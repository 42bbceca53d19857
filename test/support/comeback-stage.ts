/**
 * A setting for those who come back: its notices, its sessions by player, peers that resume.
 * In: a kind of setting. Out: the setting with what resume tests ask of it, ended with the test.
 */
import type { HostNotice } from '../../src/host/host-notice.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { LoginAccepted, LoginRejected, Resume } from '../../src/protocol/messages.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { openSetting } from './open-setting.ts';
import type { RawPeer } from './raw-peer.ts';
import type { RawPeerOptions, Setting, SettingConfig, SettingKind } from './settings.ts';

export interface ComebackStage {
  readonly setting: Setting;
  readonly host: Setting['runtime']['host'];
  readonly notices: HostNotice[];
  /** Throws when the player is not in. */
  sessionOf(playerId: string): ManagedSession<{ name: string }>;
  /** A new connection that shows the token of an earlier one; its answer may be still to come. */
  resume(earlier: RawPeer, changes?: Partial<Resume>, from?: RawPeerOptions): Promise<RawPeer>;
  /** The same, accepted. */
  comeBack(earlier: RawPeer, changes?: Partial<Resume>): Promise<RawPeer>;
  /** The answer to the newest Login or Resume of the peer, of which it has sent `count`. */
  answerOf(peer: RawPeer, count?: number): Promise<LoginAccepted | LoginRejected>;
  /** The first answer to each. */
  answersOf(peers: readonly RawPeer[]): Promise<(LoginAccepted | LoginRejected)[]>;
  /** Lets the host notice that the connection has ended. */
  drop(peer: RawPeer, playerId: string): Promise<void>;
}

export async function openComebackStage(
  kind: SettingKind,
  config: SettingConfig = {},
): Promise<ComebackStage> {
  const notices: HostNotice[] = [];
  const onNotice = (notice: HostNotice): number => notices.push(notice);
  return { notices, ...stageOf(await openSetting(kind, { onNotice, ...config })) };
}

export function stageOf(setting: Setting): Omit<ComebackStage, 'notices'> {
  const { host } = setting.runtime;
  const sessionOf: ComebackStage['sessionOf'] = (playerId) => {
    const session = host.sessions.getByPlayer(playerId as PlayerId);
    if (session === undefined) throw new Error(`no session of ${playerId}`);
    return session;
  };
  const answersTo = (peer: RawPeer) =>
    peer.received.filter(
      (message): message is LoginAccepted | LoginRejected =>
        message.kind === 'login-accepted' || message.kind === 'login-rejected',
    );
  const answerOf: ComebackStage['answerOf'] = async (peer, count = 1) => {
    await setting.waitFor('an answer', () => answersTo(peer).length >= count);
    return answersTo(peer)[count - 1]!;
  };
  const resume: ComebackStage['resume'] = async (earlier, changes, from) => {
    const peer = await setting.connectRaw(from);
    peer.resume(earlier, changes);
    return peer;
  };
  return {
    setting,
    host,
    sessionOf,
    answerOf,
    resume,
    async answersOf(peers) {
      const answers = [];
      for (const peer of peers) answers.push(await answerOf(peer));
      return answers;
    },
    async comeBack(earlier, changes) {
      const peer = await resume(earlier, changes);
      const answer = await answerOf(peer);
      if (answer.kind !== 'login-accepted') throw new Error(`refused: ${answer.code}`);
      return peer;
    },
    async drop(peer, playerId) {
      peer.drop();
      const session = sessionOf(playerId);
      await setting.waitFor('the loss', () => session.state !== 'logged-in');
    },
  };
}
