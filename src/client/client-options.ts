/**
 * What `connect` takes, and the check that names the option that is wrong.
 * In: the user's options and the platform's defaults. Out: complete options.
 */
import type { PlatformAbortSignal } from '../base/platform-abort-signal.ts';
import type { Clock, Scheduler } from '../base/clock.ts';
import type { RandomSource } from '../base/random-source.ts';
import { encodeClientMessage } from '../protocol/client-codec.ts';
import { defineMessages } from '../protocol/define-messages.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { SnapshotFieldDefinitions } from '../protocol/define-snapshot-fields.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { fitsCredentials } from '../protocol/message-bounds.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import type { ClientTransport } from '../transport/transport.ts';
import { SILENT_NETWORK } from './network-status.ts';
import type { NetworkStatus } from './network-status.ts';
import type { Prediction } from './prediction.ts';
import { NO_LOCKS } from './session-lock.ts';
import type { SessionLocks } from './session-lock.ts';
import type { TokenStorage } from './token-storage.ts';

const LOGIN_TIMEOUT_MS = 10_000;
/** Durations that a platform's timers take: Node turns 2^31 ms into 1 ms. */
const DURATION_MS_MAX = 2 ** 31 - 1;
const INTERPOLATION_DELAY_MS_MAX = 1_000;
/** Half a second of running on is as far as a gap is bridged. */
const EXTRAPOLATION_MS_BOUNDS = { min: 0, max: 500 };
/** Measured: docs/adr/0021. */
const EXTRAPOLATION_MS_MAX = 100;
/** A loss of three in a row, at 2 % each, is one input in 125 000. */
const INPUT_REPEATS_MAX = 3;
const RETRANSMIT_BYTES_MAX = 262_144;
/** The smallest takes any one message; the largest goes into a fresh connection at once. */
const RETRANSMIT_BYTES_BOUNDS = { min: WIRE_LIMITS.clientFrameBytesMax, max: 524_288 };

export interface ConnectOptions<
  Definitions extends MessageDefinitions = MessageDefinitions,
  Fields extends SnapshotFieldDefinitions = SnapshotFieldDefinitions,
> {
  /** Where the server is: `ws://…` or `wss://…`; a transport of your own may take others. */
  readonly url: string;
  /** What the server's `authenticate` gets: any JSON, at most 2 048 bytes as text. */
  readonly credentials: unknown;
  /** The game's own messages, the same table as on the server. Default: none. */
  readonly messages?: Definitions;
  /**
   * The game's own numbers in snapshots, the same table as on the server: typed in `fields` of each
   * player. A server that has others is refused (`fields-mismatch`). Default: none are asked for.
   */
  readonly snapshotFields?: Fields;
  /** Default: WebSocket. */
  readonly transport?: ClientTransport;
  /** Time, timers and chance. Default: the platform's. */
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  readonly random?: RandomSource;
  /**
   * Says when the network is away, so that nothing is tried, and when it is back, so that nothing
   * waits. Default: the browser's, not believed for an address of this machine itself.
   */
  readonly network?: NetworkStatus;
  /**
   * How far behind the arrival of snapshots the players are shown, 0 to 1 000 ms.
   * Default: two ticks, more while the network jitters.
   */
  readonly interpolationDelayMs?: number;
  /**
   * How far past the newest snapshot players run on when the next one is late, whole ms, 0 to 500;
   * then they hold. 0 = they hold at once. Default 100.
   */
  readonly extrapolationMsMax?: number;
  /** How oneself is shown ahead of the server: `predictMovement(…)`. Default: not at all. */
  readonly prediction?: Prediction;
  /**
   * False: logs in even where the token that an earlier page has kept could go on with its session.
   * Default true.
   */
  readonly resume?: boolean;
  /**
   * Where the token is kept with which a reloaded page goes on with its session; `none` = nowhere.
   * Default: the browser's `sessionStorage`, one token per url; nowhere in Node.
   */
  readonly tokenStorage?: TokenStorage | 'none';
  /**
   * Bytes of `reliable` messages that may wait for the server's acknowledgement, 4 096 to
   * 524 288; more are not sent. Default 262 144.
   */
  readonly retransmitBytesMax?: number;
  /**
   * How many of the inputs before it each movement input repeats where the connection may lose it,
   * 0 to 7. Default 3.
   */
  readonly inputRepeatsMax?: number;
  /** How long the first login may take in all. Default 10 000. */
  readonly loginTimeoutMs?: number;
  /** Ends the first login; `connect` rejects with the signal's reason. No effect later. */
  readonly signal?: PlatformAbortSignal;
  /** Gets what a listener threw. Default: the platform's error report. */
  readonly onListenerError?: (error: unknown) => void;
}

