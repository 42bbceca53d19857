import { describe, expect, test } from 'vitest';
import { validateInputLimits } from '../../src/authority/input-limits.ts';
import { validateHostLimits } from '../../src/host/host-limits.ts';
import { validateSuspicionLimits } from '../../src/host/suspicion-limits.ts';
import { OPTION_NAMES } from '../../src/server/config-shape.ts';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import { validateWebSocketLimits } from '../../src/transport/websocket-limits.ts';
import { readText } from './source-file.ts';

const RELATIONS = { tickRateHz: 20, livenessTimeoutMs: 10_000 };
const SECTIONS = {
  Options: undefined,
  policy: validateSessionPolicy(),
  limits: validateHostLimits({}, RELATIONS),
  inputLimits: validateInputLimits(),
  suspicion: flatten(validateSuspicionLimits({}, RELATIONS)),
  webSocketLimits: validateWebSocketLimits(),
} as const;

/** The options inside of options by their paths. */
function flatten(options: object): Record<string, unknown> {
  const paths = Object.entries(options).flatMap(([name, value]) =>
    typeof value === 'object'
      ? Object.entries(value as object).map(([inner, each]) => [`${name}.${inner}`, each])
      : [[name, value]],
  );
  return Object.fromEntries(paths) as Record<string, unknown>;
}

/** First two cells of each row of the table under a heading of docs/SERVER.md. */
function optionsOf(heading: string): [name: string, standard: string][] {
  const text = readText('docs/SERVER.md');
  const [, section = ''] = text.split(new RegExp(`^##+ ${heading}$`, 'm'));
  const [table = ''] = section.split(/^##/m);
  return [...table.matchAll(/^\| `([\w.]+)` *\| ([^|]*)\|/gm)].map(
    ([, name = '', standard = '']) => [name, standard.trim()],
  );
}

describe('docs/SERVER.md', () => {
  test('lists every option of the runtime and no other', () => {
    const names = optionsOf('Options').map(([name]) => name);
    expect(names.toSorted()).toEqual([...OPTION_NAMES].toSorted());
  });

  test.each(Object.entries(SECTIONS).filter(([, defaults]) => defaults !== undefined))(
    'lists every option of %s with its default',
    (section, defaults) => {
      const rows = optionsOf(section);
      expect(rows.map(([name]) => name)).toEqual(Object.keys(defaults ?? {}));
      for (const [name, standard] of rows) {
        const value: unknown = (defaults as unknown as Record<string, unknown>)[name];
        const isDerived = standard.includes('tick rate');
        const written = standard.replaceAll(/[`,]/g, '');
        if (!isDerived) expect([name, written]).toEqual([name, String(value)]);
      }
    },
  );
});
