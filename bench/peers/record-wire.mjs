/**
 * The bytes of the servers that are written by hand (`ws`, prebuilt frames, C), little-endian:
 * login `01 world:u16`, welcome `02 id:u32`, input `03 dx:f32 dy:f32 yaw:f32`, state
 * `04 tick:u32` and 17 bytes a player: `id:u32 x:f32 y:f32 yaw:f32 flags:u8`.
 */
export const LOGIN = 1;
export const WELCOME = 2;
export const INPUT = 3;
export const STATE = 4;
export const STATE_HEADER_BYTES = 5;
export const RECORD_BYTES = 17;

export function writeWelcome(id) {
  const bytes = Buffer.alloc(5);
  bytes[0] = WELCOME;
  bytes.writeUInt32LE(id, 1);
  return bytes;
}

export function readInput(bytes, body) {
  body.directionX = bytes.readFloatLE(1);
  body.directionY = bytes.readFloatLE(5);
  body.yaw = bytes.readFloatLE(9);
}

/** Writes the state of a world behind `offset` of a fresh buffer. */
export function writeState(players, tick, offset) {
  const bytes = Buffer.allocUnsafe(offset + STATE_HEADER_BYTES + players.size * RECORD_BYTES);
  bytes[offset] = STATE;
  bytes.writeUInt32LE(tick, offset + 1);
  let at = offset + STATE_HEADER_BYTES;
  for (const { id, body } of players) {
    bytes.writeUInt32LE(id, at);
    bytes.writeFloatLE(body.x, at + 4);
    bytes.writeFloatLE(body.y, at + 8);
    bytes.writeFloatLE(body.yaw, at + 12);
    bytes[at + 16] = 1;
    at += RECORD_BYTES;
  }
  return bytes;
}
