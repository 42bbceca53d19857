/**
 * The hot messages through generated code, as the cold ones go: what the tuned codecs must equal.
 * In: production modules, of the source or as built. Out: one codec per hot message.
 */
import type { BodyCodec } from '../../src/protocol/body-codec.ts';
import type { VerdictOutcome } from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type {
  CombatEvent,
  Heartbeat,
  HeartbeatAnswer,
  InputAck,
  LoginAccepted,
  MoveInput,
  Roster,
  ShootInput,
  VerdictReport,
} from '../../src/protocol/messages.ts';
import type { Production } from './production.ts';
import { type CombatParts, createCombatReference } from './reference-combat.ts';
import {
  createLoginAcceptedReference,
  type LoginAcceptedParts,
} from './reference-login-accepted.ts';

interface ClientReferences {
  readonly moveInput: BodyCodec<MoveInput>;
  readonly shootInput: BodyCodec<ShootInput>;
  readonly heartbeatAnswer: BodyCodec<HeartbeatAnswer>;
}

interface ServerReferences {
  readonly inputAck: BodyCodec<InputAck>;
  readonly heartbeat: BodyCodec<Heartbeat>;
  readonly roster: BodyCodec<Roster>;
  readonly verdictReport: BodyCodec<VerdictReport>;
}

export interface ReferenceCodecs extends ClientReferences, ServerReferences {
  readonly combatEvent: BodyCodec<CombatEvent>;
  readonly loginAccepted: BodyCodec<LoginAccepted>;
}

type ReferenceParts = CombatParts &
  LoginAcceptedParts &
  Pick<
    Production,
    | 'MoveInputSchema'
    | 'ShootInputSchema'
    | 'HeartbeatAnswerSchema'
    | 'InputAckSchema'
    | 'HeartbeatSchema'
    | 'RosterSchema'
    | 'VerdictReportSchema'
  >;

export function createReferenceCodecs(production: ReferenceParts): ReferenceCodecs {
  return {
    ...createClientReferences(production),
    ...createServerReferences(production),
    combatEvent: createCombatReference(production),
    loginAccepted: createLoginAcceptedReference(production),
  };
}

function createClientReferences(production: ReferenceParts): ClientReferences {
  const { createBodyCodec, isId, WIRE_LIMITS } = production;
  const { MoveInputSchema, ShootInputSchema, HeartbeatAnswerSchema } = production;
  return {
    moveInput: createBodyCodec<typeof MoveInputSchema, MoveInput>({
      kind: 'move-input',
      schema: MoveInputSchema,
      listLimits: { earlier: WIRE_LIMITS.earlierMovesMax },
      toWire: ({ tick, directionX, directionY, yaw, earlier = [] }) => ({
        tick: BigInt(tick),
        directionX,
        directionY,
        yaw,
        earlier: earlier.map((copy) => ({ ...copy, ticksBefore: tick - copy.tick })),
      }),
      fromWire({ tick: wireTick, directionX, directionY, yaw, earlier }) {
        const tick = Number(wireTick);
        const input = { kind: 'move-input', tick, directionX, directionY, yaw } as const;
        if (earlier.some(({ ticksBefore: by }) => by < 1 || by > tick)) return undefined;
        const copies = earlier.map((copy) => ({
          tick: tick - copy.ticksBefore,
          directionX: copy.directionX,
          directionY: copy.directionY,
          yaw: copy.yaw,
        }));
        return copies.length === 0 ? input : { ...input, earlier: copies };
      },
    }),
    shootInput: createBodyCodec<typeof ShootInputSchema, ShootInput>({
      kind: 'shoot-input',
      schema: ShootInputSchema,
      toWire: ({ tick, targetPlayerId, directionX, directionY, viewTick }) => ({
        tick: BigInt(tick),
        ...(targetPlayerId === undefined ? {} : { targetPlayerId }),
        directionX,
        directionY,
        viewTickSixteenths: BigInt(viewTick * 16),
      }),
      fromWire({ tick, targetPlayerId, directionX, directionY, viewTickSixteenths }) {
        if (targetPlayerId !== undefined && !isId(targetPlayerId)) return undefined;
        return {
          kind: 'shoot-input',
          tick: Number(tick),
          targetPlayerId: targetPlayerId as PlayerId | undefined,
          directionX,
          directionY,
          viewTick: Number(viewTickSixteenths) / 16,
        };
      },
    }),
    heartbeatAnswer: createBodyCodec<typeof HeartbeatAnswerSchema, HeartbeatAnswer>({
      kind: 'heartbeat-answer',
      schema: HeartbeatAnswerSchema,
      toWire: ({ nonce, serverTick, reliableReceived }) => ({
        nonce,
        serverTick: BigInt(serverTick),
        reliableReceived: BigInt(reliableReceived),
      }),
      fromWire({ nonce, serverTick, reliableReceived }) {
        if (nonce.length > WIRE_LIMITS.nonceLengthMax) return undefined;
        const counts = {
          serverTick: Number(serverTick),
          reliableReceived: Number(reliableReceived),
        };
        return { kind: 'heartbeat-answer', nonce, ...counts };
      },
    }),
  };
}

