/**
 * The production modules under test, loaded by path: `dist` as it ships, or `src` in the node
 * tests. In: a directory and the extension of its modules. Out: the modules, typed by the source.
 * Nothing else in scripts/fuzz imports a value that is under test.
 */
import type * as Authentication from '../../src/host/authentication.ts';
import type * as ArenaGeometry from '../../src/authority/arena-geometry.ts';
import type * as BodyCodec from '../../src/protocol/body-codec.ts';
import type * as ClientCodec from '../../src/protocol/client-codec.ts';
import type * as ClientPb from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import type * as Codes from '../../src/protocol/codes.ts';
import type * as CombatEventCodec from '../../src/protocol/combat-event-codec.ts';
import type * as CountedMessages from '../../src/protocol/counted-messages.ts';
import type * as DefaultAuthorities from '../../src/authority/default-authorities.ts';
import type * as DefineMessages from '../../src/protocol/define-messages.ts';
import type * as HeartbeatAnswerCodec from '../../src/protocol/heartbeat-answer-codec.ts';
import type * as HeartbeatCodec from '../../src/protocol/heartbeat-codec.ts';
import type * as HostLimits from '../../src/host/host-limits.ts';
import type * as Ids from '../../src/protocol/ids.ts';
import type * as InputAckCodec from '../../src/protocol/input-ack-codec.ts';
import type * as InputLimits from '../../src/authority/input-limits.ts';
import type * as Lanes from '../../src/protocol/lanes.ts';
import type * as LoginAcceptedCodec from '../../src/protocol/login-accepted-codec.ts';
import type * as MessageKinds from '../../src/protocol/message-kinds.ts';
import type * as MoveInputCodec from '../../src/protocol/move-input-codec.ts';
import type * as MultiSessionManager from '../../src/session/multi-session-manager.ts';
import type * as RosterCodec from '../../src/protocol/roster-codec.ts';
import type * as ServerCodec from '../../src/protocol/server-codec.ts';
import type * as ServerNetworkHost from '../../src/host/server-network-host.ts';
import type * as ServerPb from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import type * as SessionManager from '../../src/session/session-manager.ts';
import type * as SessionPolicy from '../../src/session/session-policy.ts';
import type * as ShootInputCodec from '../../src/protocol/shoot-input-codec.ts';
import type * as ServerFrameDecoder from '../../src/protocol/server-frame-decoder.ts';
import type * as SnapshotDecoder from '../../src/protocol/snapshot-decoder.ts';
import type * as SnapshotHistory from '../../src/protocol/snapshot-history.ts';
import type * as SuspicionLimits from '../../src/host/suspicion-limits.ts';
import type * as Transitions from '../../src/session/transitions.ts';
import type * as UserMessage from '../../src/protocol/user-message.ts';
import type * as Verdict from '../../src/authority/verdict.ts';
import type * as Version from '../../src/protocol/version.ts';
import type * as VerdictReportCodec from '../../src/protocol/verdict-report-codec.ts';
import type * as WebSocketConnection from '../../src/transport/websocket-connection.ts';
import type * as WebSocketLimits from '../../src/transport/websocket-limits.ts';
import type * as WebSocketUpgrader from '../../src/transport/websocket-upgrader.ts';
import type * as WireLimits from '../../src/protocol/wire-limits.ts';
import type * as World from '../../src/authority/world.ts';

export type Production = typeof Authentication &
  typeof ArenaGeometry &
  typeof BodyCodec &
  typeof ClientCodec &
  typeof ClientPb &
  typeof Codes &
  typeof CombatEventCodec &
  typeof CountedMessages &
  typeof DefaultAuthorities &
  typeof DefineMessages &
  typeof HeartbeatAnswerCodec &
  typeof HeartbeatCodec &
  typeof HostLimits &
  typeof Ids &
  typeof InputAckCodec &
  typeof InputLimits &
  typeof Lanes &
  typeof LoginAcceptedCodec &
  typeof MessageKinds &
  typeof MoveInputCodec &
  typeof MultiSessionManager &
  typeof RosterCodec &
  typeof ServerCodec &
  typeof ServerNetworkHost &
  typeof SessionManager &
  typeof SessionPolicy &
  typeof ShootInputCodec &
  typeof ServerFrameDecoder &
  typeof SnapshotDecoder &
  typeof SnapshotHistory &
  typeof SuspicionLimits &
  typeof Transitions &
  typeof UserMessage &
  typeof Verdict &
  typeof VerdictReportCodec &
  typeof Version &
  typeof WebSocketConnection &
  typeof WebSocketLimits &
  typeof WebSocketUpgrader &
  typeof WireLimits &
  typeof World &
  Pick<
    typeof ServerPb,
    | 'CombatEventSchema'
    | 'HeartbeatSchema'
    | 'InputAckSchema'
    | 'LoginAcceptedSchema'
    | 'RosterSchema'
    | 'VerdictReportSchema'
  >;

const MODULES = [
  'authority/arena-geometry',
  'authority/default-authorities',
  'authority/input-limits',
  'authority/verdict',
  'authority/world',
  'host/authentication',
  'host/host-limits',
  'host/server-network-host',
  'host/suspicion-limits',
  'protocol/body-codec',
  'protocol/client-codec',
  'protocol/codes',
  'protocol/combat-event-codec',
  'protocol/counted-messages',
  'protocol/define-messages',
  'protocol/generated/holdfast/v1/client_messages_pb',
  'protocol/generated/holdfast/v1/server_messages_pb',
  'protocol/heartbeat-answer-codec',
  'protocol/heartbeat-codec',
  'protocol/ids',
  'protocol/input-ack-codec',
  'protocol/lanes',
  'protocol/login-accepted-codec',
  'protocol/message-kinds',
  'protocol/move-input-codec',
  'protocol/roster-codec',
  'protocol/server-codec',
  'protocol/shoot-input-codec',
  'protocol/server-frame-decoder',
  'protocol/snapshot-decoder',
  'protocol/snapshot-history',
  'protocol/user-message',
  'protocol/verdict-report-codec',
  'protocol/version',
  'protocol/wire-limits',
  'session/multi-session-manager',
  'session/session-manager',
  'session/session-policy',
  'session/transitions',
  'transport/websocket-connection',
  'transport/websocket-limits',
  'transport/websocket-upgrader',
] as const;

/** `directory` is a URL that ends with `/`; a module that is missing fails the run. */
export async function loadProduction(directory: URL, extension: 'js' | 'ts'): Promise<Production> {
  const load = (name: string): Promise<object> =>
    import(/* @vite-ignore */ new URL(`${name}.${extension}`, directory).href);
  const modules = await Promise.all(MODULES.map(load));
  return Object.assign({}, ...modules) as Production;
}
