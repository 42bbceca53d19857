/**
 * What is asked of every frame of the kinds that come most, without decoding the rest: proto/ has
 * the tick as the first field of a CombatEvent, docs/PROTOCOL.md as the first of a Snapshot, and
 * its baseline after it. In: a frame of that kind. Out: one fact.
 */
const TICK_TAG = 0x08;
/** Field 6 of CombatEvent, a message. */
const SHOT_REFUSED_TAG = 0x32;

/** Of a CombatEvent. */
export function readTick(frame: Uint8Array): number {
  return frame[1] === TICK_TAG ? readVarint(frame, 2) : 0;
}

/** Of a Snapshot. */
export function readSnapshotTick(frame: Uint8Array): number {
  return readVarint(frame, 1);
}

/** Of a Snapshot: how many ticks ago its baseline was; 0 = it has none. */
export function readBaselineAge(frame: Uint8Array): number {
  let index = 1;
  while ((frame[index] ?? 0) >= 0x80) index += 1;
  return (frame[index + 1] ?? 0) >> 1;
}

function readVarint(frame: Uint8Array, begin: number): number {
  let tick = 0;
  let scale = 1;
  for (let index = begin; index < frame.length; index += 1) {
    const byte = frame[index]!;
    tick += (byte & 0x7f) * scale;
    if (byte < 0x80) return tick;
    scale *= 128;
  }
  return NaN;
}

/** Whether a CombatEvent tells a shooter that its shot did not count. */
export function isShotRefusal(frame: Uint8Array): boolean {
  let index = 1;
  if (frame[index] === TICK_TAG) {
    index += 1;
    while ((frame[index] ?? 0) >= 0x80) index += 1;
    index += 1;
  }
  return frame[index] === SHOT_REFUSED_TAG;
}
