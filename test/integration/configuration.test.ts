import { describe, expect, test } from 'vitest';
import { DEFAULT_INPUT_LIMITS } from '../../src/authority/input-limits.ts';
import { validateHostLimits } from '../../src/host/host-limits.ts';
import { HoldfastError } from '../../src/protocol/holdfast-error.ts';
import type { ServerConfig } from '../../src/server/runtime-config.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import { DEFAULT_SESSION_POLICY } from '../../src/session/session-policy.ts';
import { openMemory } from '../support/open-setting.ts';

const authenticate = () => ({ playerId: 'ada' });

/** Values of each option that make no sense. */
const WRONG = {
  authenticate: [undefined, null, 'yes'],
  port: ['7777', -1, 65_536, 1.5, Number.NaN, null],
  hostname: [5, '', null],
  server: ['http://127.0.0.1', () => undefined, {}, null],
  messages: [{}, 'chat', { chat: { lane: 'reliable' } }, null],
  onMessage: ['print', null],
  createAuthorities: [[], null],
  onVerdict: [1],
  onSuspicion: [1],
  onError: ['ignore'],
  onTokenReuse: ['evict', null, true],
  store: ['.holdfast', null, {}],
  journal: ['before', true, null],
  checkpointIntervalMs: [0, 60_001, 1.5, '250', Number.NaN],
  onNotice: ['print', null],
  policy: [null, 'strict', { reconnectWindow: 5 }],
  limits: [null, 5, { connectionMax: 5 }],
  inputLimits: [null, 'x', { aheadTicksMax: 5 }],
  suspicion: [null, 5, { stale: { raiseAt: 5 } }, { rude: {} }, { windowMs: 1 }],
  tickRateHz: [0, 129, 20.5, '20', Number.NaN],
  allowedOrigins: ['https://game.example', [5], ['game.example'], ['https://game.example/']],
  allowNativeClients: ['no', 0],
  isDevelopment: ['yes', 1],
  trustedProxies: ['10.0.0.1', [5], ['localhost'], ['10.0.0.0/33']],
  path: ['play', '/play?team=2', '/play#2', '/play\n', 5],
  webSocketLimits: [null, 5, { socketsMax: 0 }, { sockets: 5 }],
  handleRequest: [{}],
  transports: ['websocket', [], [{}], [null]],
  clock: [5, {}],
  scheduler: ['node', { setTimer: () => undefined }],
  randomStreams: [5, {}],
} as const satisfies Record<keyof Required<ServerConfig>, readonly unknown[]>;

/** The options inside of options that are all numbers. */
const NESTED = {
  policy: Object.entries(DEFAULT_SESSION_POLICY),
  limits: Object.entries(validateHostLimits({}, { tickRateHz: 20, livenessTimeoutMs: 1_000 })),
  inputLimits: Object.entries(DEFAULT_INPUT_LIMITS),
} as const;

function refusalOf(config: object): HoldfastError {
  try {
    const runtime = new ServerRuntime({ authenticate, ...config });
    throw new Error(`accepted: ${Object.keys(config).join()}, ${runtime.address}`);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
}

/** The option inside of a group of options, such as `policy`. */
function nameInside(value: unknown): string | undefined {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isGroup && !('setTimer' in value) && !('chat' in value)
    ? Object.keys(value)[0]
    : undefined;
}

describe('a configuration', () => {
  const cases = Object.entries(WRONG).flatMap(([name, values]) =>
    values.map((value) => ({ name, value })),
  );
  test.each(cases)('with $name = $value is refused by name', ({ name, value }) => {
    const error = refusalOf({ [name]: value });
    const inner = nameInside(value);
    expect(error.code).toBe(
      name === 'policy' && inner ? 'invalid-policy' : 'invalid-configuration',
    );
    expect(error.message).toContain(inner ?? name);
    expect(error.retryable).toBe(false);
  });

  const nested = Object.entries(NESTED).flatMap(([group, entries]) =>
    entries.flatMap(([name]) =>
      [-1, Number.NaN, '5', null].map((value) => ({ group, name, value })),
    ),
  );
  test.each(nested)('with $group.$name = $value is refused by name', ({ group, name, value }) => {
    const error = refusalOf({ [group]: { [name]: value } });
    expect(error.code).toBe(group === 'policy' ? 'invalid-policy' : 'invalid-configuration');
    expect(error.message).toContain(name);
  });

  test('with a name that is no option is refused by that name', () => {
    expect(refusalOf({ prot: 7777 }).message).toContain('prot');
    expect(refusalOf({ prot: undefined }).message).toContain('prot');
  });

  test.each([{ journal: 'ahead' }, { checkpointIntervalMs: 100 }])(
    'with %j and no store is refused',
    (config) => {
      const error = refusalOf(config);
      expect(error.code).toBe('invalid-configuration');
      expect(error.message).toContain(Object.keys(config)[0]);
    },
  );

  test('that contradicts itself is refused', () => {
    const hasty = { heartbeatIntervalMs: 1_000, livenessTimeoutMs: 1_999 };
    expect(refusalOf({ policy: hasty }).message).toContain('livenessTimeoutMs');
    expect(refusalOf({ policy: { stallMsMax: 99 } }).message).toContain('stallMsMax');
    expect(refusalOf({ tickRateHz: 1, policy: { stallMsMax: 1_999 } }).code).toBe('invalid-policy');
    // 20 Hz × 10 s × 1.2.
    expect(refusalOf({ limits: { messageBurst: 239 } }).message).toContain('messageBurst');
    expect(
      new ServerRuntime({ authenticate, port: 0, limits: { messageBurst: 240 } }).address,
    ).toBe('');
  });

  test('that says undefined where it may be silent means the default', async () => {
    const given = Object.fromEntries(
      NESTED.limits.map(([name]) => [name, undefined]),
    ) as unknown as ServerConfig['limits'];
    const setting = await openMemory({ limits: { ...given, connectionsMax: 2 } });
    await setting.loginRaw('ada');
    await setting.connectRaw();
    expect((await setting.knockRaw()).isOpen).toBe(false);
    const runtime = new ServerRuntime({
      authenticate,
      limits: { messageBurst: undefined },
      inputLimits: { inputAheadTicksMax: undefined },
      policy: { loginTimeoutMs: undefined },
      onVerdict: undefined,
      hostname: undefined,
      port: undefined,
      transports: undefined,
    } as unknown as ServerConfig);
    expect(runtime.host.sessions.policy).toEqual(DEFAULT_SESSION_POLICY);
  });

  test('that cannot be is a rejection of start, and nothing listens', async () => {
    await expect(
      ServerRuntime.start({ authenticate, port: 0, tickRateHz: 0 }),
    ).rejects.toMatchObject({ code: 'invalid-configuration' });
  });
});
