/**
 * Randomness for a run under other names: each stream is that of the original name, so that names
 * alone differ. In: the original run's streams, new names with their old ones. Out: streams. A name
 * stands in a purpose after a colon, and ends the purpose or is followed by `#` or a colon.
 */
import type { RandomStreams } from '../../base/random-source.ts';

export function renameStreams(
  streams: RandomStreams,
  originalByName: ReadonlyMap<string, string>,
): RandomStreams {
  return (purpose) => streams(originalPurpose(purpose, originalByName));
}

function originalPurpose(purpose: string, originalByName: ReadonlyMap<string, string>): string {
  for (const [name, original] of originalByName) {
    let begin = purpose.indexOf(`:${name}`);
    while (begin !== -1) {
      const end = begin + 1 + name.length;
      const next = purpose[end];
      if (next === undefined || next === '#' || next === ':') {
        return `${purpose.slice(0, begin + 1)}${original}${purpose.slice(end)}`;
      }
      begin = purpose.indexOf(`:${name}`, begin + 1);
    }
  }
  return purpose;
}
