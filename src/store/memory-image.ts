/** All that a memory store keeps, as plain maps of sealed bytes; a copy of one is a backup. */
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { StoreWitness } from './session-store.ts';
import type { StoreBytes, WorldBytes, WorldTicks } from './store-engine.ts';
import type { StoreWrite, TickWrite } from './store-write.ts';

export class MemoryImage {
  /** Undefined until the store was opened for the first time. */
  witness: StoreWitness | undefined;
  readonly #sessions = new Map<SessionId, Uint8Array>();
  readonly #worlds = new Map<WorldId, WorldBytes>();

  copy(): MemoryImage {
    const copy = new MemoryImage();
    copy.witness = this.witness;
    for (const [sessionId, bytes] of this.#sessions) copy.#sessions.set(sessionId, bytes);
    for (const [worldId, world] of this.#worlds) copy.#worlds.set(worldId, world);
    return copy;
  }

  read(): StoreBytes {
    return { sessions: [...this.#sessions.values()], worlds: [...this.#worlds.values()] };
  }

  readSession(sessionId: SessionId): Uint8Array | undefined {
    return this.#sessions.get(sessionId);
  }

  readTicks(worldId: WorldId): WorldTicks | undefined {
    const world = this.#worlds.get(worldId);
    if (world === undefined) return undefined;
    const { tick: checkpointTick } = world.checkpoint;
    return { checkpointTick, lastTick: world.journal.at(-1)?.tick ?? checkpointTick };
  }

  apply(write: StoreWrite): void {
    switch (write.kind) {
      case 'put-session':
        this.#sessions.set(write.sessionId, write.bytes);
        if (write.replaced !== undefined) this.#sessions.delete(write.replaced.sessionId);
        break;
      case 'delete-session':
        this.#sessions.delete(write.sessionId);
        break;
      case 'delete-world':
        this.#worlds.delete(write.worldId);
        break;
      case 'put-checkpoint':
      case 'append-journal':
        this.#applyTick(write);
        break;
    }
  }

  /** Worlds are replaced, never changed: copies share them. */
  #applyTick({ kind, worldId, tick, bytes }: TickWrite): void {
    const world = this.#worlds.get(worldId);
    const journal = world?.journal ?? [];
    const record = { tick, bytes };
    if (kind === 'put-checkpoint') {
      const rest = journal.filter((each) => each.tick > tick);
      this.#worlds.set(worldId, { worldId, checkpoint: record, journal: rest });
    } else if (world !== undefined) {
      this.#worlds.set(worldId, { ...world, journal: [...journal, record] });
    }
  }
}
