/**
 * Turns combat events into what is seen: tracers, hits, deaths, the kill feed. In: events of the
 * client. Out: effects on the stage, lines in the feed.
 */
import type { CombatEvent } from 'holdfast/client';
import type { ArenaView } from './arena-view.ts';
import type { ArenaClient } from './game.ts';
import type { KillFeed } from './kill-feed.ts';
import { PALETTE, colourOfPlayer } from './palette.ts';
import type { Stage } from './stage.ts';

export class CombatShow {
  readonly #stage: Stage;
  readonly #view: ArenaView;
  readonly #feed: KillFeed;

  constructor(options: { stage: Stage; view: ArenaView; feed: KillFeed }) {
    this.#stage = options.stage;
    this.#view = options.view;
    this.#feed = options.feed;
  }

  handle(client: ArenaClient, event: CombatEvent, now: number): void {
    switch (event.event) {
      case 'hit':
      case 'shot-missed':
        this.#stage.effects.addShot(
          {
            from: { x: event.originX, y: event.originY },
            to: { x: event.impactX, y: event.impactY },
            isHit: event.event === 'hit',
          },
          now,
        );
        return;
      case 'damage-applied':
        this.#stage.effects.addHit(event.targetId, now);
        return;
      case 'death':
        this.#showDeath(client, event, now);
        return;
      case 'shoot-rejected':
        return;
      default:
        event satisfies never;
    }
  }

  #showDeath(
    client: ArenaClient,
    event: Extract<CombatEvent, { event: 'death' }>,
    now: number,
  ): void {
    const { killerId, targetId } = event;
    const isOwn = killerId === client.playerId || targetId === client.playerId;
    const toName = (playerId: string) => ({
      text: playerId === client.playerId ? 'You' : this.#view.nameOf(playerId),
      colour: playerId === client.playerId ? PALETTE.selfRing : colourOfPlayer(playerId),
    });
    this.#feed.add({ killer: toName(killerId), target: toName(targetId), isOwn });
    const place = client.players.get(targetId);
    if (place === undefined) return;
    const colour = targetId === client.playerId ? PALETTE.self : colourOfPlayer(targetId);
    this.#stage.effects.addDeath({ x: place.x, y: place.y }, colour, now);
  }
}
