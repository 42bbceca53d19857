/**
 * Turns combat events into what is seen: tracers, hits, deaths, the kill feed. In: events of the
 * client. Out: effects on the stage, lines in the feed.
 */
import type { CombatEvent, ShotEvent } from 'holdfast/client';
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
        // The own tracer was there at once; only what it hit is news.
        if (event.event === 'shot-missed' && event.shooterId === client.playerId) return;
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
        // `handleShot` tells it, with those that came too late.
        return;
      default:
        event satisfies never;
    }
  }

  /** What became of a shot of one's own; it has been shown since it was sent. */
  handleShot(client: ArenaClient, { outcome }: ShotEvent, now: number): void {
    if (outcome !== 'rejected' || client.self === undefined) return;
    this.#stage.effects.addRefusal(client.self, now);
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
