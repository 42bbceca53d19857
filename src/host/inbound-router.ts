/**
 * From bytes to the one who decides: count, budget, decode, state, then desk, coordinator or world.
 * In: one message of one connection. Out: at most one call into each room. Hostile bytes are
 * counted; a peer that keeps sending them is closed. Nothing here waits.
 */
import type { AuthorityInput, MeasuredShot } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import { rejected } from '../authority/verdict.ts';
import { decodeClientMessage } from '../protocol/client-codec.ts';
import type { DecodeRejectionCode } from '../protocol/codes.ts';
import { laneOfFrame } from '../protocol/lane-of-frame.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { MessageKind } from '../protocol/message-kinds.ts';
import { peekMessageKind } from '../protocol/message-kinds.ts';
import type {
  ClientMessage,
  EarlierMove,
  HeartbeatAnswer,
  MoveInput,
  ShootInput,
  SnapshotAck,
  UserMessage,
  UserUpdate,
} from '../protocol/messages.ts';
import { tryParseUserMessage } from '../protocol/user-message.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { HostCore } from './host-core.ts';
import { callHook, closePeer, reportUserError } from './host-core.ts';
import type { LoginDesk } from './login-desk.ts';
import type { PeerLink } from './peer-link.ts';
import type { ResumeDesk } from './resume-desk.ts';
import { confirmConnection } from './seat-claim.ts';

/** Who decides on those who want to be let in. */
export interface Desks {
  readonly login: LoginDesk;
  readonly resume: ResumeDesk;
}

export class InboundRouter {
  readonly #core: HostCore;
  readonly #desks: Desks;

  constructor(core: HostCore, desks: Desks) {
    this.#core = core;
    this.#desks = desks;
  }

  /** `bytes` is read during the call only. */
  handleBytes(link: PeerLink, lane: Lane, bytes: Uint8Array): void {
    const { counters, clock } = this.#core;
    const now = clock.now();
    counters.messagesReceived += 1;
    counters.bytesReceived += bytes.length;
    const kind = peekMessageKind(bytes);
    const ownLane = laneOfFrame(bytes);
    if (lane === 'reliable') this.#count(link, kind);
    if (!this.#isWithinBudget(link, ownLane, now)) return;
    if (lane === 'sync' && ownLane === 'reliable') {
      this.handleMalformed(link, 'wrong-lane');
      return;
    }
    const message = decodeClientMessage(bytes);
    if (message.kind === 'rejected') this.handleMalformed(link, message.code);
    else this.#route(link, message);
  }

  /** Bytes that are no message: counted, and one strike. */
  handleMalformed(link: PeerLink, code: DecodeRejectionCode): void {
    this.#core.counters.malformedByCode.add(code);
    // The transport ends a connection that sends too much at once: no strike comes after it.
    if (code === 'frame-too-large') this.#closeForProtocol(link);
    else this.#strike(link);
  }

  /** Counts the verdict, tells the user's hook, and plans the peer's report. */
  noteVerdict(link: PeerLink, input: AuthorityInput, verdict: Verdict): void {
    const { verdicts } = link.seat;
    this.#countVerdict(verdict);
    verdicts.note(input, verdict);
    if (verdicts.hasReport) this.#core.reportsDue.add(link);
    this.#tellUser(link.session, input, verdict);
    if (verdict.outcome === 'accepted') return;
    this.#core.suspicions.noteVerdict(link, verdict, this.#core.clock.now());
  }

  /** The same for an input whose connection has ended before its tick, or never had a player. */
  noteUntoldVerdict(session: ManagedSession, input: AuthorityInput, verdict: Verdict): void {
    this.#countVerdict(verdict);
    this.#core.seats.get(session.sessionId)?.verdicts.count(input, verdict);
    this.#tellUser(session, input, verdict);
  }

  #countVerdict(verdict: Verdict): void {
    const { counters } = this.#core;
    counters.verdicts[verdict.outcome] += 1;
    if (verdict.outcome === 'rejected') counters.inputsRejectedByCode.add(verdict.code);
  }

  #tellUser(session: ManagedSession, input: AuthorityInput, verdict: Verdict): void {
    const { onVerdict } = this.#core.options;
    if (onVerdict === undefined) return;
    callHook(
      () => onVerdict(session, input, verdict),
      (error) => reportUserError(this.#core, error, 'onVerdict'),
    );
  }

  /** Deliberate: before anything may refuse the message. Its sender has counted it as well. */
  #count(link: PeerLink, kind: MessageKind | undefined): void {
    const isCounted = kind === 'shoot-input' || kind === 'user-message';
    if (isCounted && this.#isLoggedIn(link)) link.seat.stream.noteReceived();
  }

  #isWithinBudget(link: PeerLink, lane: Lane, now: number): boolean {
    const verdict = link.spend(lane, now);
    if (verdict === 'within') return true;
    this.#core.counters.overBudgetMessages += 1;
    this.#core.suspicions.noteFlood(link, now);
    if (verdict === 'exhausted') {
      this.#core.counters.rateLimited += 1;
      closePeer(this.#core, link, 'rate-limited');
    }
    return false;
  }

  #strike(link: PeerLink): void {
    if (!link.forgiveStrike(this.#core.clock.now())) this.#closeForProtocol(link);
  }

  #closeForProtocol(link: PeerLink): void {
    this.#core.counters.protocolErrors += 1;
    closePeer(this.#core, link, 'protocol-error');
  }

  #misplaced(link: PeerLink): void {
    this.#core.counters.misplacedMessages += 1;
    this.#strike(link);
  }

