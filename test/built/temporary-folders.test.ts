/** Copies of the build for planted bugs do not outlive the process that made them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

/** Of this test alone: the folders of others are theirs. */
const PREFIX = `holdfast-folders-test-${process.pid}`;
const SCRIPT = `
  import { TemporaryFolders } from './scripts/mutants/temporary-folders.ts';
  const folders = new TemporaryFolders('${PREFIX}');
  console.log(folders.create('copy'));
  setInterval(() => {}, 1_000);
`;

/** A process that has made a folder and waits. */
async function startOwner() {
  const options = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT];
  const child = spawn(process.execPath, options, { cwd: REPOSITORY_ROOT });
  const [output] = (await once(child.stdout, 'data')) as [Buffer];
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };
  return { folder: output.toString().trim(), end };
}

describe('the folders of planted bugs', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('are gone when %s ends their process', async (signal, exitCode) => {
    const owner = await startOwner();
    await access(owner.folder);
    expect(await owner.end(signal)).toBe(exitCode);
    await expect(access(owner.folder)).rejects.toThrow('ENOENT');
  });

  test('are deleted by the next process when theirs was killed, and by none while it runs', async () => {
    const [killed, running] = [await startOwner(), await startOwner()];
    await killed.end('SIGKILL');
    await access(killed.folder);
    const next = await startOwner();
    await expect(access(killed.folder)).rejects.toThrow('ENOENT');
    await access(running.folder);
    for (const owner of [running, next]) {
      await owner.end('SIGTERM');
      await rm(owner.folder, { recursive: true, force: true });
    }
  });
});
