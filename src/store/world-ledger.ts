/**
 * Which ticks are stored for each world, so that a journal always begins at its checkpoint, never
 * has a hole, and no checkpoint goes back. The same way as session-ledger.ts: judgements count once
 * their commit is durable. In: writes in their order, the fate of commits. Out: whether a write may
 * be made.
 */
import type { WorldId } from '../protocol/ids.ts';
import type { WorldTicks } from './store-engine.ts';
import type { WorldWrite } from './store-write.ts';

export class WorldLedger {
  readonly #ticks = new Map<WorldId, WorldTicks>();
  /** As they will be when the commit that is being made is durable. */
  readonly #tentative = new Map<WorldId, WorldTicks | undefined>();
  readonly #unknown = new Set<WorldId>();

  /** Whether it is not known what is stored for the world. */
  isUnknown(worldId: WorldId): boolean {
    return this.#unknown.has(worldId);
  }

  /** What was read; undefined = nothing is stored. */
  learn(worldId: WorldId, ticks: WorldTicks | undefined): void {
    this.#unknown.delete(worldId);
    this.#set(worldId, ticks);
  }

  /** Whether the write may be made after all that was judged before; it counts if so. */
  judge(write: WorldWrite): boolean {
    const { worldId } = write;
    if (write.kind === 'delete-world') {
      this.#tentative.set(worldId, undefined);
      return true;
    }
    const { kind, tick } = write;
    const ticks = this.#tentative.has(worldId)
      ? this.#tentative.get(worldId)
      : this.#ticks.get(worldId);
    const next = kind === 'append-journal' ? appended(ticks, tick) : checkpointed(ticks, tick);
    if (next === undefined) return false;
    this.#tentative.set(worldId, next);
    return true;
  }

  commit(): void {
    for (const [worldId, ticks] of this.#tentative) this.#set(worldId, ticks);
    this.#tentative.clear();
  }

  /** The outcome of what was judged is unknown. */
  doubt(): void {
    for (const worldId of this.#tentative.keys()) this.#unknown.add(worldId);
    this.#tentative.clear();
  }

  #set(worldId: WorldId, ticks: WorldTicks | undefined): void {
    if (ticks === undefined) this.#ticks.delete(worldId);
    else this.#ticks.set(worldId, ticks);
  }
}

/** Undefined where it would leave a hole. */
function appended(ticks: WorldTicks | undefined, tick: number): WorldTicks | undefined {
  if (ticks === undefined || tick !== ticks.lastTick + 1) return undefined;
  return { checkpointTick: ticks.checkpointTick, lastTick: tick };
}

/** Undefined where it would go back. */
function checkpointed(ticks: WorldTicks | undefined, tick: number): WorldTicks | undefined {
  if (ticks === undefined) return { checkpointTick: tick, lastTick: tick };
  if (tick < ticks.checkpointTick) return undefined;
  return { checkpointTick: tick, lastTick: Math.max(tick, ticks.lastTick) };
}
