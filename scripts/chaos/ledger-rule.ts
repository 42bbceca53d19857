/**
 * A rule that writes down which tokens of each player were applied, and answers each with the
 * newest of them: an input that is applied twice, or an outcome that is undone, shows in the next.
 * In: tokens. Out: `ledger` messages to the player, `tokens` in the snapshot; both survive.
 */
import { ACCEPTED, rejected, StateReader, StateWriter } from 'holdfast/authority';
import type { Authority, AuthorityEvent, AuthorityInput, Verdict } from 'holdfast/authority';
import type { PlayerId } from 'holdfast/protocol';
import type { TokenPayload } from './chaos-messages.ts';

/** So many tokens are named in an answer: more than a client sends while it is away. */
const RECENT_MAX = 24;
const FORMAT = 1;
/** A short name, its count, the number of tokens. */
const PLAYER_BYTES_MIN = 3;

interface Page {
  count: number;
  recent: number[];
}

type Session = Parameters<Authority['handleInput']>[0];

export class LedgerRule implements Authority {
  readonly name = 'ledger';
  readonly inputKinds = ['token'];
  readonly snapshotFields = [{ name: 'tokens', precision: 1, interpolation: 'step' }] as const;
  #pages = new Map<PlayerId, Page>();
  #answered: { readonly playerId: PlayerId; readonly number: number; readonly page: Page }[] = [];

  addPlayer(playerId: PlayerId): void {
    this.#pages.set(playerId, { count: 0, recent: [] });
  }

  removePlayer(playerId: PlayerId): void {
    this.#pages.delete(playerId);
  }

  suspendPlayer(): void {}

  resumePlayer(): void {}

  handleInput({ playerId }: Session, input: AuthorityInput): Verdict {
    const page = playerId === undefined ? undefined : this.#pages.get(playerId);
    if (playerId === undefined || page === undefined) return rejected('not-logged-in');
    if (input.kind !== 'user-input') return rejected('unknown-input');
    const { number } = input.payload as TokenPayload;
    page.count += 1;
    page.recent = [...page.recent, number].slice(-RECENT_MAX);
    this.#answered.push({ playerId, number, page: { ...page } });
    return ACCEPTED;
  }

  step(tick: number): readonly AuthorityEvent[] {
    const events = this.#answered.map(({ playerId, number, page }): AuthorityEvent => {
      const { count, recent } = page;
      return {
        scope: { to: 'peer', playerId },
        message: { kind: 'user-event', name: 'ledger', payload: { tick, number, count, recent } },
      };
    });
    this.#answered = [];
    return events;
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    target.push(this.#pages.get(playerId)?.count ?? 0);
  }

  checkpoint(): Uint8Array {
    const writer = new StateWriter();
    writer.byte(FORMAT);
    writer.varint(this.#pages.size);
    for (const [playerId, { count, recent }] of this.#pages) {
      writer.text(playerId);
      writer.varint(count);
      writer.varint(recent.length);
      for (const number of recent) writer.varint(number);
    }
    return writer.finish();
  }

  restore(state: Uint8Array): void {
    const reader = new StateReader(state, 'the state of the ledger');
    reader.check(reader.byte() === FORMAT, 'has another format');
    const pages = new Map<PlayerId, Page>();
    const players = reader.count(PLAYER_BYTES_MIN);
    for (let index = 0; index < players; index += 1) {
      const playerId = reader.text() as PlayerId;
      const count = reader.varint();
      const recent = Array.from({ length: reader.count(1) }, () => reader.varint());
      pages.set(playerId, { count, recent });
    }
    reader.end();
    this.#pages = pages;
  }
}
