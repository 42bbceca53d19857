/**
 * Draws the state diagrams in docs/SESSION-LIFECYCLE.md from the table in src/session/.
 * `tsx scripts/generate-lifecycle-diagram.ts` writes them between the markers; with `--check` it
 * writes nothing and fails when they are stale (test/tidy/lifecycle-diagram.test.ts asks the same).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { SessionSide } from '../src/session/lifecycle.ts';
import { SESSION_STATES } from '../src/session/session-state.ts';
import type { SessionState } from '../src/session/session-state.ts';
import { SESSION_TRANSITIONS } from '../src/session/transitions.ts';
import type { SessionTransition } from '../src/session/transitions.ts';

export const LIFECYCLE_DOCUMENT = fileURLToPath(
  new URL('../docs/SESSION-LIFECYCLE.md', import.meta.url),
);

/** Mermaid knows no hyphens in names. On the server `disconnected` is before and after life. */
function nameOf(side: SessionSide, state: SessionState): string {
  if (side === 'server' && state === 'disconnected') return '[*]';
  return state.replaceAll('-', '_');
}

/** One arrow per pair of states; its label lists what leads along it. */
function arrows(side: SessionSide, transitions: readonly SessionTransition[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { from, to, event, rule } of transitions.filter((row) => row.side === side)) {
    const arrow = `${nameOf(side, from)} --> ${nameOf(side, to)}`;
    labels.set(arrow, [...(labels.get(arrow) ?? []), `${event} (${rule})`]);
  }
  return [...labels].map(([arrow, label]) => `  ${arrow} : ${label.join(', ')}`);
}

/** A Mermaid state diagram of one side, as a fenced block. */
export function renderLifecycleDiagram(
  side: SessionSide,
  transitions: readonly SessionTransition[] = SESSION_TRANSITIONS,
): string {
  const names = SESSION_STATES.filter((state) => nameOf(side, state) !== '[*]').map(
    (state) => `  state "${state}" as ${nameOf(side, state)}`,
  );
  const start = side === 'client' ? ['  [*] --> disconnected'] : [];
  const lines = ['stateDiagram-v2', ...names, ...start, ...arrows(side, transitions)];
  return ['```mermaid', ...lines, '```'].join('\n');
}

/** The document with fresh diagrams between its markers. Throws when a marker is missing. */
export function withLifecycleDiagrams(document: string): string {
  const sides: readonly SessionSide[] = ['server', 'client'];
  return sides.reduce((text, side) => {
    const begin = `<!-- begin: ${side} diagram, generated -->`;
    const end = `<!-- end: ${side} diagram -->`;
    const [first, last] = [text.indexOf(begin), text.indexOf(end)];
    if (first === -1 || last < first) throw new Error(`the markers of ${side} are missing`);
    const head = text.slice(0, first + begin.length);
    return `${head}\n\n${renderLifecycleDiagram(side)}\n\n${text.slice(last)}`;
  }, document);
}

function main(): void {
  const present = readFileSync(LIFECYCLE_DOCUMENT, 'utf8');
  const fresh = withLifecycleDiagrams(present);
  if (fresh === present) return;
  if (process.argv.includes('--check')) {
    console.error(
      'docs/SESSION-LIFECYCLE.md is stale: npx tsx scripts/generate-lifecycle-diagram.ts',
    );
    process.exitCode = 1;
  } else {
    writeFileSync(LIFECYCLE_DOCUMENT, fresh);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
