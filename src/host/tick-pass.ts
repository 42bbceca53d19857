/**
 * One pass per tick: evaluate the sessions, step the worlds, encode, gather the writes. What an
 * authority of the user throws ends its world and no other.
 */
import type { World } from '../authority/world.ts';
import type { WorldStep } from '../authority/world-step.ts';
import type { PlayerId } from '../protocol/ids.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import type { HostCore } from './host-core.ts';
import { closePeer, failPeer, linkOf, reportUserError } from './host-core.ts';
import { sendHeartbeat } from './heartbeats.ts';
import type { InboundRouter } from './inbound-router.ts';
import type { PeerLink } from './peer-link.ts';
import type { NamedFrame, RoomOutcomes } from './room-outcomes.ts';
import type { WorldRoom } from './world-rooms.ts';

export class TickPass {
  readonly #core: HostCore;
  readonly #router: InboundRouter;

  constructor(core: HostCore, router: InboundRouter) {
    this.#core = core;
    this.#router = router;
  }

  /** `steps` ≥ 1 ticks are due; snapshots leave once, for the last of them. */
  run(steps: number): void {
    const { sessions, rooms, outbox, counters, suspicions, clock } = this.#core;
    outbox.beginPass();
    const { heartbeatsDue } = sessions.evaluate();
    suspicions.review(clock.now());
    for (let step = 0; step < steps; step += 1) {
      counters.ticks += 1;
      for (const room of rooms) this.#stepRoom(room);
    }
    for (const room of rooms) this.#broadcast(room);
    for (const session of heartbeatsDue) {
      const link = linkOf(this.#core, session);
      if (link === undefined || session.state !== 'logged-in') continue;
      this.#forPeer(link, () => sendHeartbeat(this.#core, link));
    }
    for (const link of this.#core.reportsDue) this.#forPeer(link, () => this.#sendReport(link));
    outbox.endPass();
  }

  /** The host has stopped: what still waited gets its verdict, and the worlds are closed. */
  closeWorlds(reason: Error): void {
    for (const room of this.#core.rooms) {
      this.#noteVerdicts(room.world.fail(reason));
      this.#core.rooms.close(room);
    }
  }

  #forPeer(link: PeerLink, work: () => void): void {
    try {
      work();
    } catch (error) {
      failPeer(this.#core, link, error);
    }
  }

  #stepRoom(room: WorldRoom): void {
    const { world } = room;
    const step = world.step();
    this.#noteVerdicts(step.verdicts);
    for (const { session, error } of step.faults) {
      reportUserError(this.#core, error, `authority in world ${world.worldId}`);
      const link = linkOf(this.#core, session);
      if (link !== undefined) closePeer(this.#core, link, 'internal-error');
    }
    if (world.failure !== undefined) {
      this.#failWorld(room, world.failure);
      return;
    }
    this.#core.keeper.keep(room);
    this.#guard(room, () => this.#sendStep(room, step));
    if (world.playerCount > 0 || room.joining > 0) return;
    this.#core.rooms.close(room);
    // The last one has left within this very step: its inputs have no other.
    this.#noteVerdicts(world.takeDropped());
  }

  /** Every input gets its verdict, also one whose player has gone or whose world has failed. */
  #noteVerdicts(verdicts: WorldStep['verdicts']): void {
    for (const { session, input, verdict } of verdicts) {
      const link = linkOf(this.#core, session);
      if (link === undefined) this.#router.noteUntoldVerdict(session, input, verdict);
      else this.#router.noteVerdict(link, input, verdict);
    }
  }

  #sendStep({ world, outcomes }: WorldRoom, step: WorldStep): void {
    const { broadcaster } = this.#core;
    for (const bytes of broadcaster.encodeRosterChanges(step.roster)) {
      outcomes.send({ lane: 'reliable', bytes });
    }
    if (step.events.length === 0) return;
    for (const frame of broadcaster.route(world, step.events)) {
      if (frame.playerId === undefined) outcomes.tell(frame);
      else this.#tellPlayer(outcomes, frame.playerId, frame);
    }
  }

  #tellPlayer(outcomes: RoomOutcomes, playerId: PlayerId, frame: NamedFrame): void {
    const session = this.#core.sessions.getByPlayer(playerId);
    const seat = session && this.#core.seats.get(session.sessionId);
    if (seat !== undefined) outcomes.tell(frame, seat);
  }

  #broadcast(room: WorldRoom): void {
    const { world, links, snapshots } = room;
    if (links.size === 0) return;
    this.#guard(room, () => {
      const { outbox, counters } = this.#core;
      const encodingsBefore = snapshots.encodings;
      for (const link of links) {
        this.#acknowledge(link, world);
        outbox.sendLatest(link, 'snapshot', snapshots.frameFor(link.snapshots));
      }
      counters.snapshotsEncoded += snapshots.encodings - encodingsBefore;
    });
  }

  #acknowledge(link: PeerLink, world: World): void {
    const { playerId } = link.session;
    const ack = playerId === undefined ? undefined : world.inputAckOf(playerId);
    if (ack === undefined || ack.lastInputTick === link.acknowledgedInputTick) return;
    link.acknowledgedInputTick = ack.lastInputTick;
    const bytes = this.#core.broadcaster.encodeInputAck(ack);
    this.#core.outbox.sendLatest(link, 'input-ack', { lane: 'sync', bytes });
  }

  #sendReport(link: PeerLink): void {
    const { reportsDue, rooms } = this.#core;
    reportsDue.delete(link);
    const room = rooms.get(link.session.worldId);
    const report = room && link.seat.verdicts.takeReport(room.world.tick);
    if (report === undefined) return;
    room?.outcomes.send({ lane: 'reliable', bytes: encodeServerMessage(report) }, link.seat);
  }

  /** What a world's authorities make us encode can throw as well: the same end. */
  #guard(room: WorldRoom, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failWorld(room, error);
    }
  }

  #failWorld(room: WorldRoom, error: unknown): void {
    const { sessions, counters, rooms } = this.#core;
    const { world } = room;
    counters.worldsFailed += 1;
    reportUserError(this.#core, error, `world ${world.worldId} failed`);
    if (world.failure === undefined) this.#noteVerdicts(world.fail(error));
    for (const session of sessions) {
      if (session.worldId === world.worldId) sessions.remove(session, 'world-failed');
    }
    rooms.close(room);
  }
}
