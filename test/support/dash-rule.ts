/**
 * A rule of a game's own: a `dash` message throws its player 3 m ahead, once in 2 s.
 * docs/AUTHORITIES.md prints this file.
 */
import {
  ACCEPTED,
  directionOf,
  rejected,
  type Authority,
  type AuthorityEvent,
  type AuthorityInput,
  type MovementAuthority,
  type Verdict,
  type WorldContext,
} from 'holdfast/authority';
import { defineMessages, type PlayerId } from 'holdfast/protocol';
import type { StandardSchemaV1 } from '@standard-schema/spec';

type Dash = { readonly x: number; readonly y: number };
type Dashed = { readonly playerId: string };

/** Any Standard Schema will do (zod, valibot, arktype …); these are written by hand. */
function schemaOf<Value>(isValid: (value: Partial<Value>) => boolean): StandardSchemaV1<Value> {
  const validate = (value: unknown) =>
    isValid(value ?? {}) ? { value: value as Value } : { issues: [{ message: 'not valid' }] };
  return { '~standard': { version: 1, vendor: 'example', validate } };
}

/** Shared by server and client: `dash` goes up, `dashed` comes down. */
export const dashMessages = defineMessages({
  dash: {
    lane: 'reliable',
    schema: schemaOf<Dash>(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)),
  },
  dashed: {
    lane: 'reliable',
    schema: schemaOf<Dashed>(({ playerId }) => typeof playerId === 'string'),
  },
});

const DASH_METRES = 3;
const RECHARGE_SECONDS = 2;

export class DashAuthority implements Authority {
  readonly name = 'dash';
  readonly inputKinds = ['dash'];
  readonly snapshotFields = [
    { name: 'dashReadyInTicks', precision: 1, interpolation: 'step' },
  ] as const;
  readonly #context: WorldContext;
  readonly #movement: MovementAuthority;
  /** The first tick in which each player may dash again. */
  readonly #readyTick = new Map<PlayerId, number>();
  readonly #events: AuthorityEvent[] = [];

  constructor(context: WorldContext, movement: MovementAuthority) {
    this.#context = context;
    this.#movement = movement;
  }

  addPlayer(playerId: PlayerId): void {
    this.#readyTick.set(playerId, 0);
  }

  removePlayer(playerId: PlayerId): void {
    this.#readyTick.delete(playerId);
  }

  // A seat that is held recharges like any other.
  suspendPlayer(): void {}
  resumePlayer(): void {}

  handleInput({ playerId }: { playerId: PlayerId | undefined }, input: AuthorityInput): Verdict {
    if (playerId === undefined || input.kind !== 'user-input') return rejected('unknown-input');
    const { x, y } = input.payload as Dash; // The host has held it against the schema.
    const { tick, tickRateHz } = this.#context;
    const ahead = directionOf(x, y);
    if (ahead.length === 0) return rejected('no-direction');
    if (this.#ticksLeft(playerId) > 0) return rejected('dash-recharging');
    const delta = { x: ahead.x * DASH_METRES, y: ahead.y * DASH_METRES };
    if (!this.#movement.pushPlayer(playerId, delta)) return rejected('dash-while-dead');
    this.#readyTick.set(playerId, tick + RECHARGE_SECONDS * tickRateHz);
    const message = { kind: 'user-event', name: 'dashed', payload: { playerId } } as const;
    this.#events.push({ scope: { to: 'world' }, message });
    return ACCEPTED;
  }

  step(): readonly AuthorityEvent[] {
    return this.#events.splice(0);
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    target.push(this.#ticksLeft(playerId));
  }

  #ticksLeft(playerId: PlayerId): number {
    return Math.max(0, (this.#readyTick.get(playerId) ?? 0) - this.#context.tick);
  }
}
