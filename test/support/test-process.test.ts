import { expect, onTestFinished, test } from 'vitest';

import { TestProcess } from './test-process.ts';

function run(script: string): TestProcess {
  const child = new TestProcess(process.execPath, ['-e', script]);
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  return child;
}

test('its lines can be waited for, and it ends with its code', async () => {
  const child = run(`console.log('port 4711'); console.error('warning'); process.exitCode = 3;`);
  const match = await child.waitForLine(/port (\d+)/);
  expect(match[1]).toBe('4711');
  expect(await child.ended).toEqual({ code: 3, signal: null });
  expect(child.lines.toSorted()).toEqual(['port 4711', 'warning']);
});

test('stop ends a process that would run for ever, and may be called twice', async () => {
  const child = run(`setInterval(() => undefined, 1_000); console.log('up');`);
  await child.waitForLine(/^up$/);
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(child.hasEnded).toBe(true);
});

test('a process that ends without the line fails the wait with what it printed', async () => {
  const child = run(`console.log('something else');`);
  await expect(child.waitForLine(/^up$/)).rejects.toThrow('something else');
});

test('a command that does not exist rejects', async () => {
  const child = new TestProcess('/nonexistent/command', []);
  await expect(child.ended).rejects.toThrow('ENOENT');
  expect(await child.stop()).toBeUndefined();
});
