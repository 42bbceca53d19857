import { expect, test } from 'vitest';
import { readTable } from './markdown-table.ts';

const DOCUMENT = `# One

| a | b |
|---|---|
| \`x\` | 1 |
|  | \`{"k":"v"}\` |

| not | this |
|---|---|
| y | 2 |

## Two

no table

### Three
| z |
|---|
| 3 |`;

test('the first table under a heading is read, without code marks', () => {
  expect(readTable(DOCUMENT, 'One')).toEqual([
    ['x', '1'],
    ['', '{"k":"v"}'],
  ]);
  expect(readTable(DOCUMENT, 'Three')).toEqual([['3']]);
});

test('a heading without a table of its own has no rows', () => {
  expect(readTable(DOCUMENT, 'Two')).toEqual([]);
  expect(readTable(DOCUMENT, 'Four')).toEqual([]);
});
