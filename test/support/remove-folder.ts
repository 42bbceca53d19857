/**
 * Removes what a server has kept on the disk. In: a folder. Out: a promise. Must not know: what is
 * in it, or who wrote it.
 */
import { rm } from 'node:fs/promises';

/**
 * Resolves when the folder is gone. A server that has lost its supervisor may still write, so the
 * whole folder is walked again, for up to about 5 s: `rmSync` would only repeat the last `rmdir`.
 */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 25 });
}
