/**
 * Crash equivalence: what the clients see of a server that died and came back is what one that
 * never died would have shown, but for what was not durable, which they are told. Epochs never
 * fall, entities stay, no acknowledged tick is lost, with `ahead` no outcome that was told is
 * undone. In: a run with a store. Out: findings; without a store there is nothing to say.
 */
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';
import type { LoginAccepted } from '../../protocol/messages.ts';
import { decodeServerMessage } from '../../protocol/server-codec.ts';
import type { WorldTape } from '../environment-tape.ts';
import { SERVER_BEGINS } from '../run-recorder.ts';
import type { PeerRun, RunDurability, RunResult } from '../run-result.ts';
import type { TraceCursor } from '../trace.ts';
import { isTroubled } from './disk-troubles.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { DownCount } from './reliable/down-count.ts';
import { readTick } from './wire/frame-peek.ts';

const ACCEPTED = MESSAGE_KIND_BYTES['login-accepted'];
const RESYNCED = MESSAGE_KIND_BYTES.resynced;
const RESUME = MESSAGE_KIND_BYTES.resume;
const COMBAT = MESSAGE_KIND_BYTES['combat-event'];

/** Longer than a good disk takes, and what was told then was durable long ago. */
const HELD_MS_MAX = 2_000;

type Report = (peer: string | undefined, at: number, text: string) => void;

export function checkRecovery(run: RunResult): OracleFinding[] {
  const { durability, name, seed } = run;
  if (durability === undefined) return [];
  const findings: OracleFinding[] = [];
  const report: Report = (peer, at, text) => {
    const where = `${peer ?? 'a world'} in '${name}' (seed ${seed}) at ${at} ms`;
    findings.push({ oracle: 'recovery', peer, at, text: `${where}: ${text}` });
  };
  const restorations = restorationsOf(run);
  for (const restoration of restorations) checkTicks(restoration, durability, report);
  for (const peer of run.peers.values()) new PeerStory(peer, { restorations, report }).read();
  if (durability.journal === 'ahead') {
    const held = restorations.filter((each) => wasHeld(each, durability));
    for (const peer of run.peers.values()) checkOutcomes(peer, held, report);
  }
  return findings;
}

/** A world that goes on in another process. */
interface Restoration {
  readonly at: number;
  readonly worldId: string;
  readonly tick: number;
  /** What the world had done in the process that died. */
  readonly before: WorldTape | undefined;
}

function restorationsOf({ tape }: RunResult): Restoration[] {
  const restorations: Restoration[] = [];
  for (const life of tape) {
    const { worldId, openedAt: at, restoredTick: tick } = life;
    if (tick === undefined || life.entries.length === 0) continue;
    const lives = tape.livesOf(worldId);
    const before = lives
      .slice(0, lives.indexOf(life))
      .findLast(({ entries }) => entries.length > 0);
    restorations.push({ at, worldId, tick, before });
  }
  return restorations;
}

/** Whatever the store has said to have is there. */
function checkTicks(restoration: Restoration, { facts, losses }: RunDurability, report: Report) {
  const { at, worldId, tick, before } = restoration;
  if (before === undefined || losses.some((lostAt) => lostAt >= before.openedAt && lostAt <= at)) {
    return;
  }
  let acknowledged = 0;
  for (const fact of facts) {
    if (fact.worldId !== worldId || fact.at < before.openedAt || fact.at >= at) continue;
    // Fewer: another world of that name; what came before was the last of an older one.
    acknowledged = fact.tick;
  }
  if (tick >= acknowledged) return;
  report(undefined, at, `${worldId} goes on after tick ${tick}, ${acknowledged} was durable`);
}

/** What its world told waited for the disk: nobody was told early because that failed. */
function wasHeld({ before }: Restoration, durability: RunDurability): boolean {
  const diedAt = before?.entries.at(-1)?.at;
  if (before === undefined || diedAt === undefined) return false;
  if (durability.losses.some((lostAt) => lostAt >= before.openedAt)) return false;
  return !isTroubled(durability, { from: diedAt - HELD_MS_MAX, until: diedAt });
}

