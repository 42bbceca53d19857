/**
 * The welcome: what a newcomer is told first, and how the session's counted messages go on under
 * its connection. In: a link that has just been given its session and seat, and what a resuming
 * client says it has. Out: login-accepted, then `resynced` when something is missing, then the
 * complete roster or what the client lacks. Must not know: tokens, who may come in.
 */
import type { LoginAccepted } from '../protocol/messages.ts';
import type { HostCore } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';
import type { ReliableClaim, ToldLoss } from './reliable-stream.ts';
import type { Seat } from './seat.ts';
import type { WorldRoom } from './world-rooms.ts';

/** What of a host it takes. */
export type WelcomeCore = Pick<HostCore, 'outbox' | 'broadcaster' | 'counters' | 'keeper'>;

/** What a resuming client says of itself. */
export interface ResumeClaim extends ReliableClaim {
  /** The newest server tick that it has seen; 0 = none. */
  readonly lastTick: number;
}

export interface Welcome {
  readonly room: WorldRoom;
  /** The rest of it is said here. */
  readonly accepted: Omit<LoginAccepted, 'isResumed' | 'reliableReceived'>;
  /** Undefined = a login: both ends count from 0, and nothing is missing. */
  readonly resume: ResumeClaim | undefined;
}

/** From here on the seat's counted messages leave over this link. */
export function continueStream(core: WelcomeCore, link: PeerLink, welcome: Welcome): void {
  const { room, resume } = welcome;
  const { seat } = link;
  room.seats.add(seat);
  seat.link = link;
  if (resume !== undefined && seat.stream.isUnknown) {
    core.keeper.noteTicksLost(room.world.worldId, lossOf(seat, room, resume).ticksLost);
  }
  const received = resume?.reliableReceived;
  // Who remembers nothing misses nothing.
  if (resume === undefined || received === undefined) {
    restart(core, link, welcome);
    return;
  }
  const resumption = { ...welcome, received };
  switch (seat.stream.continuationFor(resume)) {
    case 'restart':
      restart(core, link, { ...welcome, told: lossOf(seat, room, resume) });
      return;
    case 'gap':
      leaveOut(core, link, resumption);
      return;
    case 'normal':
      resend(core, link, resumption);
  }
}

interface Resumption extends Welcome {
  readonly received: number;
}

/** The ticks of a restart: those that a crash took, else none. The same when it is told again. */
function lossOf(seat: Seat, room: WorldRoom, resume: ResumeClaim): ToldLoss {
  const { isUnknown, told } = seat.stream;
  if (told !== undefined) return told;
  if (!isUnknown) return { fromTick: room.world.tick, ticksLost: 0 };
  const { restoredTick = room.world.tick } = seat;
  return { fromTick: restoredTick, ticksLost: Math.max(0, resume.lastTick - restoredTick) };
}

function restart(
  core: WelcomeCore,
  link: PeerLink,
  { room, accepted, resume, told }: Welcome & { readonly told?: ToldLoss },
): void {
  link.seat.stream.restart(told);
  room.outcomes.skip(link.seat);
  const isResumed = resume !== undefined;
  core.outbox.send(link, { ...accepted, isResumed, reliableReceived: undefined });
  if (told !== undefined) {
    core.counters.resyncs += 1;
    const counts = { eventsMissed: undefined, reliableSent: 0 };
    core.outbox.send(link, { kind: 'resynced', ...told, ...counts });
  }
  sendRoster(core, link, room);
}

function leaveOut(core: WelcomeCore, link: PeerLink, resumption: Resumption): void {
  const { room, accepted, received } = resumption;
  const { stream } = link.seat;
  const eventsMissed = stream.skip(received, room.outcomes.skip(link.seat));
  core.counters.resyncs += 1;
  core.outbox.send(link, { ...accepted, isResumed: true, reliableReceived: stream.received });
  core.outbox.send(link, {
    kind: 'resynced',
    fromTick: room.world.tick,
    ticksLost: 0,
    eventsMissed,
    reliableSent: stream.sent,
  });
  sendRoster(core, link, room);
}

function resend(core: WelcomeCore, link: PeerLink, { accepted, received }: Resumption): void {
  const { stream } = link.seat;
  core.outbox.send(link, { ...accepted, isResumed: true, reliableReceived: stream.received });
  for (const payload of stream.resend(received)) {
    core.counters.countedMessagesResent += 1;
    core.outbox.sendPayload(link, payload);
  }
}

function sendRoster(core: WelcomeCore, link: PeerLink, { world }: WorldRoom): void {
  for (const bytes of core.broadcaster.encodeRoster(world)) {
    core.outbox.sendCounted(link.seat, { lane: 'reliable', bytes });
  }
}
