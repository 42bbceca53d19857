/**
 * `npm run bench -- <name> [--json] [--sessions N] [--scale PART]`: numbers of the built package,
 * as ratios within one run. Progress goes to stderr; with --json the last line on stdout is one
 * JSON object.
 */
import { parseArgs } from 'node:util';
import { benchReconnect } from './reconnect-bench.ts';
import { benchSessions } from './sessions-bench.ts';
import { benchSnapshot } from './snapshot-bench.ts';

const BENCHES = {
  reconnect: benchReconnect,
  sessions: benchSessions,
  snapshot: benchSnapshot,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    sessions: { type: 'string', default: '1000000' },
    scale: { type: 'string', default: '1' },
  },
});
const name = positionals[0] ?? '';
const sessions = Number(values.sessions);
const scale = Number(values.scale);

if (!Object.hasOwn(BENCHES, name) || !Number.isSafeInteger(sessions) || sessions < 1) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]\n`);
  process.exitCode = 2;
} else {
  const result = await BENCHES[name as keyof typeof BENCHES]({ sessions, scale });
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    for (const [key, value] of Object.entries(result)) {
      console.log(`${key}: ${typeof value === 'object' ? JSON.stringify(value) : value}`);
    }
  }
}
