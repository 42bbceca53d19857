/**
 * The page of the tests about reloads and tabs: it logs in as soon as it is loaded, under the name
 * in its address. Bundled from the sources by resume-site.ts. Out: `window.game`.
 */
import { connect, HoldfastError } from '../../src/client/index.ts';
import type { Client } from '../../src/client/index.ts';

/** What a page has come to; plain values alone. */
export interface GameView {
  /** `connecting`, a state of the session, or `refused`. */
  readonly state: string;
  /** Why it is in that state, or what `connect` was refused with. */
  readonly cause: string;
  readonly sessionId: string;
  readonly epoch: number;
  readonly entity: number | undefined;
  /** Every state since the login. */
  readonly states: readonly string[];
}

export interface Game {
  readonly view: GameView;
  /** Tries once more to get in. */
  play(options?: { readonly resume?: boolean }): Promise<void>;
  leave(): Promise<void>;
}

declare global {
  interface Window {
    game?: Game;
  }
}

const url = `ws://${location.host}/play`;
const name = new URLSearchParams(location.search).get('name') ?? 'ada';

class PageGame implements Game {
  #client: Client | undefined;
  #refusal: string | undefined;
  readonly #states: string[] = [];

  get view(): GameView {
    const client = this.#client;
    const waiting = this.#refusal === undefined ? 'connecting' : 'refused';
    return {
      state: client?.state ?? waiting,
      cause: client?.lastCause ?? this.#refusal ?? '',
      sessionId: client?.sessionId ?? '',
      epoch: client?.epoch ?? 0,
      entity: client?.self?.entity,
      states: [...this.#states],
    };
  }

  async play(options: { readonly resume?: boolean } = {}): Promise<void> {
    [this.#client, this.#refusal] = [undefined, undefined];
    try {
      const client = await connect({ url, credentials: { name }, ...options });
      client.on('state', ({ to }) => this.#states.push(to));
      this.#client = client;
    } catch (error) {
      this.#refusal = error instanceof HoldfastError ? error.code : String(error);
    }
  }

  async leave(): Promise<void> {
    await this.#client?.leave();
  }
}

window.game = new PageGame();
void window.game.play();
