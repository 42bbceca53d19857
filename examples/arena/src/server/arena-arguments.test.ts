import { describe, expect, test } from 'vitest';
import { BOT_COUNT_MAX, parseArenaArguments } from './arena-arguments.ts';

describe('the arguments of the arena', () => {
  test('default to port 7777 and 8 bots', () => {
    expect(parseArenaArguments([])).toEqual({
      kind: 'run',
      options: {
        port: 7777,
        botCount: 8,
        data: '.holdfast',
        hasFaults: true,
        botLine: { delayMs: 0, jitterMs: 0, lossRate: 0 },
      },
    });
  });

  test('take both numbers, after a space or an equals sign', () => {
    const expected = { kind: 'run', options: { port: 0, botCount: 98 } };
    expect(parseArenaArguments(['--port', '0', '--bots', '98'])).toMatchObject(expected);
    expect(parseArenaArguments(['--port=0', '--bots=98'])).toMatchObject(expected);
  });

  test('take the directory of what is kept', () => {
    expect(parseArenaArguments(['--data', 'x/y'])).toMatchObject({ options: { data: 'x/y' } });
  });

  test('take the buttons that break the server away', () => {
    expect(parseArenaArguments(['--no-faults'])).toMatchObject({ options: { hasFaults: false } });
  });

  test('give the bots a bad line', () => {
    const words = ['--delay-ms', '75', '--jitter-ms=30', '--loss', '0.02'];
    expect(parseArenaArguments(words)).toMatchObject({
      options: { botLine: { delayMs: 75, jitterMs: 30, lossRate: 0.02 } },
    });
  });

  test('ask for help', () => {
    expect(parseArenaArguments(['--help'])).toEqual({ kind: 'help' });
    expect(parseArenaArguments(['-h'])).toEqual({ kind: 'help' });
  });

  test.each([
    [['--port', '65536'], '--port'],
    [['--port', 'x'], '--port'],
    [['--port', '1e3'], '--port'],
    [['--port=-1'], '--port'],
    [['--port'], '--port'],
    [['--bots', '1.5'], '--bots'],
    [['--bots', String(BOT_COUNT_MAX + 1)], '--bots'],
    [['--data='], '--data'],
    [['--delay-ms', '2001'], '--delay-ms'],
    [['--jitter-ms', 'x'], '--jitter-ms'],
    [['--loss', '1.1'], '--loss'],
    [['--loss', '2%'], '--loss'],
    [['--bot', '3'], '--bot'],
    [['8080'], '8080'],
  ])('name what is wrong with %j in one line', (words, named) => {
    const parsed = parseArenaArguments(words);
    expect(parsed.kind).toBe('mistake');
    if (parsed.kind !== 'mistake') return;
    expect(parsed.message).toContain(named);
    expect(parsed.message).not.toContain('\n');
  });

  test('accept the largest values', () => {
    expect(parseArenaArguments(['--port', '65535', '--bots', String(BOT_COUNT_MAX)]).kind).toBe(
      'run',
    );
  });
});
