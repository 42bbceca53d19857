/**
 * A store around a store that says when a login, a resume or a checkpoint is being written, so that
 * a kill can be aimed at it. In: a store, where marks go. Out: a store that keeps every promise of
 * the first one, a little later: each answer is held back for as long as a kill takes to come.
 */
import type { OpenedStore, SessionStore } from 'holdfast';
import { sleep } from './machine-clock.ts';
import type { Phase, PhaseStep } from './phase-marks.ts';

export interface MarkedStoreOptions {
  readonly store: SessionStore;
  readonly say: (phase: Phase, step: PhaseStep) => void;
  /** The same for every answer, so that answers keep their order. Milliseconds. */
  readonly holdMs: number;
}

export function createMarkedStore({ store, say, holdMs }: MarkedStoreOptions): SessionStore {
  const settle = async <Answer>(phase: Phase, written: Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await written;
      say(phase, 'durable');
      await sleep(holdMs);
      return answer;
    } finally {
      say(phase, 'end');
    }
  };
  const mark: Mark = (phase, write) => {
    say(phase, 'begin');
    try {
      const settled = settle(phase, write());
      // As the store's own: a rejection that nobody takes ends no process.
      settled.catch(() => undefined);
      return settled;
    } catch (error) {
      say(phase, 'end');
      throw error;
    }
  };
  return {
    name: store.name,
    open: async (options) => {
      const { store: opened, contents } = await store.open(options);
      return { store: markWrites(opened, mark), contents };
    },
  };
}

type Mark = <Answer>(phase: Phase, write: () => Promise<Answer>) => Promise<Answer>;

/** Methods of the original stay bound to it. */
function markWrites(opened: OpenedStore, mark: Mark): OpenedStore {
  return {
    get term() {
      return opened.term;
    },
    get witness() {
      return opened.witness;
    },
    get health() {
      return opened.health;
    },
    get counters() {
      return opened.counters;
    },
    putSession: (record, condition) => {
      const phase = condition.expectedEpoch === 0 ? 'login' : 'resume';
      return mark(phase, () => opened.putSession(record, condition));
    },
    deleteSession: (session) => opened.deleteSession(session),
    putCheckpoint: (worldId, checkpoint) =>
      mark('checkpoint', () => opened.putCheckpoint(worldId, checkpoint)),
    appendJournal: (worldId, record) => opened.appendJournal(worldId, record),
    deleteWorld: (worldId) => opened.deleteWorld(worldId),
    close: () => opened.close(),
  };
}