/** With `ahead`: nobody was told of a tick that never was. */
function checkOutcomes(
  { name, trace }: PeerRun,
  restorations: readonly Restoration[],
  report: Report,
): void {
  let newest = 0;
  let worldId = '';
  for (const entry of trace.entries('server-sent', 'note')) {
    if (entry.kind === 'note' && entry.text === SERVER_BEGINS) {
      const { at } = entry;
      const restored = restorations.find((each) => each.at >= at && each.worldId === worldId);
      if (restored?.at === at && newest > restored.tick) {
        report(name, at, `was told of tick ${newest}, and ${restored.tick} was the last`);
      }
      newest = 0;
    }
    if (entry.firstByte === ACCEPTED) {
      const accepted = decodeServerMessage(entry.bytes) as LoginAccepted;
      if (accepted.worldId !== worldId) newest = 0;
      worldId = accepted.worldId;
    }
    if (entry.firstByte === COMBAT) newest = Math.max(newest, readTick(entry.bytes));
  }
}

interface StoryOptions {
  readonly restorations: readonly Restoration[];
  readonly report: Report;
}

/** One player, over all processes of the server. */
class PeerStory {
  readonly #peer: PeerRun;
  readonly #options: StoryOptions;
  readonly #count = new DownCount();
  /** By session. */
  readonly #epochs = new Map<string, number>();
  readonly #entities = new Map<string, string>();
  /** What a session was last told to have lost. */
  readonly #told = new Map<string, string>();
  /** Of the newest Resume of each connection. */
  readonly #lastTicks = new Map<number, number>();

  constructor(peer: PeerRun, options: StoryOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  read(): void {
    for (const cursor = this.#peer.trace.cursor(); cursor.next();) {
      if (cursor.kind === 'server-received') this.#hear(cursor);
      else if (cursor.kind === 'server-sent' && !cursor.isSync) this.#tell(cursor);
    }
  }

  #hear(cursor: TraceCursor): void {
    const { connection, firstByte } = cursor;
    if (firstByte !== RESUME) return;
    this.#count.handleReceived(connection, firstByte, () => cursor.bytes());
    const resume = this.#count.resumeOn(connection);
    if (resume !== undefined) this.#lastTicks.set(connection, resume.lastTick);
  }

  #tell(cursor: TraceCursor): void {
    const { connection, firstByte } = cursor;
    this.#count.handleSent(connection, firstByte, () => cursor.bytes());
    if (firstByte === ACCEPTED) this.#checkLogin(cursor);
    if (firstByte === RESYNCED) this.#checkLoss(cursor);
  }

  #checkLogin(cursor: TraceCursor): void {
    const accepted = decodeServerMessage(cursor.bytes());
    if (accepted.kind !== 'login-accepted') return;
    const { sessionId, epoch, worldId, entity } = accepted;
    const before = this.#epochs.get(sessionId) ?? 0;
    if (epoch <= before) this.#report(cursor, `epoch ${epoch} comes after ${before}`);
    this.#epochs.set(sessionId, epoch);
    const key = `${sessionId} in ${worldId}`;
    const known = this.#entities.get(key);
    if (known !== undefined && known !== String(entity)) {
      this.#report(cursor, `is entity ${entity}, and was ${known} in the same session`);
    }
    this.#entities.set(key, String(entity));
  }

  /** Of a crash: from where the world goes on, and how much of what was seen never was. */
  #checkLoss(cursor: TraceCursor): void {
    const { connection, at } = cursor;
    const { resynced, continuation, sessionId = '' } = this.#count.link(connection) ?? {};
    if (resynced === undefined || continuation !== 'restarted') return;
    const { fromTick, ticksLost } = resynced;
    const lastTick = this.#lastTicks.get(connection) ?? 0;
    const restored = this.#options.restorations.findLast(
      (each) => each.at <= at && each.tick === fromTick,
    );
    const lost = restored === undefined ? 0 : Math.max(0, lastTick - fromTick);
    // Who may not have heard of it is told the same once more.
    const key = `${fromTick} ${ticksLost}`;
    const wasTold = this.#told.get(sessionId) === key;
    this.#told.set(sessionId, key);
    if (ticksLost === lost || wasTold) return;
    this.#report(cursor, `is told of ${ticksLost} ticks lost from ${fromTick}, not of ${lost}`);
  }

  #report({ at }: TraceCursor, text: string): void {
    this.#options.report(this.#peer.name, at, text);
  }
}
