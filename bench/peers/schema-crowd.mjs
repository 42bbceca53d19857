/**
 * The state of a crowd in `@colyseus/schema`: what a room keeps, and the bytes of its patch. In:
 * places. Out: bytes that are good until the next call.
 */
import { Encoder, schema, t } from '@colyseus/schema';

const Player = schema({ x: t.float32(), y: t.float32(), yaw: t.float32() });
const State = schema({ players: t.map(Player) });

export class SchemaCrowd {
  #players = [];
  #encoder;

  constructor(count) {
    const state = new State();
    for (let index = 0; index < count; index += 1) {
      const player = new Player();
      this.#players.push(player);
      state.players.set(String(index + 1), player);
    }
    this.#encoder = new Encoder(state);
    this.#encoder.encodeAll();
    this.#encoder.discardChanges();
  }

  /** `rows`: x and y in mm, yaw in 65 536ths of a turn, as ours are given. */
  assign(rows) {
    const players = this.#players;
    for (let index = 0; index < players.length; index += 1) {
      const player = players[index];
      const row = rows[index];
      player.x = row[0] / 1_000;
      player.y = row[1] / 1_000;
      player.yaw = (row[2] * Math.PI) / 32_768;
    }
  }

  encode() {
    const bytes = this.#encoder.encode();
    this.#encoder.discardChanges();
    return bytes;
  }
}
