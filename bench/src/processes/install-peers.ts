/**
 * The peers have an install of their own, outside of the workspaces: made when a bench asks for
 * them and it is missing or older than its lock file.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../peers', import.meta.url));

export function installPeers(): void {
  const lock = join(DIRECTORY, 'package-lock.json');
  const installed = join(DIRECTORY, 'node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write('the peers are installed in bench/peers\n');
  // Their engines ask for Node 22; what Node 20 lacks is in node-websocket.mjs.
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm hands its own settings down to what it runs: those of the root are not for this folder.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')),
  );
  execFileSync('npm', flags, { cwd: DIRECTORY, stdio: ['ignore', 2, 2], env });
}
