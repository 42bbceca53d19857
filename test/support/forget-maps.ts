/** A copy of a build has no maps, and the test runner would miss them aloud. In: its folder. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function forgetMaps(directory: string): Promise<void> {
  for (const name of await readdir(directory, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const file = join(directory, name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}
