import { expect, test } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createErrorReporter } from './error-reporter.ts';

test('the error reporter writes one line a second and counts what it left out', async () => {
  const time = new VirtualTime();
  const lines: string[] = [];
  const report = createErrorReporter(time, (line) => lines.push(line));
  report(new Error('first'), 'onMessage');
  for (let count = 0; count < 5; count += 1) report(new Error('again'), 'onMessage');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('onMessage threw: Error: first');
  await time.advanceMs(1000);
  report('a text', 'authenticate');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('authenticate threw (5 more were left out): a text');
});

test('the error reporter has words for whatever was thrown', () => {
  const lines: string[] = [];
  const mute = Object.assign(Object.create(null) as object, { secret: 1 });
  createErrorReporter(new VirtualTime(), (line) => lines.push(line))(mute, 'authenticate');
  expect(lines[0]).toContain('authenticate threw: [Object: null prototype]');
});

test('the error reporter says what a store has, in one line without a stack', () => {
  const lines: string[] = [];
  const error = new HoldfastError('store-write-failed', 'the disk is full');
  createErrorReporter(new VirtualTime(), (line) => lines.push(line))(error, 'the store');
  expect(lines).toEqual(['holdfast: the store threw: store-write-failed: the disk is full\n']);
});
