/**
 * `npm run fuzz -- --minutes M [--seed N] [--target name] [--json] [--keep]`: attacks the built
 * package on all cores; `--target name --input hex` replays one input. Progress and findings go to
 * stderr; with --json the last line on stdout is one JSON object. docs/FUZZING.md says more.
 */
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCampaign, summaryOf } from './fuzz/campaign.ts';
import { executeOnce, type Finding } from './fuzz/fuzz-engine.ts';
import { loadProduction } from './fuzz/production.ts';
import { createTargets } from './fuzz/targets/all-targets.ts';
import { runWork, type WorkOrder } from './fuzz/worker-run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    target: { type: 'string' },
    input: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    build: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});

const root = new URL('../', import.meta.url);
const build = new URL(`${(values.build ?? 'dist').replace(/\/$/, '')}/`, root).href;

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function fail(problem: string): void {
  say(`${problem}\nusage: npm run fuzz -- [--minutes M] [--seed N] [--target name] [--json]`);
  process.exitCode = 2;
}

function tell({ target, seed, input, error }: Finding): void {
  say(`\ncrash in ${target}, seed ${seed}\n${error}`);
  if (input === '') say(`replay: npm run fuzz -- --target ${target} --seed ${seed}`);
  else say(`input: ${input}\nreplay: npm run fuzz -- --target ${target} --input ${input}`);
}

async function replay(targetName: string, hex: string): Promise<void> {
  const target = createTargets(await loadProduction(new URL(build), 'js')).find(
    ({ name }) => name === targetName,
  );
  if (target === undefined) return fail(`there is no target ${targetName}`);
  const failure = await executeOnce(target, Uint8Array.from(Buffer.from(hex, 'hex')));
  if (failure === undefined) return say('nothing is wrong with this input');
  console.error(failure.error);
  process.exitCode = 1;
}

async function attack(minutes: number, seed: number): Promise<void> {
  const names = createTargets(await loadProduction(new URL(build), 'js')).map(({ name }) => name);
  const targets = values.target === undefined ? names : names.filter((n) => n === values.target);
  if (targets.length === 0) return fail(`the targets are ${names.join(', ')}`);
  say(`fuzz: ${minutes} min, --seed ${seed}, targets ${targets.join(', ')}`);
  const workerPath = fileURLToPath(import.meta.url);
  const { keep } = values;
  const options = { targets, minutes, seed, build, keep, workerPath, onProgress: say };
  const result = await runCampaign(options);
  for (const finding of result.findings) tell(finding);
  if (values.json) process.stdout.write(`${JSON.stringify(summaryOf(result))}\n`);
  else say(`${result.executionsPerSecond} executions/s, ${result.crashes} crashes`);
  if (result.crashes > 0) process.exitCode = 1;
}

/** A process of the campaign: orders come as messages, one at a time. */
function serve(): void {
  process.on('message', (order: WorkOrder) => {
    void runWork(order, (progress) => process.send?.(progress)).then(
      (report) => process.send?.(report),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

const minutes = Number(values.minutes);
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (values.worker) serve();
else if (!(minutes > 0) || !Number.isSafeInteger(seed) || seed < 0) fail('no such minutes or seed');
else if (values.input === undefined) await attack(minutes, seed);
else await replay(values.target ?? '', values.input);
