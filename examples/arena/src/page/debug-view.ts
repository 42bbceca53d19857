/**
 * `window.arena`: what a test or a curious developer may read. Nothing in it changes anything.
 */
import type { ArenaView } from './arena-view.ts';
import { fieldOf } from './arena-view.ts';
import type { Game } from './game.ts';
import type { PageLog } from './page-log.ts';
import type { Pilot } from './pilot.ts';
import type { SessionPanel } from './session-panel.ts';
import type { Stage } from './stage.ts';

export interface DebugPlayer {
  readonly playerId: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly hitPoints: number;
  readonly isAlive: boolean;
  readonly kills: number;
  readonly entity: number;
}

export function createDebugView(parts: {
  game: Game;
  view: ArenaView;
  panel: SessionPanel;
  stage: Stage;
  log: PageLog;
  pilot: Pilot;
}) {
  const { game, view, panel, stage, log, pilot } = parts;
  const describe = (player: NonNullable<Game['client']>['self']): DebugPlayer | null =>
    player === undefined
      ? null
      : {
          playerId: player.playerId,
          name: view.nameOf(player.playerId),
          x: player.x,
          y: player.y,
          hitPoints: fieldOf(player, 'hitPoints'),
          isAlive: fieldOf(player, 'isAlive') === 1,
          kills: fieldOf(player, 'kills'),
          entity: player.entity,
        };
  return Object.freeze({
    get phase() {
      return game.phase;
    },
    get endReason() {
      return game.endReason;
    },
    get state() {
      return game.client?.state ?? 'disconnected';
    },
    get sessionId() {
      return game.client?.sessionId ?? null;
    },
    get epoch() {
      return game.client?.epoch ?? 0;
    },
    get stats() {
      return game.client === undefined ? null : { ...game.client.stats };
    },
    get self() {
      return describe(game.client?.self);
    },
    /** Oneself as the newest snapshot has it. */
    get confirmed() {
      return describe(game.client?.selfConfirmed);
    },
    get players() {
      return [...(game.client?.players.values() ?? [])].map(describe);
    },
    /** CSS pixels of the canvas, for a place in metres. */
    toScreen: (x: number, y: number) => stage.toScreen({ x, y }),
    /** The touch sticks as they are drawn; null where nobody plays by touch. */
    get sticks() {
      return pilot.sticks ?? null;
    },
    /** What this page has seen of its session. */
    get log() {
      return log.moves;
    },
    get report() {
      return panel.report ?? null;
    },
  });
}

export type DebugView = ReturnType<typeof createDebugView>;
