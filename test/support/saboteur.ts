/**
 * A rule of a game that goes wrong in every way a test can think of, when a player asks for it with
 * the message `note`. In: notes such as `throw`, `step`. Out: what should end that peer or world.
 */
import type { Authority, AuthorityEvent, AuthorityInput } from '../../src/authority/authority.ts';
import type { Verdict } from '../../src/authority/verdict.ts';
import { ACCEPTED, rejected } from '../../src/authority/verdict.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { SnapshotField } from '../../src/protocol/messages.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';

/** What a note can ask for. */
export const PEER_FAULTS = ['throw', 'answer nothing', 'answer nonsense', 'answer a long code'];
export const WORLD_FAULTS = [
  'throw in step',
  'throw nothing in step',
  'step without an answer',
  'throw in addPlayer',
  'throw in removePlayer',
  'throw in suspendPlayer',
  'throw in resumePlayer',
  'throw in readSnapshot',
  'throw in isVisible',
  'snapshot of nonsense',
  'snapshot too short',
  'event that nobody defined',
  'event that JSON cannot say',
  'event too large',
  'event without a scope',
];

export class Saboteur implements Authority {
  readonly name = 'saboteur';
  readonly inputKinds = ['note'];
  readonly snapshotFields: readonly SnapshotField[] = [
    { name: 'sabotage', precision: 1, interpolation: 'step' },
  ];
  #wish = '';

  handleInput(_session: ManagedSession, input: AuthorityInput): Verdict {
    const wish = input.kind === 'user-input' ? String(input.payload) : '';
    switch (wish) {
      case 'throw':
        throw new Error('sabotage');
      case 'answer nothing':
        return undefined as unknown as Verdict;
      case 'answer nonsense':
        return { outcome: 'splendid' } as unknown as Verdict;
      case 'answer a long code':
        return rejected('x'.repeat(100));
      case 'reject':
        return rejected('not-today');
      default:
        this.#wish = wish;
        return ACCEPTED;
    }
  }

  step(): readonly AuthorityEvent[] {
    this.#failIf('throw in step');
    if (this.#wish === 'throw nothing in step') throw undefined as unknown as Error;
    const scope = { to: 'world' } as const;
    const event = (name: string, payload: unknown): AuthorityEvent[] => [
      { scope, message: { kind: 'user-event', name, payload } },
    ];
    switch (this.#wish) {
      case 'step without an answer':
        return undefined as unknown as AuthorityEvent[];
      case 'event that nobody defined':
        return event('unheard-of', 1);
      case 'event that JSON cannot say':
        return event('note', 1n);
      case 'event too large':
        return event('note', 'x'.repeat(100_000));
      case 'event without a scope':
        return [{} as AuthorityEvent];
      default:
        return [];
    }
  }

  addPlayer(): void {
    this.#failIf('throw in addPlayer');
  }

  removePlayer(): void {
    this.#failIf('throw in removePlayer');
  }

  suspendPlayer(): void {
    this.#failIf('throw in suspendPlayer');
  }

  resumePlayer(): void {
    this.#failIf('throw in resumePlayer');
  }

  isVisible(): boolean {
    this.#failIf('throw in isVisible');
    return true;
  }

  readSnapshot(_playerId: PlayerId, target: number[]): void {
    this.#failIf('throw in readSnapshot');
    if (this.#wish === 'snapshot too short') return;
    target.push(this.#wish === 'snapshot of nonsense' ? Number.NaN : 0);
  }

  #failIf(wish: string): void {
    if (this.#wish === wish) throw new Error('sabotage');
  }
}
