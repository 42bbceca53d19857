import { describe, expect, test } from 'vitest';

import { readmeBlock } from '../support/readme-code.ts';
import { readText } from './source-file.ts';

const CODE_LINES_MAX = 30;
const readme = readText('README.md');

/** Commands in documents that package.json does not know. */
function unknownScripts(text: string, scripts: readonly string[]): string[] {
  return [...text.matchAll(/(?:`|^|&& )npm (?:run )?([a-z][a-z:-]*)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !['ci', 'install', 'pack', 'run'].includes(name) && !scripts.includes(name));
}

describe('the README', () => {
  test('prints a server and a client of about 25 lines together', () => {
    const code = readmeBlock(readme, 'server.ts') + readmeBlock(readme, 'client.ts');
    const lines = code.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThanOrEqual(CODE_LINES_MAX);
  });

  test('gives the two commands, and .ci/run calls its test command', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
    expect(readText('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm ci && npm test');
  });

  test('and CONTRIBUTING name only commands that package.json has', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };
    const names = Object.keys(scripts);
    expect(unknownScripts(readme + readText('CONTRIBUTING.md'), names)).toEqual([]);
    expect(unknownScripts('`npm run planted`, `npm test`', names)).toEqual(['planted']);
  });

  test('a missing and a doubled block are seen', () => {
    const block = '```ts\n// a.ts\nrun();\n```\n';
    expect(readmeBlock(block, 'a.ts')).toBe('// a.ts\nrun();\n');
    expect(() => readmeBlock(block, 'b.ts')).toThrow('0 blocks');
    expect(() => readmeBlock(block + block, 'a.ts')).toThrow('2 blocks');
  });
});
