/**
 * The resume tokens of every session: one that is valid, the one before it while nobody has proven
 * to have the newer, and those that are spent. Kept as hashes; the text exists in one message only.
 * In: tokens as they come, turns of a token's life. Out: new tokens, what a given one is.
 * Must not know: connections, states, the store. docs/RESUME.md draws a token's life.
 */
import { base64Url } from '../base/base64-url.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type { StoredTokens } from '../store/session-record.ts';

const TOKEN_BYTES = 16;
/** Each tells of one more resume that somebody copied; who replays an older one learns nothing. */
const SPENT_MAX = 16;

/** What a token is to the session that it is shown for. `unknown` also when there is no such. */
export type TokenKind = 'current' | 'previous' | 'spent' | 'unknown';

/** A token that nobody has yet. */
export interface NewToken {
  /** Goes into one LoginAccepted and nowhere else. */
  readonly text: string;
  readonly hash: Uint8Array;
}

export interface ResumeTokensOptions {
  readonly randomStreams: RandomStreams;
  readonly hashToken: (token: string) => Uint8Array;
}

export const NO_TOKENS: StoredTokens = Object.freeze({
  current: undefined,
  previous: undefined,
  spent: Object.freeze([]),
});

export class ResumeTokens {
  readonly #options: ResumeTokensOptions;
  readonly #bySession = new Map<SessionId, StoredTokens>();

  constructor(options: ResumeTokensOptions) {
    this.#options = options;
  }

  /** Sessions that have a token. */
  get size(): number {
    return this.#bySession.size;
  }

  /** For the connection that is about to be accepted: 128 random bits. */
  draw(peerId: PeerId): NewToken {
    const bytes = new Uint8Array(TOKEN_BYTES);
    this.#options.randomStreams(`resume-token:${peerId}`).fillBytes(bytes);
    const text = base64Url(bytes);
    return { text, hash: this.hashOf(text) };
  }

  hashOf(token: string): Uint8Array {
    return this.#options.hashToken(token);
  }

  /** The hash is compared with each that is kept: how long it takes says nothing. */
  judge(sessionId: SessionId, hash: Uint8Array): TokenKind {
    const { current, previous, spent } = this.of(sessionId);
    const isCurrent = isSame(current, hash);
    const isPrevious = isSame(previous, hash);
    const isSpent = spent.reduce((found, each) => isSame(each, hash) || found, false);
    if (isCurrent) return 'current';
    if (isPrevious) return 'previous';
    return isSpent ? 'spent' : 'unknown';
  }

  of(sessionId: SessionId): StoredTokens {
    return this.#bySession.get(sessionId) ?? NO_TOKENS;
  }

  set(sessionId: SessionId, tokens: StoredTokens): void {
    this.#bySession.set(sessionId, tokens);
  }

  forget(sessionId: SessionId): void {
    this.#bySession.delete(sessionId);
  }
}

/**
 * After a resume: the token that was shown stays good until the next one is known to have arrived.
 * Whoever shows the previous one has never seen the current: that one is worth nothing any more.
 */
export function rotateTokens(
  tokens: StoredTokens,
  shown: 'current' | 'previous',
  next: Uint8Array,
): StoredTokens {
  const { current, previous, spent } = tokens;
  if (shown === 'current') return { current: next, previous: current, spent: add(spent, previous) };
  return { current: next, previous, spent: add(spent, current) };
}

/**
 * After a login: what the session's last connection had is void. A token that was never shown is
 * none that was used twice.
 */
export function replaceTokens(
  { previous, spent }: StoredTokens,
  next: Uint8Array | undefined,
): StoredTokens {
  return { current: next, previous: undefined, spent: add(spent, previous) };
}

/** The peer has spoken under the current token. */
export function settleTokens({ current, previous, spent }: StoredTokens): StoredTokens {
  return { current, previous: undefined, spent: add(spent, previous) };
}

function add(spent: readonly Uint8Array[], hash: Uint8Array | undefined): readonly Uint8Array[] {
  return hash === undefined ? spent : [...spent, hash].slice(-SPENT_MAX);
}

/** Takes as long for any two hashes of one length. */
function isSame(kept: Uint8Array | undefined, given: Uint8Array): boolean {
  if (kept === undefined || kept.length !== given.length) return false;
  let difference = 0;
  // Deliberate: by index. `entries()` makes an array for each byte, and a session keeps 18 hashes.
  for (let index = 0; index < kept.length; index += 1) difference |= kept[index]! ^ given[index]!;
  return difference === 0;
}
