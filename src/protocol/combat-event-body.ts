/** How combat events look on the wire: a `oneof` there, the tag `event` in memory. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { createBodyCodec } from './body-codec.ts';
import {
  type CombatEvent as WireCombatEvent,
  CombatEventSchema,
} from './generated/holdfast/v1/server_messages_pb.ts';
import { isId, type PlayerId } from './ids.ts';
import { isCode } from './message-bounds.ts';
import type { CombatEvent } from './messages.ts';

export const combatEventBody = createBodyCodec<typeof CombatEventSchema, CombatEvent>({
  kind: 'combat-event',
  schema: CombatEventSchema,
  toWire: (message) => ({ tick: BigInt(message.tick), event: toWireEvent(message) }),
  fromWire(body) {
    const event = fromWireEvent(body.event);
    if (event === undefined || !hasBoundedValues(event)) return undefined;
    return { kind: 'combat-event', tick: Number(body.tick), ...event };
  },
});

type WireEventInit = NonNullable<MessageInitShape<typeof CombatEventSchema>['event']>;

function toWireEvent(message: CombatEvent): WireEventInit {
  switch (message.event) {
    case 'hit': {
      const { shooterId, targetId, originX, originY, impactX, impactY } = message;
      const value = { shooterId, targetId, originX, originY, impactX, impactY };
      return { case: 'hit', value };
    }
    case 'shot-missed': {
      const { shooterId, originX, originY, impactX, impactY } = message;
      return { case: 'shotMissed', value: { shooterId, originX, originY, impactX, impactY } };
    }
    case 'damage-applied': {
      const { targetId, amount, hitPoints } = message;
      return { case: 'damageApplied', value: { targetId, amount, hitPoints } };
    }
    case 'death': {
      const { targetId, killerId } = message;
      return { case: 'death', value: { targetId, killerId } };
    }
    case 'shoot-rejected': {
      const { inputTick, code } = message;
      return { case: 'shootRejected', value: { inputTick: BigInt(inputTick), code } };
    }
  }
}

/** What a CombatEvent says besides its tick. */
type EventOf<Message> = Message extends CombatEvent ? Omit<Message, 'kind' | 'tick'> : never;
type Event = EventOf<CombatEvent>;

function fromWireEvent(wire: WireCombatEvent['event']): Event | undefined {
  switch (wire.case) {
    case 'hit': {
      const { originX, originY, impactX, impactY } = wire.value;
      const shooterId = wire.value.shooterId as PlayerId;
      const targetId = wire.value.targetId as PlayerId;
      return { event: 'hit', shooterId, targetId, originX, originY, impactX, impactY };
    }
    case 'shotMissed': {
      const { originX, originY, impactX, impactY } = wire.value;
      const shooterId = wire.value.shooterId as PlayerId;
      return { event: 'shot-missed', shooterId, originX, originY, impactX, impactY };
    }
    case 'damageApplied': {
      const { amount, hitPoints } = wire.value;
      const targetId = wire.value.targetId as PlayerId;
      return { event: 'damage-applied', targetId, amount, hitPoints };
    }
    case 'death': {
      const targetId = wire.value.targetId as PlayerId;
      const killerId = wire.value.killerId as PlayerId;
      return { event: 'death', targetId, killerId };
    }
    case 'shootRejected': {
      const { inputTick, code } = wire.value;
      return { event: 'shoot-rejected', inputTick: Number(inputTick), code };
    }
    case undefined:
      return undefined;
  }
}

function hasBoundedValues(event: Event): boolean {
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'number' && !Number.isFinite(value)) return false;
    if (name.endsWith('Id') && !isId(String(value))) return false;
  }
  return event.event !== 'shoot-rejected' || isCode(event.code);
}
