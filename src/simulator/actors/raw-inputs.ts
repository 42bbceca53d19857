/**
 * Inputs as no encoder of ours would write them: any 64-bit tick, any float, any target. The bytes
 * are well-formed Protobuf (docs/PROTOCOL.md): what is wrong with them, the server has to find.
 */
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';

export interface RawMove {
  /** 0 ≤ tick < 2^64. */
  readonly tick: bigint;
  readonly directionX: number;
  readonly directionY: number;
  readonly yaw: number;
}

export interface RawShot {
  readonly tick: bigint;
  readonly targetPlayerId: string | undefined;
  readonly directionX: number;
  readonly directionY: number;
  readonly viewTickSixteenths: bigint;
}

const TAGS = {
  move: { tick: 0x08, directionX: 0x15, directionY: 0x1d, yaw: 0x25 },
  shot: { tick: 0x08, target: 0x12, directionX: 0x1d, directionY: 0x25, viewTick: 0x28 },
} as const;

export function encodeRawMove({ tick, directionX, directionY, yaw }: RawMove): Uint8Array {
  const tags = TAGS.move;
  return Uint8Array.from([
    MESSAGE_KIND_BYTES['move-input'],
    tags.tick,
    ...varint(tick),
    tags.directionX,
    ...float(directionX),
    tags.directionY,
    ...float(directionY),
    tags.yaw,
    ...float(yaw),
  ]);
}

export function encodeRawShot(shot: RawShot): Uint8Array {
  const tags = TAGS.shot;
  return Uint8Array.from([
    MESSAGE_KIND_BYTES['shoot-input'],
    tags.tick,
    ...varint(shot.tick),
    ...(shot.targetPlayerId === undefined ? [] : [tags.target, ...text(shot.targetPlayerId)]),
    tags.directionX,
    ...float(shot.directionX),
    tags.directionY,
    ...float(shot.directionY),
    tags.viewTick,
    ...varint(shot.viewTickSixteenths),
  ]);
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

function float(value: number): number[] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((index) => view.getUint8(index));
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...varint(BigInt(bytes.length)), ...bytes];
}
