/**
 * Drawn lives of a server over one disk: players come, go, drop, resume and fight while the disk is
 * well, fails, loses answers or hangs, and the process is killed again and again. Judged by what
 * the players have seen alone.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Disk, type DiskState } from '../support/disk.ts';
import { move, shoot } from '../support/durable-play.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ServerProcess } from '../support/server-process.ts';

const NAMES = ['ann', 'bob', 'cid', 'dan'] as const;
type Name = (typeof NAMES)[number];

type Step =
  | { readonly op: 'login' | 'leave' | 'drop' | 'resume' | 'move' | 'shoot'; readonly name: Name }
  | { readonly op: 'disk'; readonly state: DiskState }
  | { readonly op: 'kill' }
  | { readonly op: 'restart' };

const name = fc.constantFrom(...NAMES);
const step: fc.Arbitrary<Step & { readonly ms: number }> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ op: fc.constant('login' as const), name }) },
      { weight: 1, arbitrary: fc.record({ op: fc.constant('leave' as const), name }) },
      { weight: 2, arbitrary: fc.record({ op: fc.constant('drop' as const), name }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('resume' as const), name }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('move' as const), name }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('shoot' as const), name }) },
      {
        weight: 3,
        arbitrary: fc.record({
          op: fc.constant('disk' as const),
          state: fc.constantFrom<DiskState>('well', 'well', 'failing', 'answerless', 'hanging'),
        }),
      },
      { weight: 2, arbitrary: fc.constant({ op: 'kill' as const }) },
      { weight: 1, arbitrary: fc.constant({ op: 'restart' as const }) },
    ),
    fc.integer({ min: 0, max: 180 }),
  )
  .map(([what, ms]) => ({ ...what, ms }));

/** What a player may count on. */
interface Stay {
  peer: RawPeer;
  readonly sessionId: string;
  readonly entity: number;
  epoch: number;
  /** The goodbye was asked for: from here on both is right, being in and being out. */
  isLeaving: boolean;
}

/** Of a snapshot's row, what stays while nobody plays: x, y, hit points, kills. */
const JUDGED = [0, 1, 4, 6] as const;
const IS_ALIVE = 5;

type Seen = readonly number[];

class Life {
  readonly disk = new Disk();
  readonly stays = new Map<Name, Stay>();
  /** What anybody has seen of anybody, by tick of the present history. */
  readonly #seen = new Map<number, Map<number, Seen>>();
  readonly #journal: 'behind' | 'ahead';
  /** The newest that was seen. */
  #tick = 0;
  server!: ServerProcess;

  constructor(journal: 'behind' | 'ahead') {
    this.#journal = journal;
  }

  async start(): Promise<void> {
    this.disk.state = 'well';
    this.server = await ServerProcess.start(this.disk, {
      journal: this.#journal,
      checkpointIntervalMs: 130,
      limits: { seatMovesPerMinute: 100_000, seatMoveBurst: 10_000 },
    });
  }

  async run({ ms, ...what }: Step & { readonly ms: number }): Promise<void> {
    await this.#do(what);
    await this.server.passMs(ms);
    expect(this.server.errors.filter((error) => !isDiskError(error))).toEqual([]);
  }