/** What the entry of the platform puts in where the user says nothing. */
export interface ConnectDefaults {
  readonly createTransport: () => ClientTransport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly reportError: (error: unknown) => void;
  /** Default: a platform that says nothing of its network. */
  readonly networkTo?: (url: string) => NetworkStatus;
  /** Default: nothing is kept. */
  readonly tokenStorage?: () => TokenStorage | undefined;
  /** Default: a platform without locks. */
  readonly locks?: SessionLocks;
}

export interface ClientOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly url: string;
  /** The encoded Login, the same for every attempt. */
  readonly login: Uint8Array;
  readonly messages: Definitions;
  readonly snapshotFields: SnapshotFieldDefinitions | undefined;
  readonly transport: ClientTransport;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly network: NetworkStatus;
  readonly tokenStorage: TokenStorage | undefined;
  readonly locks: SessionLocks;
  readonly isResuming: boolean;
  readonly retransmitBytesMax: number;
  readonly inputRepeatsMax: number;
  readonly interpolationDelayMs: number | undefined;
  readonly extrapolationMsMax: number;
  readonly prediction: Prediction | undefined;
  readonly loginTimeoutMs: number;
  readonly onListenerError: (error: unknown) => void;
}

/** Throws HoldfastError `invalid-argument` or `message-too-large`, which names the option. */
export function resolveClientOptions<Definitions extends MessageDefinitions>(
  options: ConnectOptions<Definitions>,
  defaults: ConnectDefaults,
): ClientOptions<Definitions> {
  checkNames(options);
  checkUrl(options);
  checkNumbers(options);
  checkKinds(options);
  return {
    url: options.url,
    login: encodeLogin(options.credentials),
    messages: options.messages ?? (defineMessages({}) as MessageDefinitions as Definitions),
    snapshotFields: options.snapshotFields,
    transport: options.transport ?? defaults.createTransport(),
    clock: options.clock ?? defaults.clock,
    scheduler: options.scheduler ?? defaults.scheduler,
    random: options.random ?? defaults.random,
    network: options.network ?? defaults.networkTo?.(options.url) ?? SILENT_NETWORK,
    ...resolveResuming(options, defaults),
    inputRepeatsMax: options.inputRepeatsMax ?? INPUT_REPEATS_MAX,
    interpolationDelayMs: options.interpolationDelayMs,
    extrapolationMsMax: options.extrapolationMsMax ?? EXTRAPOLATION_MS_MAX,
    prediction: options.prediction,
    loginTimeoutMs: options.loginTimeoutMs ?? LOGIN_TIMEOUT_MS,
    onListenerError: options.onListenerError ?? defaults.reportError,
  };
}

/** What goes on with a session. */
function resolveResuming(
  { tokenStorage, resume, retransmitBytesMax }: Partial<ConnectOptions>,
  defaults: ConnectDefaults,
) {
  const kept = tokenStorage ?? defaults.tokenStorage?.();
  return {
    tokenStorage: kept === 'none' ? undefined : kept,
    locks: defaults.locks ?? NO_LOCKS,
    isResuming: resume ?? true,
    retransmitBytesMax: retransmitBytesMax ?? RETRANSMIT_BYTES_MAX,
  };
}

function invalid(option: string, problem: string, cause?: unknown): HoldfastError {
  return new HoldfastError('invalid-argument', `${option}: ${problem}`, { cause });
}

