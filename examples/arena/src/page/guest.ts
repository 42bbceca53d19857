/**
 * Who this tab is: a random secret that proves the player, and the name that was typed last. Both
 * live in sessionStorage: a reload is the same player, a new tab another one, and a duplicated tab
 * (browsers copy sessionStorage) the same player a second time.
 */
const SECRET_KEY = 'arena.secret';
const NAME_KEY = 'arena.name';
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
}
