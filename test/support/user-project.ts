/**
 * A project of a user: an empty folder outside of the repository into which the packed package is
 * installed, without a network and without npm's cache. In: files. Out: what the commands say.
 */
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';
import { TestProcess } from './test-process.ts';

const TYPESCRIPT = join(REPOSITORY_ROOT, 'node_modules/typescript/bin/tsc');
/** How long making one may take on a busy machine, in ms. */
export const USER_PROJECT_MS_MAX = 180_000;
/** What `npm install holdfast` brings along. */
const DEPENDENCIES = ['@bufbuild/protobuf', '@standard-schema/spec', 'ws'];
/** As strict as a user's project gets; the package's own declarations are checked too. */
export const STRICT_OPTIONS = {
  target: 'es2023',
  lib: ['es2023'],
  types: [] as readonly string[],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
};

export class UserProject {
  readonly directory: string;

  /** For `create` alone. */
  constructor(directory: string) {
    this.directory = directory;
  }

  /** `packages`: what else the user has installed, such as `@types/node`. */
  static async create(...packages: readonly string[]): Promise<UserProject> {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-user-'));
    const project = new UserProject(directory);
    try {
      await project.#install(packages);
    } catch (error) {
      project.remove();
      throw error;
    }
    return project;
  }

  write(path: string, text: string): void {
    const target = join(this.directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** The lines of a command that ends well; throws with them when it doesn't. */
  async run(command: string, ...args: readonly string[]): Promise<readonly string[]> {
    const child = new TestProcess(command, args, { cwd: this.directory });
    const { code } = await child.ended;
    if (code !== 0) {
      throw new Error(`${command} ${args[0]} ends with ${code}:\n${child.lines.join('\n')}`);
    }
    return child.lines;
  }

  /** Runs the compiler over the given files, beside which it puts JavaScript into out/. */
  async compile(options: object, ...files: readonly string[]): Promise<void> {
    const compilerOptions = { outDir: 'out', rootDir: '.', ...options };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    await this.run(process.execPath, TYPESCRIPT, '--project', '.');
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #install(packages: readonly string[]): Promise<void> {
    const folders = [...DEPENDENCIES, ...packages].map((name) =>
      join(REPOSITORY_ROOT, 'node_modules', name),
    );
    this.write('package.json', JSON.stringify({ private: true, type: 'module' }));
    await this.run(
      'npm',
      'pack',
      '--ignore-scripts',
      '--loglevel=error',
      REPOSITORY_ROOT,
      ...folders,
    );
    const archives = readdirSync(this.directory).filter((file) => file.endsWith('.tgz'));
    const paths = archives.map((file) => `./${file}`);
    const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts'];
    const alone = ['--offline', '--cache', join(this.directory, '.npm')];
    await this.run('npm', 'install', ...quiet, ...alone, ...paths);
  }
}