const OPTION_NAMES = {
  url: true,
  credentials: true,
  messages: true,
  snapshotFields: true,
  transport: true,
  clock: true,
  scheduler: true,
  random: true,
  network: true,
  resume: true,
  tokenStorage: true,
  retransmitBytesMax: true,
  inputRepeatsMax: true,
  interpolationDelayMs: true,
  extrapolationMsMax: true,
  prediction: true,
  loginTimeoutMs: true,
  signal: true,
  onListenerError: true,
} as const satisfies Record<keyof Required<ConnectOptions>, true>;

function checkNames(options: ConnectOptions): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(OPTION_NAMES, name)) throw invalid(name, 'is not an option');
  }
  if (options.credentials === undefined) throw invalid('credentials', 'are missing');
}

function checkUrl({ url, transport }: ConnectOptions): void {
  if (typeof url !== 'string' || url === '') throw invalid('url', 'must be a text');
  if (transport !== undefined) return;
  if (!URL.canParse(url)) throw invalid('url', `is no URL: ${url}`);
  const { protocol } = new URL(url);
  if (protocol !== 'ws:' && protocol !== 'wss:') {
    throw invalid('url', 'must begin with ws:// or wss://');
  }
}

function checkNumbers(options: ConnectOptions): void {
  const { loginTimeoutMs, interpolationDelayMs, retransmitBytesMax } = options;
  const { extrapolationMsMax, inputRepeatsMax } = options;
  checkNumber('loginTimeoutMs', loginTimeoutMs, { min: 1, max: DURATION_MS_MAX });
  checkNumber('interpolationDelayMs', interpolationDelayMs, {
    min: 0,
    max: INTERPOLATION_DELAY_MS_MAX,
  });
  checkWhole('extrapolationMsMax', extrapolationMsMax, EXTRAPOLATION_MS_BOUNDS);
  checkNumber('retransmitBytesMax', retransmitBytesMax, RETRANSMIT_BYTES_BOUNDS);
  checkWhole('inputRepeatsMax', inputRepeatsMax, { min: 0, max: WIRE_LIMITS.earlierMovesMax });
}

function checkKinds(options: ConnectOptions): void {
  checkKind('messages', options.messages, 'object');
  checkKind('snapshotFields', options.snapshotFields, 'object');
  checkKind('network', options.network, 'object');
  checkKind('prediction', options.prediction, 'object');
  checkKind('resume', options.resume, 'boolean');
  if (options.tokenStorage !== 'none') checkKind('tokenStorage', options.tokenStorage, 'object');
  checkKind('onListenerError', options.onListenerError, 'function');
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

function checkWhole(option: string, value: number | undefined, bounds: Bounds): void {
  checkNumber(option, value, bounds);
  if (!Number.isInteger(value ?? 0)) throw invalid(option, 'must be whole');
}

function checkNumber(option: string, value: number | undefined, { min, max }: Bounds): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw invalid(option, `must be a number from ${min} to ${max}`);
  }
}

function checkKind(option: string, value: unknown, kind: 'object' | 'function' | 'boolean'): void {
  if (value === undefined || (value !== null && typeof value === kind)) return;
  throw invalid(option, `must be ${kind === 'object' ? 'an' : 'a'} ${kind}`);
}

function encodeLogin(credentials: unknown): Uint8Array {
  let text: string | undefined;
  try {
    text = JSON.stringify(credentials);
  } catch (cause) {
    throw invalid('credentials', 'cannot be written as JSON', cause);
  }
  if (text === undefined) throw invalid('credentials', 'cannot be written as JSON');
  if (!fitsCredentials(text)) {
    const most = WIRE_LIMITS.credentialsBytesMax;
    throw new HoldfastError(
      'message-too-large',
      `credentials: take more than ${most} bytes as JSON`,
    );
  }
  return encodeClientMessage({
    kind: 'login',
    protocolVersion: PROTOCOL_VERSION,
    credentials: text,
  });
}
