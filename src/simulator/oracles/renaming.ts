/**
 * Which name in a second run stands for which in the first. In: pairs. Out: names, ids and texts of
 * the second run as the first would have them. An id is a name wherever it stands alone.
 */
import type { PlayerId } from '../../protocol/ids.ts';

export class Renaming {
  readonly #originalOf: ReadonlyMap<string, string>;

  /** From the new name to the one it had; names that are not listed are the same in both runs. */
  constructor(originalByName: Iterable<readonly [renamed: string, original: string]>) {
    this.#originalOf = new Map(originalByName);
  }

  /** Any text that may be a name as a whole. */
  original(name: string): string {
    return this.#originalOf.get(name) ?? name;
  }

  originalId(playerId: PlayerId): PlayerId {
    return this.original(playerId) as PlayerId;
  }

  /** JSON text in which values may be names. What is no JSON stays as it is. */
  originalJson(text: string): string {
    try {
      return JSON.stringify(this.#originalValue(JSON.parse(text)));
    } catch {
      return text;
    }
  }

  #originalValue(value: unknown): unknown {
    if (typeof value === 'string') return this.original(value);
    if (Array.isArray(value)) return value.map((each) => this.#originalValue(each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, each]): [string, unknown] => [
      key,
      this.#originalValue(each),
    ]);
    return Object.fromEntries(entries);
  }
}