  #route(link: PeerLink, message: ClientMessage): void {
    switch (message.kind) {
      case 'login':
        if (!this.#desks.login.handleLogin(link, message)) this.#misplaced(link);
        return;
      case 'resume':
        if (!this.#desks.resume.handleResume(link, message)) this.#misplaced(link);
        return;
      case 'leave':
        this.#handleLeave(link);
        return;
      case 'heartbeat-answer':
        this.#handleHeartbeatAnswer(link, message);
        return;
      case 'snapshot-ack':
        this.#handleSnapshotAck(link, message);
        return;
      case 'move-input':
        if (this.#isLoggedIn(link)) this.#handleMove(link, message);
        else this.#refuseInput(link, message);
        return;
      case 'shoot-input':
        if (this.#isLoggedIn(link)) this.#handleInput(link, measured(message, link));
        else this.#refuseInput(link, message);
        return;
      case 'user-message':
      case 'user-update':
        this.#handleUserMessage(link, message);
        return;
      default:
        message satisfies never;
    }
  }

  #isLoggedIn(link: PeerLink): boolean {
    return link.session.state === 'logged-in';
  }

  #handleLeave(link: PeerLink): void {
    const { sessions } = this.#core;
    if (this.#isLoggedIn(link)) sessions.notifyLeft(link.session);
    else sessions.notifyHostClosed(link.session, 'left');
  }

  #handleHeartbeatAnswer(link: PeerLink, message: HeartbeatAnswer): void {
    if (!this.#isLoggedIn(link)) {
      this.#misplaced(link);
      return;
    }
    if (!link.seat.stream.acknowledge(message.reliableReceived)) {
      this.#core.counters.falseAcknowledgements += 1;
      this.#strike(link);
      return;
    }
    const sentAt = link.heartbeats.settle(message.nonce);
    if (sentAt === undefined) this.#core.counters.unknownNonces += 1;
    else {
      const { serverTick } = message;
      this.#core.sessions.notifyHeartbeatReceived(link.session, { serverTick, sentAt });
      if (!link.isConfirmed) confirmConnection(this.#core, link);
    }
  }

  #handleSnapshotAck(link: PeerLink, ack: SnapshotAck): void {
    if (!this.#isLoggedIn(link)) this.#misplaced(link);
    else if (link.snapshots.acknowledge(ack)) this.#noteActivity(link);
    else {
      this.#core.counters.falseAcknowledgements += 1;
      this.#strike(link);
    }
  }

  /** L9. The first message also shows that the connection has its resume token. */
  #noteActivity(link: PeerLink): void {
    this.#core.sessions.notifyInboundActivity(link.session);
    if (!link.isConfirmed) confirmConnection(this.#core, link);
  }

  /** Before login nothing is buffered and nothing answered, but it is an input with a verdict. */
  #refuseInput(link: PeerLink, input: AuthorityInput): void {
    this.noteUntoldVerdict(link.session, input, rejected('not-logged-in'));
    this.#misplaced(link);
  }

  #handleInput(link: PeerLink, input: AuthorityInput): void {
    const { rooms, loop } = this.#core;
    const { session } = link;
    this.#noteActivity(link);
    const room = rooms.get(session.worldId);
    if (room === undefined) return;
    const verdict = room.world.receive(session, input, loop.fraction());
    if (verdict !== undefined) this.noteVerdict(link, input, verdict);
  }

  #handleMove(link: PeerLink, move: MoveInput): void {
    if (move.earlier !== undefined) this.#handleCopies(link, move.earlier);
    if (!link.recovered.take(move.tick)) {
      this.#handleInput(link, move);
      return;
    }
    // Late, not lost: the copy was the input, and has had its verdict or will have it.
    this.#core.counters.inputCopiesIgnored += 1;
    this.#noteActivity(link);
  }

  /** What has got lost is an input now; a copy of what has not is none, and has no verdict. */
  #handleCopies(link: PeerLink, copies: readonly EarlierMove[]): void {
    const { rooms, counters } = this.#core;
    const { worldId, playerId } = link.session;
    const world = rooms.get(worldId)?.world;
    const isAlive = world !== undefined && world.failure === undefined;
    const moves = isAlive && playerId !== undefined ? world.inputAckOf(playerId) : undefined;
    for (const copy of copies) {
      if (world === undefined || moves?.lacks(copy, world.tick) !== true) {
        counters.inputCopiesIgnored += 1;
        continue;
      }
      counters.inputsRecovered += 1;
      link.recovered.note(copy.tick);
      this.#handleInput(link, { kind: 'move-input', ...copy });
    }
  }

  #handleUserMessage(link: PeerLink, message: UserMessage | UserUpdate): void {
    if (!this.#isLoggedIn(link)) {
      const { name } = message;
      this.#refuseInput(link, { kind: 'user-input', name, payload: undefined });
      return;
    }
    const { options, rooms } = this.#core;
    const parsed = tryParseUserMessage(options.messages, message);
    if (!parsed.ok) {
      const refused = { kind: 'user-input', name: message.name, payload: undefined } as const;
      this.noteVerdict(link, refused, rejected(parsed.error));
      this.#strike(link);
      return;
    }
    const { name, payload } = parsed.value;
    if (rooms.get(link.session.worldId)?.world.takesInput(name) === true) {
      this.#handleInput(link, { kind: 'user-input', name, payload });
      return;
    }
    this.#noteActivity(link);
    callHook(
      () => options.onMessage(link.session, parsed.value),
      (error) => {
        reportUserError(this.#core, error, `onMessage ${name}`);
        closePeer(this.#core, link, 'internal-error');
      },
    );
  }
}

/** With the round trip as it is known when the shot arrives, in whole milliseconds. */
function measured(shot: ShootInput, { session }: PeerLink): MeasuredShot {
  return { ...shot, roundTripMs: Math.ceil(session.roundTripTimeMsMax ?? 0) };
}
