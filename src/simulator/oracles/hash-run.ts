/** One text that stands for all traces, errors and the length of a run: equal runs, equal texts. */
import type { RunResult } from '../run-result.ts';
import { Trace } from '../trace.ts';

/** 16 hex digits. */
export function hashRun({ peers, errors, endedAt, tape }: RunResult): string {
  const summary = new Trace('run');
  for (const name of [...peers.keys()].toSorted()) {
    const { trace } = peers.get(name)!;
    summary.recordText(0, 'note', `${name} ${trace.hash()}`);
  }
  for (const { at, where, text } of errors) summary.recordText(at, 'note', `${where} ${text}`);
  summary.recordText(endedAt, 'note', String(tape.entriesCount));
  return summary.hash();
}
