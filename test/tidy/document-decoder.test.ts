import { describe, expect, test } from 'vitest';
import { DocumentDecoder, type Fields } from './document-decoder.ts';
import { readTable } from './markdown-table.ts';
import { readText } from './source-file.ts';

const DOCUMENT = readText('docs/PROTOCOL.md');
const decoder = new DocumentDecoder(DOCUMENT);

/** As the document counts them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  interpolation: ['linear', 'angle', 'step'],
  outcome: ['stale', 'duplicate', 'clamped', 'rejected'],
};

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]|-/g, (found) => `_${found === '-' ? '' : found.toLowerCase()}`);
}

/** A message as docs/PROTOCOL.md writes its values, under the names of its fields. */
function onTheWire(values: Fields): Fields {
  const wire: Fields = {};
  for (const [key, value] of Object.entries(values)) {
    const words = WORDS[key];
    if (words !== undefined) wire[key] = words.indexOf(value as string) + 1;
    else if (key === 'viewTick') wire['view_tick_sixteenths'] = (value as number) * 16;
    else if (key === 'marginTicks') wire['margin_sixteenths'] = (value as number) * 16;
    else wire[snakeCase(key)] = Array.isArray(value) ? value.map(partOnTheWire) : value;
  }
  return wire;
}

function partOnTheWire(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? onTheWire(value as Fields) : value;
}

/** Copies count back from the tick of their message. */
function moveOnTheWire({ earlier = [], ...values }: Fields): Fields {
  const copies = (earlier as readonly Fields[]).map(({ tick, ...copy }) => ({
    ...copy,
    ticksBefore: (values['tick'] as number) - (tick as number),
  }));
  return onTheWire({ ...values, earlier: copies });
}

/** An event of combat is the one field that is there. */
function expectedOf({ kind, ...values }: Fields): Fields {
  if (kind === 'move-input') return moveOnTheWire(values);
  if (kind !== 'combat-event') return onTheWire(values);
  const { tick, event, ...rest } = values;
  return { tick, [snakeCase(event as string)]: onTheWire(rest) };
}

describe('a decoder that knows the document alone', () => {
  const vectors = ['From clients', 'From servers'].flatMap((heading) =>
    readTable(DOCUMENT, heading),
  );

  test.each(vectors)('reads %s out of %s', (json = '', hex = '') => {
    const message = JSON.parse(json) as Fields;
    const { kind, fields } = decoder.decode(Buffer.from(hex, 'hex'));
    expect(kind).toBe(message['kind']);
    expect(fields).toEqual(expectedOf(message));
  });

  test('tells a count of nothing from no count', () => {
    const countIn = (hex: string): unknown =>
      decoder.decode(Buffer.from(hex, 'hex')).fields['reliable_received'];
    expect(countIn('0608032800')).toBe(0);
    expect(countIn('060803')).toBeUndefined();
  });

  test('knows no field that the document does not', () => {
    expect(() => decoder.decode(Buffer.from('02780100', 'hex'))).toThrow('no field 15');
  });
});
