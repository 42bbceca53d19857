/**
 * What the store contract needs from a store under test: to open it, to lose its owner, and to
 * open it again. In: a way to make one. Out: openings, sample records.
 */
import { nodeRandomStreams, nodeScheduler } from '../../src/host/node-platform.ts';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { SessionRecord } from '../../src/store/session-record.ts';
import type {
  StoreHealthEvent,
  StoreOpening,
  StoreOpenOptions,
} from '../../src/store/session-store.ts';
import type { StoreLimits } from '../../src/store/store-limits.ts';

export interface HarnessOpenOptions extends Partial<StoreOpenOptions> {
  readonly limits?: Partial<StoreLimits>;
}

/** One place where bytes are kept. */
export interface StoreHarness {
  /** A new owner, in a process of its own as far as the store can see. */
  open(options?: HarnessOpenOptions): Promise<StoreOpening>;
  /** The owner's process dies; it says nothing any more. */
  crash(): void;
  /** Removes everything. */
  dispose(): Promise<void>;
}

/** Hears of health, and writes it down. */
export function healthLog(): {
  readonly events: StoreHealthEvent[];
  readonly onHealth: (event: StoreHealthEvent) => void;
} {
  const events: StoreHealthEvent[] = [];
  return { events, onHealth: (event) => void events.push(event) };
}

export function openOptions(options: Partial<StoreOpenOptions> = {}): StoreOpenOptions {
  return { scheduler: nodeScheduler, randomStreams: nodeRandomStreams, ...options };
}

export function sessionId(text: string): SessionId {
  return text as SessionId;
}

export function worldId(text: string): WorldId {
  return text as WorldId;
}

/** A record in which every field has a value of its own. */
export function sampleRecord(fields: Partial<SessionRecord> = {}): SessionRecord {
  return {
    sessionId: sessionId('session-1'),
    playerId: 'anna' as PlayerId,
    worldId: worldId('main'),
    entity: 1,
    epoch: 1,
    tokens: {
      current: Uint8Array.of(1, 2, 255),
      previous: Uint8Array.of(),
      spent: [Uint8Array.of(0, 16), Uint8Array.of(9)],
    },
    reliable: { sent: 12, received: 7 },
    data: { team: 'red', scores: [1, -2.5, null], isNew: false },
    ...fields,
  };
}

/** `size` bytes that differ by `seed`. */
export function sampleBytes(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => (index * 31 + seed * 17) & 0xff);
}

/** Text that breaks keys and maps where they are made carelessly. */
export const HOSTILE_IDS: readonly string[] = [
  '__proto__',
  'constructor',
  '',
  '\u{1F600}'.repeat(64),
  'a',
  'a\0',
  'a\0\0\0\0\0\0\0\0',
  'ab',
  '\0',
  '\uD800',
  '\uDC00\uD800',
  '\uFFFD',
  '../../etc/passwd',
  '"},{',
];
