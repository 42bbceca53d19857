/**
 * Puts together what the parts of a host share. In: options, and what the host itself has. Out: the
 * core, whose parts know each other through it alone. Nothing is started here.
 */
import { Broadcaster } from '../broadcast/broadcaster.ts';
import type { MultiSessionManager } from '../session/multi-session-manager.ts';
import { AddressLedger } from './address-ledger.ts';
import type { HostCore } from './host-core.ts';
import {
  closePeer,
  reportUserError,
  tellNotice,
  tellOperator,
  tellSuspicion,
} from './host-core.ts';
import type { HostCounters } from './host-counters.ts';
import type { HostOptions } from './host-options.ts';
import { Outbox } from './outbox.ts';
import { PlayerQueue } from './player-queue.ts';
import { ResumeTokens } from './resume-tokens.ts';
import { SeatMoves } from './seat-moves.ts';
import { SessionArchive } from './session-archive.ts';
import { SuspicionWatch } from './suspicion-watch.ts';
import { TickLoop } from './tick-loop.ts';
import { WorldKeeper } from './world-keeper.ts';
import { WorldRooms } from './world-rooms.ts';

/** What the host brings. */
export interface CoreParts {
  readonly sessions: MultiSessionManager;
  readonly counters: HostCounters;
  readonly onTick: (steps: number) => void;
}

export function createHostCore(options: HostOptions, parts: CoreParts): HostCore {
  const { sessions, counters } = parts;
  const { clock, scheduler, limits } = options;
  const outbox = new Outbox({
    scheduler,
    counters,
    onSlowConsumer: (link) => {
      counters.slowConsumers += 1;
      closePeer(core, link, 'slow-consumer');
    },
  });
  const core: HostCore = {
    options,
    clock,
    randomStreams: options.randomStreams,
    sessions,
    counters,
    arrivals: new Map(),
    links: new Map(),
    seats: new Map(),
    unprovenByAddress: new AddressLedger(),
    seatsByAddress: new AddressLedger(),
    archive: new SessionArchive({
      scheduler,
      isDurable: options.durability !== undefined,
      onFailure: (error, where) => tellOperator(core, error, where),
    }),
    keeper: new WorldKeeper({
      ...options,
      durability: options.durability,
      onNotice: (notice) => tellNotice(core, notice),
      onUserError: (error, where) => reportUserError(core, error, where),
    }),
    tokens: new ResumeTokens(options),
    seatMoves: new SeatMoves(limits),
    suspicions: new SuspicionWatch({
      limits: options.suspicion,
      counters,
      sessionOf: (sessionId) => sessions.getBySession(sessionId),
      tell: (session, suspicion) => tellSuspicion(core, session, suspicion),
    }),
    players: new PlayerQueue((error) => {
      counters.internalErrors += 1;
      tellOperator(core, error, 'holdfast itself');
    }),
    rooms: new WorldRooms({
      ...options,
      outbox,
      onClosed: (room) => core.keeper.forget(room),
      onOutcomesReleasedEarly: (room, tick) => {
        counters.outcomesReleasedEarly += 1;
        core.keeper.noteReleasedEarly(room, tick);
      },
    }),
    broadcaster: new Broadcaster({ messages: options.messages }),
    outbox,
    loop: new TickLoop({
      clock,
      scheduler,
      intervalMs: 1000 / options.tickRateHz,
      catchUpStepsMax: limits.catchUpStepsMax,
      onTick: parts.onTick,
    }),
    reportsDue: new Set(),
    attemptsBegun: 0,
    preLoginCount: 0,
    isStopping: false,
  };
  return core;
}
