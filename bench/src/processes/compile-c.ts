/**
 * Compiles a C file beside it into dist/, when that is older. As root on Debian, gcc is installed
 * when it is missing; elsewhere the error says so.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The path of the program. */
export function compileC(path: string): string {
  const directory = join(dirname(path), 'dist');
  const program = join(directory, basename(path, '.c'));
  if (existsSync(program) && statSync(program).mtimeMs > statSync(path).mtimeMs) return program;
  if (!hasGcc()) installGcc();
  mkdirSync(directory, { recursive: true });
  execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', program, path], { stdio: 'inherit' });
  return program;
}

function hasGcc(): boolean {
  return spawnSync('gcc', ['--version'], { stdio: 'ignore' }).status === 0;
}

function installGcc(): void {
  if (process.getuid?.() !== 0) throw new Error('gcc is missing: install it for the limit in C');
  process.stderr.write('gcc is missing: apt-get installs it\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], { stdio: 'ignore', env });
  const packages = ['gcc', 'libc6-dev'];
  const flags = ['-yq', '--no-install-recommends'];
  execFileSync('apt-get', ['install', ...flags, ...packages], { stdio: 'ignore', env });
}
