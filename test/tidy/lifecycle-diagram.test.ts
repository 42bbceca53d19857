import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import {
  LIFECYCLE_DOCUMENT,
  renderLifecycleDiagram,
  withLifecycleDiagrams,
} from '../../scripts/generate-lifecycle-diagram.ts';
import { createSessionCounters } from '../../src/session/session-counters.ts';
import { SESSION_CAUSES } from '../../src/session/session-cause.ts';
import { DEFAULT_SESSION_POLICY } from '../../src/session/session-policy.ts';
import { SESSION_STATES } from '../../src/session/session-state.ts';
import { SESSION_TRANSITIONS } from '../../src/session/transitions.ts';

const document = readFileSync(LIFECYCLE_DOCUMENT, 'utf8');

describe('docs/SESSION-LIFECYCLE.md', () => {
  test('shows the diagrams that the table makes', () => {
    expect(withLifecycleDiagrams(document)).toBe(document);
  });

  test('a row that is missing from the table makes the diagram another one', () => {
    for (const side of ['server', 'client'] as const) {
      const fewer = SESSION_TRANSITIONS.filter((row) => row.side === side).slice(1);
      expect(renderLifecycleDiagram(side, fewer)).not.toBe(renderLifecycleDiagram(side));
    }
  });

  test('a document without markers is refused', () => {
    expect(() => withLifecycleDiagrams('# No markers')).toThrow(/markers of server/);
  });

  test('explains every rule of the table', () => {
    const explained = new Set(
      [...document.matchAll(/^\| ([LC]\d+[a-c]?)\b/gm)].map(([, id]) => id),
    );
    const rules = new Set(SESSION_TRANSITIONS.map(({ rule }) => rule));
    expect([...rules].filter((rule) => !explained.has(rule))).toEqual([]);
  });

  test('names every state, cause, counter and option', () => {
    const words = [
      ...SESSION_STATES,
      ...SESSION_CAUSES,
      ...Object.keys(createSessionCounters()),
      ...Object.keys(DEFAULT_SESSION_POLICY),
    ];
    expect(words.filter((word) => !document.includes(`\`${word}\``))).toEqual([]);
  });

  test('gives the defaults that the code has', () => {
    for (const [option, value] of Object.entries(DEFAULT_SESSION_POLICY)) {
      const text =
        typeof value === 'number' ? value.toLocaleString('en').replaceAll(',', ' ') : value;
      const row = new RegExp(`^\\| \`${option}\` +\\| \`?${text}\`? `, 'm');
      expect(document, option).toMatch(row);
    }
  });
});
