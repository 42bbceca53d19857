/**
 * Which token takes which session up again, as docs/RESUME.md has it, read from the wire: the
 * newest that was sent, the one before it while nobody has spoken under the newest. In: tokens as
 * they are sent, turns of their life. Out: what a given one is. Shares no code with src/host.
 */
export type TokenKind = 'current' | 'previous' | 'spent' | 'unknown';

/** What a token looks like: 128 random bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{22}$/;

interface Ring {
  /** Undefined: drawn, and never sent. */
  current: string | undefined;
  previous: string | undefined;
  readonly spent: Set<string>;
  /** Somebody has spoken under `current`: surely, or perhaps. */
  confirmed: 'no' | 'perhaps' | 'yes';
}

export class ModelTokens {
  readonly #rings = new Map<string, Ring>();
  readonly #issued = new Set<string>();

  /** A login: what the session's last connection had is void. */
  replace(sessionId: string): void {
    this.#rings.set(sessionId, {
      current: undefined,
      previous: undefined,
      spent: this.#rings.get(sessionId)?.spent ?? new Set(),
      confirmed: 'no',
    });
  }

  /** A resume with the token that is `shown`. */
  rotate(sessionId: string, shown: 'current' | 'previous'): void {
    const ring = this.#ringOf(sessionId);
    const { current, previous, spent } = ring;
    const used = shown === 'current' ? current : previous;
    const dead = shown === 'current' ? previous : current;
    if (dead !== undefined) spent.add(dead);
    this.#rings.set(sessionId, { current: undefined, previous: used, spent, confirmed: 'no' });
  }

  /** LoginAccepted leaves; what is wrong with its token. */
  issue(sessionId: string, token: string, hasWindow: boolean): string | undefined {
    if (!hasWindow) return token === '' ? undefined : 'gets a token for a seat that nobody holds';
    if (!TOKEN.test(token)) return `gets the token '${token}', which is none`;
    if (this.#issued.has(token)) return 'gets a token that was given before';
    this.#issued.add(token);
    this.#ringOf(sessionId).current = token;
    return undefined;
  }

  /** The connection that has the current token has spoken. */
  confirm(sessionId: string, isSure: boolean): void {
    const ring = this.#rings.get(sessionId);
    if (ring === undefined || ring.confirmed === 'yes') return;
    ring.confirmed = isSure ? 'yes' : 'perhaps';
    if (!isSure || ring.previous === undefined) return;
    ring.spent.add(ring.previous);
    ring.previous = undefined;
  }

  /** Another process, which knows no more than its store: what was not written comes to nothing. */
  kindOf(sessionId: string, token: string): TokenKind {
    const ring = this.#rings.get(sessionId);
    if (ring === undefined) return 'unknown';
    if (ring.current === token) return 'current';
    if (ring.previous === token) return 'previous';
    return ring.spent.has(token) ? 'spent' : 'unknown';
  }

  /** The session is over. */
  forget(sessionId: string): void {
    this.#rings.delete(sessionId);
  }

  /** False: whether the token before the current is spent is not known. */
  isSure(sessionId: string): boolean {
    return this.#rings.get(sessionId)?.confirmed !== 'perhaps';
  }

  #ringOf(sessionId: string): Ring {
    const known = this.#rings.get(sessionId);
    if (known !== undefined) return known;
    this.replace(sessionId);
    return this.#ringOf(sessionId);
  }
}
