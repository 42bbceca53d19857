/**
 * How one cheats for speed: what is sent for a tick, when it leaves, how fast the own clock goes.
 * In: ticks. Out: frames. All run the same circle, so that their ways can be compared.
 */
import { encodeClientMessage } from 'holdfast/protocol';
import type { MoveInput } from 'holdfast/protocol';

export interface Trick {
  /** The frames of one tick of the own clock. */
  readonly inputsFor: (tick: number) => readonly Uint8Array[];
  /** Whether what there is to send is held back, so long after the login. */
  readonly isHolding?: (sinceMs: number) => boolean;
  /** How many ticks the own clock is ahead of the right one, so many ticks after the login. */
  readonly gainedTicks?: (ticks: number) => number;
}

export type CheatName = (typeof CHEAT_NAMES)[number];

export const CHEAT_NAMES = [
  'flood10x',
  'lagSwitch3s',
  'burst900ms',
  'fastClock5pct',
  'tickJump',
  'teleportClaim',
] as const;

/** Radians per tick: at 6 m/s and 20 Hz a circle of 3 m. */
const TURN = 0.1;
const COPIES = 10;
const GAIN = 0.05;
/** Then even a fast clock is set right: one that is not is soon too far ahead for anything. */
const CLOCK_SET_TICKS = 100;
/** In turn, between fair inputs; 2^53 is no message any more, and a strike: only now and then. */
const JUMPS = [1_000, -1_000, 9, -9] as const;
const BEYOND_TICKS = 40;

export function headingAt(tick: number): { directionX: number; directionY: number; yaw: number } {
  const yaw = (tick * TURN) % (2 * Math.PI);
  return { directionX: Math.cos(yaw), directionY: Math.sin(yaw), yaw };
}

function move(tick: number, changes: Partial<MoveInput> = {}): Uint8Array {
  const input = { kind: 'move-input', tick: Math.max(0, tick), ...headingAt(tick) } as const;
  return encodeClientMessage({ ...input, ...changes });
}

/** The first tick that is no number of 53 bits: the largest that is, with one more in its place. */
function moveBeyond(): Uint8Array {
  const bytes = move(Number.MAX_SAFE_INTEGER);
  // Kind and tag, then the varint: 2^53 is seven empty groups and 2^4 in the last.
  bytes.set([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10], 2);
  return bytes;
}

/** Back and forth by a thousand, to the end of numbers, and a step beyond it. */
function jumpAt(tick: number): Uint8Array {
  if (tick % BEYOND_TICKS === 0) return moveBeyond();
  const far = { ...headingAt(tick), tick: Number.MAX_SAFE_INTEGER };
  const jump = JUMPS[tick % JUMPS.length]!;
  return tick % 5 === 0 ? move(tick, far) : move(tick, { tick: Math.max(0, tick + jump) });
}

/** Where it heads, but at a speed that no player has; or nowhere at all. */
function claimAt(tick: number): Uint8Array {
  const { directionX, directionY } = headingAt(tick);
  if (tick % 8 === 0) return move(tick, { directionX: Number.NaN });
  const most = tick % 4 === 0 ? 3e38 : 1e6;
  return move(tick, { directionX: directionX * most, directionY: directionY * most, yaw: 1e9 });
}

function holdsFor(heldMs: number, freeMs: number): (sinceMs: number) => boolean {
  return (sinceMs) => sinceMs % (heldMs + freeMs) < heldMs;
}

export const HONEST: Trick = { inputsFor: (tick) => [move(tick)] };

export const CHEATS: Readonly<Record<CheatName, Trick>> = {
  flood10x: { inputsFor: (tick) => Array.from({ length: COPIES }, () => move(tick)) },
  lagSwitch3s: { ...HONEST, isHolding: holdsFor(3_000, 1_500) },
  burst900ms: { ...HONEST, isHolding: holdsFor(900, 300) },
  fastClock5pct: { ...HONEST, gainedTicks: (ticks) => (ticks % CLOCK_SET_TICKS) * GAIN },
  tickJump: { inputsFor: (tick) => [jumpAt(tick), move(tick), jumpAt(tick + 1)] },
  teleportClaim: { inputsFor: (tick) => [claimAt(tick)] },
};