  async #do(what: Step): Promise<void> {
    switch (what.op) {
      case 'login':
        return this.#login(what.name);
      case 'resume':
        return this.#resume(what.name);
      case 'disk':
        this.disk.state = what.state;
        return undefined;
      case 'kill':
        this.server.kill();
        return this.#begin();
      case 'restart':
        await this.server.stop('keep');
        // A disk that hangs lets the place go only with the process.
        this.server.kill();
        return this.#begin();
      case 'leave':
      case 'drop':
      case 'move':
      case 'shoot':
        return this.#act(what.op, what.name);
      default:
        return what satisfies never;
    }
  }

  async #login(player: Name): Promise<void> {
    if (this.stays.has(player)) return;
    const peer = await this.#connect();
    peer.login({ playerId: player });
    await this.server.passMs(30);
    const accepted = peer.first('login-accepted');
    if (accepted === undefined) {
      // It may come to be yet, or have been without a word: nobody counts on it.
      peer.drop();
      await this.server.passMs(30);
      if (peer.first('login-accepted') === undefined) return;
    }
    const { sessionId, entity, epoch } = peer.first('login-accepted')!;
    this.stays.set(player, { peer, sessionId, entity, epoch, isLeaving: false });
  }

  async #resume(player: Name): Promise<void> {
    const stay = this.stays.get(player);
    if (stay === undefined || !stay.peer.isClosed || stay.isLeaving) return;
    const peer = await this.#connect();
    peer.resume(stay.peer);
    await this.server.passMs(30);
    const [accepted, rejected] = [peer.first('login-accepted'), peer.first('login-rejected')];
    if (rejected !== undefined) expect([player, rejected.code]).toEqual([player, 'busy']);
    if (accepted === undefined) {
      peer.drop();
      return;
    }
    const { sessionId, entity } = stay;
    expect(accepted).toMatchObject({ sessionId, entity, isResumed: true });
    expect(accepted.epoch).toBeGreaterThan(stay.epoch);
    stay.epoch = accepted.epoch;
    stay.peer = peer;
  }

  #act(op: 'leave' | 'drop' | 'move' | 'shoot', player: Name): void {
    const stay = this.stays.get(player);
    if (stay === undefined || stay.peer.isClosed) return;
    if (op === 'move') move(stay.peer);
    else if (op === 'shoot')
      shoot(
        stay.peer,
        NAMES.find((other) => other !== player)!,
      );
    else if (op === 'drop') stay.peer.drop();
    else {
      stay.isLeaving = true;
      stay.peer.send({ kind: 'leave' });
    }
  }

  async #connect(): Promise<RawPeer> {
    const peer = await this.server.connect();
    peer.onMessage = (message) => {
      if (message.kind !== 'snapshot') return;
      const rows = message.players.map(({ entity, fields }) => [entity, [...fields]] as const);
      this.#note(message.tick, new Map(rows));
    };
    return peer;
  }

  /** Everybody sees the same at the same tick. A world that everybody has left begins anew. */
  #note(tick: number, seen: Map<number, Seen>): void {
    if (tick < this.#tick) this.#seen.clear();
    this.#tick = tick;
    const before = this.#seen.get(tick);
    if (before !== undefined) expect(seen).toEqual(before);
    this.#seen.set(tick, seen);
  }

  /** Another process: everybody who counts on it is there, in the entity that is theirs alone. */
  async #begin(): Promise<void> {
    await this.start();
    const { server } = this;
    for (const [player, stay] of this.stays) {
      stay.peer.isClosed = true;
      const session = [...server.host.sessions].find(({ playerId }) => playerId === player);
      if (stay.isLeaving) {
        this.stays.delete(player);
        if (session !== undefined) server.host.evict(session);
        continue;
      }
      expect(session, `${player} is back`).toMatchObject({
        sessionId: stay.sessionId,
        state: 'reconnecting',
      });
      expect(session!.epoch).toBeGreaterThanOrEqual(stay.epoch);
    }
    await this.#checkState();
  }

  /** The world goes on from what was seen at that tick; what was seen later never was. */
  async #checkState(): Promise<void> {
    const [world] = this.server.noticesOf('world-restored');
    const kept = world && this.#seen.get(world.tick);
    for (const tick of this.#seen.keys()) {
      if (world === undefined || tick > world.tick) this.#seen.delete(tick);
    }
    this.#tick = world?.tick ?? 0;
    if (kept === undefined || world === undefined) return;
    const witness = await this.#connect();
    witness.login({ playerId: 'witness' });
    await this.server.passMs(120);
    const after = this.#seen.get(world.tick + 1) ?? this.#seen.get(world.tick + 2);
    for (const { entity } of this.stays.values()) {
      const [before, now] = [kept.get(entity), after?.get(entity)];
      // Who is dead may come to life in that very tick.
      if (before === undefined || now === undefined || before[IS_ALIVE] === 0) continue;
      expect(JUDGED.map((field) => now[field])).toEqual(JUDGED.map((field) => before[field]));
    }
    witness.send({ kind: 'leave' });
    await this.server.passMs(10);
  }
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && /store|not written|not deleted/.test(error.message);
}

test.each(['behind', 'ahead'] as const)(
  'whatever dies and whenever, everybody is back in session and entity: %s',
  async (journal) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const life = new Life(journal);
        await life.start();
        for (const each of steps) await life.run(each);
      }),
      { numRuns: 30 },
    );
  },
  120_000,
);
