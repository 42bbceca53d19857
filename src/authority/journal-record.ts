/**
 * One tick of a world's journal as values: who came and went, and every input that a rule was asked
 * about, in order, with what it answered. In: the bytes that a JournalWriter made. Out: values that
 * can be played again, or a typed error. Must not know: the world that plays them.
 */
import type { PrngState } from '../base/prng.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { AuthorityInput } from './authority.ts';
import { readGhost } from './ghost-code.ts';
import { openSealed } from './state-seal.ts';
import type { StateReader } from './state-reader.ts';
import {
  ACCEPTED,
  CLAMPED,
  DUPLICATE,
  isVerdict,
  rejected,
  STALE,
  type Verdict,
} from './verdict.ts';
import { COUNT_MAX, foreign, readRandom } from './world-state.ts';

/** The first byte of each entry; 0 ends them. */
export const ENTRY = {
  end: 0,
  join: 1,
  leave: 2,
  resume: 3,
  suspend: 4,
  move: 5,
  shoot: 6,
  user: 7,
} as const;

/** Of a verdict; `rejected` is followed by its code. */
export const VERDICTS: readonly Verdict[] = [ACCEPTED, CLAMPED, STALE, DUPLICATE];
export const REJECTED_BYTE = VERDICTS.length;

export type RecordedChange =
  | {
      readonly kind: 'join';
      readonly entity: number;
      readonly playerId: PlayerId;
      /** Where the player's own generator stood; undefined = the world's. */
      readonly random: PrngState | undefined;
    }
  | { readonly kind: 'leave' | 'resume'; readonly entity: number }
  | { readonly kind: 'suspend'; readonly entity: number; readonly ghost: GhostPolicy };

export interface RecordedInput {
  readonly entity: number;
  readonly input: AuthorityInput;
  readonly verdict: Verdict;
}

export interface JournalRecord {
  readonly tick: number;
  readonly changes: readonly RecordedChange[];
  readonly inputs: readonly RecordedInput[];
  /** The highest entity given away before the tick. */
  readonly entitiesCreated: number;
  /** Of the snapshot after the tick. */
  readonly digest: number;
}

/**
 * Throws HoldfastError `world-state-corrupt`, `world-state-version-mismatch` or
 * `world-state-foreign`: of another world, or not of `tick`.
 */
export function decodeJournalRecord(
  bytes: Uint8Array,
  { worldId, tick }: { readonly worldId: WorldId; readonly tick: number },
): JournalRecord {
  const reader = openSealed(bytes, 'journal', `the journal of world '${worldId}'`);
  const writtenId = reader.text();
  if (writtenId !== worldId) foreign(`the record is of world '${writtenId}', not of '${worldId}'`);
  const writtenTick = reader.varint();
  if (writtenTick !== tick) {
    foreign(`the record is of tick ${writtenTick}, world '${worldId}' comes to ${tick}`);
  }
  const changes: RecordedChange[] = [];
  const inputs: RecordedInput[] = [];
  for (let entry = reader.byte(); entry !== ENTRY.end; entry = reader.byte()) {
    const entity = reader.varint();
    if (entry <= ENTRY.suspend) {
      reader.check(inputs.length === 0, 'has a change after an input');
      changes.push(readChange(reader, entry, entity));
    } else {
      inputs.push({ entity, input: readInput(reader, entry, tick), verdict: readVerdict(reader) });
    }
  }
  const entitiesCreated = reader.varint();
  reader.check(entitiesCreated <= COUNT_MAX, 'counts too far');
  const digest = reader.word();
  reader.end();
  return { tick, changes, inputs, entitiesCreated, digest };
}

function readChange(reader: StateReader, entry: number, entity: number): RecordedChange {
  switch (entry) {
    case ENTRY.join: {
      const playerId = reader.text() as PlayerId;
      const random = reader.boolean() ? readRandom(reader) : undefined;
      return { kind: 'join', entity, playerId, random };
    }
    case ENTRY.leave:
      return { kind: 'leave', entity };
    case ENTRY.resume:
      return { kind: 'resume', entity };
    default: {
      const ghost = readGhost(reader);
      return ghost === undefined
        ? reader.fail('has a suspension without a ghost')
        : { kind: 'suspend', entity, ghost };
    }
  }
}

function readInput(reader: StateReader, entry: number, runTick: number): AuthorityInput {
  switch (entry) {
    case ENTRY.move: {
      const [directionX, directionY, yaw] = reader.vector();
      return { kind: 'move-input', tick: runTick, directionX, directionY, yaw };
    }
    case ENTRY.shoot: {
      const tick = reader.varint();
      const [directionX, directionY, viewTick] = reader.vector();
      const roundTripMs = reader.double();
      const targetPlayerId = reader.boolean() ? (reader.text() as PlayerId) : undefined;
      const seen = { directionX, directionY, viewTick, roundTripMs };
      return { kind: 'shoot-input', tick, targetPlayerId, ...seen };
    }
    case ENTRY.user: {
      const name = reader.text();
      return { kind: 'user-input', name, payload: readPayload(reader) };
    }
    default:
      return reader.fail('has an entry of no known kind');
  }
}

function readPayload(reader: StateReader): unknown {
  const text = reader.text();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return reader.fail('has a payload that is no JSON');
  }
}

function readVerdict(reader: StateReader): Verdict {
  const outcome = reader.byte();
  const plain = VERDICTS[outcome];
  if (plain !== undefined) return plain;
  reader.check(outcome === REJECTED_BYTE, 'has a verdict of no known kind');
  const verdict = rejected(reader.text());
  reader.check(isVerdict(verdict), 'has a rejection without a code');
  return verdict;
}
