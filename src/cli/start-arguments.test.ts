import { describe, expect, test } from 'vitest';
import { formatStartArguments, parseStartArguments } from './start-arguments.ts';

describe('the arguments of holdfast start', () => {
  test('are a module, a port, a hostname and a directory, each of which may be left out', () => {
    expect(parseStartArguments([])).toEqual({
      module: undefined,
      port: undefined,
      hostname: undefined,
      data: undefined,
      isSupervised: false,
    });
    const words = ['game.mjs', '--port', '0', '--hostname', '::1', '--data', 'kept'];
    expect(parseStartArguments(words)).toEqual({
      module: 'game.mjs',
      port: 0,
      hostname: '::1',
      data: 'kept',
      isSupervised: false,
    });
  });

  test.each([
    [['--supervise']],
    [['--supervise', 'game.mjs']],
    [['--port', '0', '--supervise', '--hostname', '::1', 'game.mjs']],
    [['--supervise', '--data=-kept', '--', '-game.mjs']],
  ])('%j wish for a supervisor, which starts the same without that wish', (words) => {
    const parsed = parseStartArguments(words);
    expect(parsed.isSupervised).toBe(true);
    expect(parseStartArguments(formatStartArguments(parsed))).toEqual({
      ...parsed,
      isSupervised: false,
    });
  });

  test.each([
    [['--por', '1'], 'unknown option --por: did you mean --port?'],
    [['--ports=1'], 'unknown option --ports: did you mean --port?'],
    [['-h0'], 'unknown option -h: did you mean --hostname?'],
    [
      ['--verbose'],
      'unknown option --verbose: there are --port, --hostname, --data and --supervise',
    ],
    [['--super'], 'unknown option --super: did you mean --supervise?'],
    [['--supervise=yes'], "Option '--supervise' does not take an argument"],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--port', '--hostname'], "Option '--port' argument is ambiguous"],
    [['--port', '-1'], "--port must be a whole number from 0 to 65535, not '-1'"],
    [['--port', ''], "--port must be a whole number from 0 to 65535, not ''"],
    [['--data', ''], '--data must name a directory'],
    [['--port', '65536'], "--port must be a whole number from 0 to 65535, not '65536'"],
    [['one.mjs', 'two.mjs'], 'unexpected argument: two.mjs'],
  ])('%j are wrong, in one line', (words, message) => {
    expect(() => parseStartArguments(words)).toThrow(new TypeError(message));
  });
});
