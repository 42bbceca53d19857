/**
 * How far everybody goes, as a bystander is told it: the sum of the distances from one snapshot to
 * the next. In: messages of the server. Out: metres by name. Must not know: who means what.
 */
import type { LoginAccepted, ServerMessage, Snapshot } from 'holdfast/protocol';

interface Place {
  readonly x: number;
  readonly y: number;
}

export class WayMeter {
  readonly #names = new Map<number, string>();
  readonly #metres = new Map<string, number>();
  #places = new Map<number, Place>();
  #columns: { readonly x: number; readonly y: number; readonly precision: number } | undefined;
  #tick = 0;
  #firstTick = Infinity;
  #lastTick = Infinity;

  /** The newest tick that was seen. */
  get tick(): number {
    return this.#tick;
  }

  get isDone(): boolean {
    return this.#tick >= this.#lastTick;
  }

  /** Measures from the newest tick on, for so many. */
  begin(ticks: number): void {
    this.#metres.clear();
    this.#firstTick = this.#tick;
    this.#lastTick = this.#tick + ticks;
  }

  /** Of a player, in metres; 0 for one who was never seen. */
  metresOf(name: string): number {
    return this.#metres.get(name) ?? 0;
  }

  handleMessage(message: ServerMessage): void {
    if (message.kind === 'login-accepted') this.#learnColumns(message);
    if (message.kind === 'snapshot') this.#look(message);
    if (message.kind !== 'roster') return;
    for (const { entity, playerId } of message.entered) this.#names.set(entity, playerId);
  }

  #learnColumns({ snapshotFields }: LoginAccepted): void {
    const indexOf = (name: string): number => snapshotFields.findIndex((one) => one.name === name);
    const x = indexOf('x');
    this.#columns = { x, y: indexOf('y'), precision: snapshotFields[x]?.precision ?? Number.NaN };
  }

  #look({ tick, players }: Snapshot): void {
    if (this.#columns === undefined) return;
    const { x, y, precision } = this.#columns;
    const isMeasured = this.#tick >= this.#firstTick && tick <= this.#lastTick;
    this.#tick = tick;
    const places = new Map<number, Place>();
    for (const { entity, fields } of players) {
      const place = { x: fields[x]! * precision, y: fields[y]! * precision };
      const before = this.#places.get(entity);
      const name = this.#names.get(entity);
      places.set(entity, place);
      if (!isMeasured || before === undefined || name === undefined) continue;
      const metres = Math.hypot(place.x - before.x, place.y - before.y);
      this.#metres.set(name, this.metresOf(name) + metres);
    }
    this.#places = places;
  }
}
