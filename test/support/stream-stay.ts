/**
 * One player's stay in a world without a host: the real welcome, stream and room, a connection
 * after the other. In: what the world says, losses, logins and resumes. Out: what each connection
 * was told.
 */
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import { Broadcaster } from '../../src/broadcast/broadcaster.ts';
import { continueStream, type ResumeClaim } from '../../src/host/continue-stream.ts';
import type { PeerLink } from '../../src/host/peer-link.ts';
import type { Seat } from '../../src/host/seat.ts';
import { WorldRooms, type WorldRoom } from '../../src/host/world-rooms.ts';
import { defineMessages } from '../../src/protocol/define-messages.ts';
import type { PlayerId, WorldId } from '../../src/protocol/ids.ts';
import type { ServerMessage } from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { fakeSession } from './fake-session.ts';
import { LinkStage, note } from './link-stage.ts';
import { SeededRandom } from './seeded-random.ts';

type OfKind<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

const MAIN = 'main' as WorldId;

/** Ada's session in a world, with a connection after the other. */
export class StreamStay {
  readonly stage: LinkStage;
  readonly room: WorldRoom;
  readonly seat: Seat;
  link: PeerLink;

  constructor(retransmitBytesMax = 1_000) {
    this.stage = new LinkStage({ retransmitBytesMax });
    const rooms = new WorldRooms({
      tickRateHz: 20,
      createAuthorities: createDefaultAuthorities(),
      inputLimits: {},
      limits: this.stage.limits,
      randomStreams: () => new SeededRandom(1),
      outbox: this.stage.outbox,
      onOutcomesReleasedEarly: () => undefined,
    });
    const opened = rooms.tryOpen(MAIN, true);
    if (!opened.ok) throw new Error(opened.error);
    this.room = opened.value;
    this.room.world.addPlayer(fakeSession('ada'));
    this.room.world.step();
    this.seat = this.stage.seat('ada');
    this.link = this.#welcome(undefined);
  }

  /** Ada comes back over a new connection. */
  resume(claim: Partial<ResumeClaim>): void {
    this.lose();
    const nothing = { reliableReceived: undefined, lastTick: 0, isPreviousToken: false };
    this.link = this.#welcome({ ...nothing, ...claim });
  }

  login(): void {
    this.lose();
    this.link = this.#welcome(undefined);
  }

  lose(): void {
    this.seat.link = undefined;
  }

  say(...texts: string[]): void {
    for (const text of texts) this.room.outcomes.send(note(text));
  }

  words(): string {
    return this.stage.wordsTo(this.link).join(' ');
  }

  heard<Kind extends ServerMessage['kind']>(kind: Kind): OfKind<Kind> | undefined {
    const written = this.stage.writtenTo(this.link);
    return written.find((message): message is OfKind<Kind> => message.kind === kind);
  }

  #welcome(resume: ResumeClaim | undefined): PeerLink {
    const link = this.stage.link('ada', this.seat);
    const broadcaster = new Broadcaster({ messages: defineMessages({}) });
    const { outbox, counters, keeper } = this.stage;
    const accepted = {
      kind: 'login-accepted',
      protocolVersion: PROTOCOL_VERSION,
      sessionId: link.session.sessionId,
      epoch: 1,
      playerId: 'ada' as PlayerId,
      worldId: MAIN,
      entity: 1,
      tickRateHz: 20,
      inputAheadTicksMax: 8,
      inputHoldTicksMax: 2,
      heartbeatIntervalMs: 2_000,
      livenessTimeoutMs: 10_000,
      reconnectWindowMs: 30_000,
      snapshotFields: [],
      resumeToken: '',
    } as const;
    const core = { outbox, counters, broadcaster, keeper };
    continueStream(core, link, { room: this.room, accepted, resume });
    return link;
  }
}
