/** The game's own messages of a chaos run: a counted input whose outcome can be told from twice. */
import { defineMessages } from 'holdfast/protocol';

export interface TokenPayload {
  readonly number: number;
}

/** The server's answer to one token. */
export interface LedgerPayload {
  readonly tick: number;
  readonly number: number;
  /** Tokens of this player that were applied in all. */
  readonly count: number;
  /** The newest of them, oldest first. */
  readonly recent: readonly number[];
}

/** Which server process a connection belongs to. */
export interface ProcessPayload {
  readonly process: number;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** A Standard Schema of a few counts. */
function schemaOf<Payload>(isPayload: (value: Record<string, unknown>) => boolean) {
  return {
    '~standard': {
      version: 1,
      vendor: 'holdfast-chaos',
      validate: (value: unknown) =>
        isPayload(Object(value) as Record<string, unknown>)
          ? { value: value as Payload }
          : { issues: [{ message: 'is not what was defined' }] },
      types: undefined as unknown as { readonly input: Payload; readonly output: Payload },
    },
  } as const;
}

export const CHAOS_MESSAGES = defineMessages({
  token: {
    lane: 'reliable',
    schema: schemaOf<TokenPayload>(({ number }) => isCount(number)),
  },
  ledger: {
    lane: 'reliable',
    schema: schemaOf<LedgerPayload>(
      ({ tick, number, count, recent }) =>
        isCount(tick) &&
        isCount(number) &&
        isCount(count) &&
        Array.isArray(recent) &&
        recent.every(isCount),
    ),
  },
  process: {
    lane: 'reliable',
    schema: schemaOf<ProcessPayload>(({ process }) => isCount(process)),
  },
});

export type ChaosMessages = typeof CHAOS_MESSAGES;
