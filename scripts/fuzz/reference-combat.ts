/**
 * Combat events through generated code: the `oneof` of the wire and the tag `event` in memory.
 * In: production modules. Out: the codec that the tuned one must equal.
 */
import type { BodyCodec } from '../../src/protocol/body-codec.ts';
import type { CombatEvent } from '../../src/protocol/messages.ts';
import type { Production } from './production.ts';

export type CombatParts = Pick<
  Production,
  'createBodyCodec' | 'CombatEventSchema' | 'isId' | 'WIRE_LIMITS'
>;

export function createCombatReference(production: CombatParts): BodyCodec<CombatEvent> {
  const { createBodyCodec, CombatEventSchema, isId, WIRE_LIMITS } = production;
  const isBounded = (event: object): boolean =>
    Object.entries(event).every(([name, value]) => {
      if (name === 'code') return value !== '' && value.length <= WIRE_LIMITS.codeLengthMax;
      return typeof value === 'number'
        ? Number.isFinite(value)
        : !name.endsWith('Id') || isId(value);
    });
  return createBodyCodec<typeof CombatEventSchema, CombatEvent>({
    kind: 'combat-event',
    schema: CombatEventSchema,
    toWire(message) {
      const tick = BigInt(message.tick);
      switch (message.event) {
        case 'hit': {
          const { shooterId, targetId, originX, originY, impactX, impactY } = message;
          const value = { shooterId, targetId, originX, originY, impactX, impactY };
          return { tick, event: { case: 'hit', value } };
        }
        case 'shot-missed': {
          const { shooterId, originX, originY, impactX, impactY } = message;
          const value = { shooterId, originX, originY, impactX, impactY };
          return { tick, event: { case: 'shotMissed', value } };
        }
        case 'damage-applied': {
          const { targetId, amount, hitPoints } = message;
          return { tick, event: { case: 'damageApplied', value: { targetId, amount, hitPoints } } };
        }
        case 'death': {
          const { targetId, killerId } = message;
          return { tick, event: { case: 'death', value: { targetId, killerId } } };
        }
        case 'shoot-rejected': {
          const value = { inputTick: BigInt(message.inputTick), code: message.code };
          return { tick, event: { case: 'shootRejected', value } };
        }
      }
    },
    fromWire(body) {
      if (body.event.case === undefined) return undefined;
      const { $typeName: _, ...values } = body.event.value;
      const event = {
        kind: 'combat-event' as const,
        tick: Number(body.tick),
        event: EVENT_NAMES[body.event.case],
        ...values,
        ...('inputTick' in values ? { inputTick: Number(values.inputTick) } : {}),
      };
      return isBounded(event) ? (event as unknown as CombatEvent) : undefined;
    },
  });
}

const EVENT_NAMES = {
  hit: 'hit',
  shotMissed: 'shot-missed',
  damageApplied: 'damage-applied',
  death: 'death',
  shootRejected: 'shoot-rejected',
} as const satisfies Record<string, CombatEvent['event']>;
