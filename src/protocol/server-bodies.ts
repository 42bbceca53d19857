/** How the cold messages of servers look on the wire. Combat events: combat-event-body.ts. */
import { createBodyCodec } from './body-codec.ts';
import {
  CloseSchema,
  HeartbeatSchema,
  LoginRejectedSchema,
  RosterSchema,
  type VerdictEntry,
  VerdictOutcome,
  VerdictReportSchema,
} from './generated/holdfast/v1/server_messages_pb.ts';
import { isId, type PlayerId } from './ids.ts';
import { cutText, isCode, isMessageName, isNonce, isText } from './message-bounds.ts';
import type { Close, Heartbeat, LoginRejected, Roster, VerdictReport } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

/** What the field holds: 49 days, which is as good as for ever. */
const RETRY_AFTER_MS_MAX = 2 ** 32 - 1;

export const loginRejectedBody = createBodyCodec<typeof LoginRejectedSchema, LoginRejected>({
  kind: 'login-rejected',
  schema: LoginRejectedSchema,
  toWire: ({ code, retryable, retryAfterMs, message }) => ({
    code,
    retryable,
    retryAfterMs: Math.min(Math.ceil(retryAfterMs), RETRY_AFTER_MS_MAX),
    message: cutText(message),
  }),
  fromWire: ({ code, retryable, retryAfterMs, message }) =>
    isCode(code) && isText(message)
      ? { kind: 'login-rejected', code, retryable, retryAfterMs, message }
      : undefined,
});

export const heartbeatBody = createBodyCodec<typeof HeartbeatSchema, Heartbeat>({
  kind: 'heartbeat',
  schema: HeartbeatSchema,
  toWire: ({ nonce, serverTick, tickFraction, roundTripTimeMs }) => ({
    nonce,
    serverTick: BigInt(serverTick),
    tickFraction,
    roundTripTimeMs,
  }),
  fromWire: ({ nonce, serverTick, tickFraction, roundTripTimeMs }) =>
    isNonce(nonce) && isDuration(tickFraction) && isDuration(roundTripTimeMs)
      ? { kind: 'heartbeat', nonce, serverTick: Number(serverTick), tickFraction, roundTripTimeMs }
      : undefined,
});

/** Of time or of ticks. */
function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

export const rosterBody = createBodyCodec<typeof RosterSchema, Roster>({
  kind: 'roster',
  schema: RosterSchema,
  listLimits: { entered: WIRE_LIMITS.rosterEntriesMax, left: WIRE_LIMITS.rosterEntriesMax },
  toWire: ({ isComplete, entered, left }) => ({
    isComplete,
    entered: [...entered],
    left: [...left],
  }),
  fromWire: ({ isComplete, entered, left }) =>
    entered.every(({ playerId }) => isId(playerId))
      ? {
          kind: 'roster',
          isComplete,
          entered: entered.map(({ entity, playerId }) => ({
            entity,
            playerId: playerId as PlayerId,
          })),
          left,
        }
      : undefined,
});

type VerdictReportEntry = VerdictReport['entries'][number];

const OUTCOME_NUMBERS = {
  stale: VerdictOutcome.STALE,
  duplicate: VerdictOutcome.DUPLICATE,
  clamped: VerdictOutcome.CLAMPED,
  rejected: VerdictOutcome.REJECTED,
} as const satisfies Record<VerdictReportEntry['outcome'], number>;

const OUTCOME_WORDS: ReadonlyMap<number, VerdictReportEntry['outcome']> = new Map(
  (Object.keys(OUTCOME_NUMBERS) as VerdictReportEntry['outcome'][]).map((word) => [
    OUTCOME_NUMBERS[word],
    word,
  ]),
);

export const verdictReportBody = createBodyCodec<typeof VerdictReportSchema, VerdictReport>({
  kind: 'verdict-report',
  schema: VerdictReportSchema,
  listLimits: { entries: WIRE_LIMITS.verdictEntriesMax },
  toWire: ({ tick, entries, omitted }) => ({
    tick: BigInt(tick),
    entries: entries.map(({ input, inputTick, outcome, code }) => ({
      input,
      inputTick: BigInt(inputTick),
      outcome: OUTCOME_NUMBERS[outcome],
      ...(code === undefined ? {} : { code }),
    })),
    omitted,
  }),
  fromWire({ tick, entries, omitted }) {
    const known = entries.map(readEntry).filter((entry) => entry !== undefined);
    if (known.length !== entries.length) return undefined;
    return { kind: 'verdict-report', tick: Number(tick), entries: known, omitted };
  },
});

function readEntry(entry: VerdictEntry): VerdictReportEntry | undefined {
  const { input, inputTick, code } = entry;
  const outcome = OUTCOME_WORDS.get(entry.outcome);
  if (outcome === undefined || !isMessageName(input)) return undefined;
  if (code !== undefined && !isCode(code)) return undefined;
  return { input, inputTick: Number(inputTick), outcome, code };
}

export const closeBody = createBodyCodec<typeof CloseSchema, Close>({
  kind: 'close',
  schema: CloseSchema,
  toWire: ({ code, retryable, message }) => ({ code, retryable, message: cutText(message) }),
  fromWire: ({ code, retryable, message }) =>
    isCode(code) && isText(message) ? { kind: 'close', code, retryable, message } : undefined,
});
