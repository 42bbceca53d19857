/**
 * Makes a scene of what the client knows: positions, names, who is alive. In: the client, names
 * from `profiles` messages. Out: one Scene per frame. Must not know: canvases, buttons.
 */
import type { PlayerView } from 'holdfast/client';
import { HIT_POINTS_MAX } from '../shared/arena-geometry.ts';
import type { Profile } from '../shared/arena-messages.ts';
import { cleanPlayerName } from '../shared/player-name.ts';
import type { Point } from './camera.ts';
import type { ArenaClient } from './game.ts';
import type { ShownNetcode } from './netcode-painter.ts';
import type { Scene, ScenePlayer } from './scene.ts';
import type { ShownSticks } from './touch-sticks.ts';

/** More names than one world can have players; the oldest go first. */
const NAMES_MAX = 1_000;

/** What the one at the controls means to do; the pilot has it. */
export interface Intent {
  readonly aim: Point | undefined;
  readonly sticks: ShownSticks | undefined;
  /** Where the player looks from there, in radians. */
  yawFrom(place: Point): number;
}

/** What is shown beside the players. */
export interface Shown {
  readonly intent: Intent;
  /** Undefined while nobody wants to see it. */
  readonly netcode: ShownNetcode | undefined;
}

export function fieldOf(view: PlayerView, name: string): number {
  return view.fields[name] ?? 0;
}

export class ArenaView {
  readonly #names = new Map<string, string>();

  addProfiles(profiles: readonly Profile[]): void {
    for (const { playerId, name } of profiles) {
      this.#names.delete(playerId);
      this.#names.set(playerId, cleanPlayerName(name));
    }
    for (const playerId of this.#names.keys()) {
      if (this.#names.size <= NAMES_MAX) break;
      this.#names.delete(playerId);
    }
  }

  nameOf(playerId: string): string {
    return this.#names.get(playerId) ?? '…';
  }

  scene(client: ArenaClient | undefined, shown: Shown): Scene {
    const { intent, netcode } = shown;
    const { aim, sticks } = intent;
    if (client === undefined) {
      const nobody = { players: [], self: undefined, netcode: undefined, sticks: undefined };
      return { ...nobody, aim, isFrozen: true };
    }
    const players: ScenePlayer[] = [];
    let self: ScenePlayer | undefined;
    for (const view of client.players.values()) {
      const isSelf = view.playerId === client.playerId;
      // The own barrel follows the controls at once; everybody else's is what the server says.
      const yaw = isSelf ? intent.yawFrom(view) : view.yaw;
      const player = this.#toScenePlayer(view, { yaw, isSelf });
      players.push(player);
      if (isSelf) self = player;
    }
    return { players, self, aim, netcode, sticks, isFrozen: client.state !== 'logged-in' };
  }

  #toScenePlayer(
    view: PlayerView,
    { yaw, isSelf }: { readonly yaw: number; readonly isSelf: boolean },
  ): ScenePlayer {
    return {
      playerId: view.playerId,
      name: this.nameOf(view.playerId),
      x: view.x,
      y: view.y,
      yaw,
      health: Math.min(1, fieldOf(view, 'hitPoints') / HIT_POINTS_MAX),
      isAlive: fieldOf(view, 'isAlive') === 1,
      isSuspended: fieldOf(view, 'isSuspended') === 1,
      isSelf,
    };
  }
}
