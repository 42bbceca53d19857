/**
 * Finds a Chromium for the browser tests, or installs Debian's, or says in one line what is
 * missing. In: CHROMIUM_PATH, or the usual places. Out: `inject('chromium')` in the tests. It does
 * not throw: that would end the whole run, and only the browser tests are concerned.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** An executable Chromium; '' when there is none. */
    chromium: string;
    /** Why there is none, in one line; '' when there is one. */
    chromiumProblem: string;
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const INSTALL_TIMEOUT_MS = 230_000;

export default function setup(project: TestProject): void {
  let path = '';
  let problem = '';
  try {
    path = findChromium() ?? installChromium();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  project.provide('chromium', path);
  project.provide('chromiumProblem', problem);
}

/** An executable Chromium, or undefined. A CHROMIUM_PATH that leads nowhere is an error. */
function findChromium(): string | undefined {
  const asked = process.env['CHROMIUM_PATH'];
  if (asked !== undefined && asked !== '') {
    if (isExecutable(asked)) return asked;
    throw new Error(`CHROMIUM_PATH=${asked} is not an executable file.`);
  }
  const folders = [...FOLDERS, ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs Debian's package as root on Debian; throws one line that helps everywhere else. */
function installChromium(): string {
  if (process.getuid?.() !== 0 || !isDebian()) {
    throw new Error(
      'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set ' +
        'CHROMIUM_PATH. `npm run test:node` runs everything else.',
    );
  }
  console.log('Chromium is missing: installing the Debian package (apt-get install chromium)');
  // Deliberate: a failed update is no end, the lists may be fresh enough for the install.
  aptGet(['update', '-q']);
  const problem = aptGet(['install', '-yq', '--no-install-recommends', 'chromium']);
  const path = findChromium();
  if (path === undefined) {
    throw new Error(`The browser tests need Chromium, and apt-get did not install it: ${problem}`);
  }
  return path;
}

/** Ubuntu's package is a stub for snap, which does not run everywhere: not offered there. */
function isDebian(): boolean {
  const file = '/etc/os-release';
  return existsSync(file) && /^ID="?debian"?$/m.test(readFileSync(file, 'utf8'));
}

/** Runs apt-get without questions; answers the last line of its complaint, or ''. */
function aptGet(args: readonly string[]): string {
  const result = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: INSTALL_TIMEOUT_MS,
  });
  if (result.error !== undefined) return result.error.message;
  return result.status === 0 ? '' : (result.stderr.trim().split('\n').at(-1) ?? 'no reason given');
}
