import { expect, onTestFinished, test, vi } from 'vitest';

import { forkServer } from './fork-server.ts';
import type { ChildEnd } from './supervised-child.ts';

test('a server that the system refuses at the call has ended, after the call', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => said.mockRestore());
  const ends: ChildEnd[] = [];
  const handler = {
    handleListening: () => undefined,
    handleRestartWish: () => undefined,
    handleEnded: (end: ChildEnd) => void ends.push(end),
  };
  // One word of a command line that no system takes.
  const launch = forkServer(import.meta.filename, ['x'.repeat(16 * 1024 * 1024)]);
  const child = launch({ restarts: 0 }, handler);
  child.signal('SIGTERM');
  expect(ends).toEqual([]);
  await vi.waitFor(() => expect(ends).toEqual([{ code: 1, signal: null }]));
  expect(said.mock.calls.flat()[0]).toMatch(/^the server cannot be started: .*E2BIG/);
});
