/**
 * A rule with everything that is hard to bring back: dice in its constructor, dice of the world and
 * of each player, debts that fall due ticks later, rejections with a code of its own, inputs at
 * which it throws. In: `luck` messages `{ stake }`. Out: points, and `paid` events.
 */
import type {
  Authority,
  AuthorityEvent,
  AuthorityInput,
  Verdict,
  WorldContext,
} from '../../src/authority/index.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { AuthorityModule } from './world-history.ts';

interface Debt {
  readonly playerId: PlayerId;
  readonly amount: number;
  readonly dueTick: number;
}

const FORMAT = 1;

export class LuckAuthority implements Authority {
  readonly name = 'luck';
  readonly inputKinds = ['luck'];
  readonly snapshotFields = [{ name: 'luck', precision: 1, interpolation: 'step' }] as const;
  readonly #context: WorldContext;
  readonly #module: AuthorityModule;
  /** Never kept: the same dice have to say it again. */
  readonly #house: number;
  readonly #points = new Map<PlayerId, number>();
  #debts: Debt[] = [];

  constructor(context: WorldContext, module: AuthorityModule) {
    this.#context = context;
    this.#module = module;
    this.#house = Math.floor(context.random() * 100);
  }

  addPlayer(playerId: PlayerId): void {
    this.#points.set(playerId, Math.floor(this.#context.randomFor(playerId) * 10));
  }

  removePlayer(playerId: PlayerId): void {
    this.#points.delete(playerId);
    this.#debts = this.#debts.filter((debt) => debt.playerId !== playerId);
  }

  suspendPlayer(): void {}

  resumePlayer(playerId: PlayerId): void {
    this.#points.set(playerId, this.#pointsOf(playerId) + 1);
  }

  handleInput({ playerId }: { playerId: PlayerId | undefined }, input: AuthorityInput): Verdict {
    const { rejected, ACCEPTED, CLAMPED } = this.#module;
    if (playerId === undefined || input.kind !== 'user-input') return rejected('unknown-input');
    const { stake } = input.payload as { readonly stake: number };
    if (stake < 0) throw new Error('a bug of the game');
    const roll = this.#context.randomFor(playerId) + this.#context.random();
    if (roll < 0.5) return rejected('no-luck');
    const amount = Math.floor(roll * stake) + this.#house;
    this.#debts.push({ playerId, amount, dueTick: this.#context.tick + 3 });
    return stake > 50 ? CLAMPED : ACCEPTED;
  }

  step(tick: number): readonly AuthorityEvent[] {
    const due = this.#debts.filter((debt) => debt.dueTick <= tick);
    this.#debts = this.#debts.filter((debt) => debt.dueTick > tick);
    return due.map(({ playerId, amount }): AuthorityEvent => {
      this.#points.set(playerId, this.#pointsOf(playerId) + amount);
      const payload = { playerId, amount, chance: this.#context.random() };
      return { scope: { to: 'world' }, message: { kind: 'user-event', name: 'paid', payload } };
    });
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    target.push(this.#pointsOf(playerId));
  }

  checkpoint(): Uint8Array {
    const writer = new this.#module.StateWriter();
    writer.byte(FORMAT);
    writer.varint(this.#points.size);
    for (const [playerId, points] of this.#points) {
      writer.text(playerId);
      writer.varint(points);
    }
    writer.varint(this.#debts.length);
    for (const { playerId, amount, dueTick } of this.#debts) {
      writer.text(playerId);
      writer.varint(amount);
      writer.varint(dueTick);
    }
    return writer.finish();
  }

  restore(state: Uint8Array): void {
    const reader = new this.#module.StateReader(state, 'the state of luck');
    reader.check(reader.byte() === FORMAT, 'has another format');
    for (let left = reader.count(2); left > 0; left -= 1) {
      this.#points.set(reader.text() as PlayerId, reader.varint());
    }
    for (let left = reader.count(3); left > 0; left -= 1) {
      const playerId = reader.text() as PlayerId;
      this.#debts.push({ playerId, amount: reader.varint(), dueTick: reader.varint() });
    }
    reader.end();
  }

  #pointsOf(playerId: PlayerId): number {
    const points = this.#points.get(playerId);
    if (points === undefined) throw new Error('the player is unknown to luck');
    return points;
  }
}