function createServerReferences(production: ReferenceParts): ServerReferences {
  const { createBodyCodec, InputAckSchema, HeartbeatSchema } = production;
  const { nonceLengthMax } = production.WIRE_LIMITS;
  return {
    inputAck: createBodyCodec<typeof InputAckSchema, InputAck>({
      kind: 'input-ack',
      schema: InputAckSchema,
      toWire: ({ lastInputTick, marginTicks }) => ({
        lastInputTick: BigInt(lastInputTick),
        marginSixteenths: marginTicks * 16,
      }),
      fromWire: ({ lastInputTick, marginSixteenths }) => ({
        kind: 'input-ack',
        lastInputTick: Number(lastInputTick),
        marginTicks: marginSixteenths / 16,
      }),
    }),
    heartbeat: createBodyCodec<typeof HeartbeatSchema, Heartbeat>({
      kind: 'heartbeat',
      schema: HeartbeatSchema,
      toWire: ({ nonce, serverTick, tickFraction, roundTripTimeMs, reliableReceived }) => ({
        nonce,
        serverTick: BigInt(serverTick),
        tickFraction,
        roundTripTimeMs,
        reliableReceived: BigInt(reliableReceived),
      }),
      fromWire({ nonce, serverTick, tickFraction, roundTripTimeMs, reliableReceived }) {
        const areDurations = isDuration(tickFraction) && isDuration(roundTripTimeMs);
        if (nonce.length > nonceLengthMax || !areDurations) return undefined;
        const counts = {
          serverTick: Number(serverTick),
          reliableReceived: Number(reliableReceived),
        };
        return { kind: 'heartbeat', nonce, tickFraction, roundTripTimeMs, ...counts };
      },
    }),
    roster: createRosterReference(production),
    verdictReport: createVerdictReference(production),
  };
}

function createRosterReference(production: ReferenceParts): BodyCodec<Roster> {
  const { createBodyCodec, isId, RosterSchema, WIRE_LIMITS } = production;
  const { rosterEntriesMax } = WIRE_LIMITS;
  return createBodyCodec<typeof RosterSchema, Roster>({
    kind: 'roster',
    schema: RosterSchema,
    listLimits: { entered: rosterEntriesMax, left: rosterEntriesMax },
    toWire: ({ isComplete, entered, left }) => ({
      isComplete,
      entered: [...entered],
      left: [...left],
    }),
    fromWire({ isComplete, entered, left }) {
      if (!entered.every(({ playerId }) => isId(playerId))) return undefined;
      const plain = entered.map(({ entity, playerId }) => ({
        entity,
        playerId: playerId as PlayerId,
      }));
      return { kind: 'roster', isComplete, entered: plain, left };
    },
  });
}

function isWord(text: string, lengthMax: number): boolean {
  return text !== '' && text.length <= lengthMax;
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

const OUTCOMES = ['stale', 'duplicate', 'clamped', 'rejected'] as const;

function createVerdictReference(production: ReferenceParts): BodyCodec<VerdictReport> {
  const { createBodyCodec, VerdictReportSchema, WIRE_LIMITS } = production;
  const { verdictEntriesMax, userMessageNameLengthMax, codeLengthMax } = WIRE_LIMITS;
  return createBodyCodec<typeof VerdictReportSchema, VerdictReport>({
    kind: 'verdict-report',
    schema: VerdictReportSchema,
    listLimits: { entries: verdictEntriesMax },
    toWire: ({ tick, entries, omitted }) => ({
      tick: BigInt(tick),
      entries: entries.map(({ input, inputTick, outcome, code }) => ({
        input,
        inputTick: BigInt(inputTick),
        outcome: (OUTCOMES.indexOf(outcome) + 1) as VerdictOutcome,
        ...(code === undefined ? {} : { code }),
      })),
      omitted,
    }),
    fromWire({ tick, entries, omitted }) {
      const known: VerdictReport['entries'][number][] = [];
      for (const { input, inputTick, outcome: number, code } of entries) {
        const outcome = OUTCOMES[number - 1];
        if (outcome === undefined || !isWord(input, userMessageNameLengthMax)) return undefined;
        if (code !== undefined && !isWord(code, codeLengthMax)) return undefined;
        known.push({ input, inputTick: Number(inputTick), outcome, code });
      }
      return { kind: 'verdict-report', tick: Number(tick), entries: known, omitted };
    },
  });
}
