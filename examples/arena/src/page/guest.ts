/**
 * Who this tab is: a random secret that proves the player, the name that was typed last, whether it
 * was playing. All of it lives in sessionStorage: a reload is the same player, a new tab another
 * one, and a duplicated tab (browsers copy sessionStorage) the same player a second time.
 */
const SECRET_KEY = 'arena.secret';
const NAME_KEY = 'arena.name';
const PLAYING_KEY = 'arena.playing';
/** 128 bits, as the server asks. */
const SECRET_BYTES = 16;

function createSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Guest {
  readonly #storage: Storage;
  readonly secret: string;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.secret = storage.getItem(SECRET_KEY) ?? createSecret();
    storage.setItem(SECRET_KEY, this.secret);
  }

  get name(): string {
    return this.#storage.getItem(NAME_KEY) ?? '';
  }

  set name(name: string) {
    this.#storage.setItem(NAME_KEY, name);
  }

  /** Whether the page that was here before was playing: then a reload plays on. */
  get isPlaying(): boolean {
    return this.#storage.getItem(PLAYING_KEY) !== null;
  }

  set isPlaying(isPlaying: boolean) {
    if (isPlaying) this.#storage.setItem(PLAYING_KEY, 'yes');
    else this.#storage.removeItem(PLAYING_KEY);
  }
}
