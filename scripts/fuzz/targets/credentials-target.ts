/**
 * From the text of credentials to a proven player or a refusal, with hooks of every temper. The
 * input is a byte that picks the hook, then the text; one hook answers the credentials themselves,
 * so that the answer is as hostile as the text. Never rejects, and what it proves are ids.
 */
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Authenticate } from '../../../src/host/authentication.ts';
import type { Production } from '../production.ts';

const TEXTS = [
  '',
  'null',
  '{"playerId":"alice"}',
  '{"playerId":"alice","worldId":"arena","data":{"x":1}}',
  '{"playerId":""}',
  '{"playerId":"\\ud800"}',
  '{"playerId":"\\ufeffa"}',
  '{"playerId":1,"worldId":null}',
  '{"playerId":"a","worldId":""}',
  '{"__proto__":{"playerId":"a"}}',
  '{"code":"bad-credentials","retryAfterMs":-1}',
  '{"code":"Not A Code","retryAfterMs":1e999,"message":"no"}',
];
const CODE_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

interface Parts {
  readonly code?: unknown;
  readonly retryAfterMs?: unknown;
  readonly message?: unknown;
}

function createHooks({ refuse }: Production): readonly Authenticate[] {
  return [
    (credentials) => credentials as never,
    async (credentials) => credentials as never,
    (credentials) => {
      const { code, retryAfterMs, message } = (credentials ?? {}) as Parts;
      return refuse(String(code), {
        ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
        ...(typeof message === 'string' ? { message } : {}),
      });
    },
    (credentials) => {
      throw credentials;
    },
    // oxlint-disable-next-line promise/no-promise-in-callback -- a hook that rejects
    (credentials) => Promise.reject(credentials),
    () => undefined as never,
  ];
}

export function createCredentialsTarget(production: Production): FuzzTarget {
  const { tryAuthenticate, isId, WIRE_LIMITS } = production;
  const hooks = createHooks(production);
  const { signal } = new AbortController();
  const request = { address: '127.0.0.1', origin: undefined, signal };
  const codes: string[] = ['accepted'];
  return {
    name: 'credentials',
    isDecoder: false,
    isAsync: true,
    shape: 'text',
    inputBytesMax: WIRE_LIMITS.credentialsBytesMax,
    createSeeds: () =>
      hooks.flatMap((_, index) =>
        TEXTS.map((text) => Buffer.from(`${String.fromCharCode(index)}${text}`)),
      ),
    async execute(input, coverage) {
      const choice = (input[0] ?? 0) % hooks.length;
      const text = Buffer.from(input).toString('utf8', 1);
      const outcome = await tryAuthenticate(hooks[choice] as Authenticate, text, request);
      if (outcome.ok) {
        const { playerId, worldId } = outcome.value;
        if (!isId(playerId) || !isId(worldId)) throw new Error('proven ids that are none');
        coverage.note(choice * 64);
        return;
      }
      const { code, retryable, retryAfterMs, message } = outcome.error.refusal;
      if (!CODE_PATTERN.test(code)) throw new Error('a refusal with a code that is none');
      if (typeof retryable !== 'boolean') throw new Error('a refusal that is not clear');
      const isDuration = Number.isInteger(retryAfterMs) && retryAfterMs >= 0;
      if (!isDuration || retryAfterMs >= 2 ** 31) throw new Error(`retry after ${retryAfterMs}`);
      if (message.length > WIRE_LIMITS.textLengthMax) throw new Error('a message that is too long');
      coverage.note(choice * 64 + indexOf(codes, code));
    },
    describe: (key) => `hook ${Math.floor(key / 64)}/${codes[key % 64]}`,
  };
}

/** Codes of the game's own share the last number. */
function indexOf(codes: string[], code: string): number {
  const index = codes.indexOf(code);
  if (index !== -1) return index;
  return codes.length < 24 ? codes.push(code) - 1 : 63;
}
