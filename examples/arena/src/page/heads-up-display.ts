/**
 * Score, hit points, ranking and respawn countdown over the arena. In: what the game knows, once
 * per frame. Out: text that changes only when it must.
 */
import { HIT_POINTS_MAX, RESPAWN_DELAY_MS } from '../shared/arena-geometry.ts';

export interface DisplayedSelf {
  readonly kills: number;
  readonly deaths: number;
  readonly hitPoints: number;
  readonly isAlive: boolean;
}

export interface RankedPlayer {
  readonly playerId: string;
  readonly name: string;
  readonly kills: number;
  readonly isSelf: boolean;
}

export interface HeadsUpElements {
  readonly score: HTMLElement;
  readonly health: HTMLMeterElement;
  readonly healthText: HTMLElement;
  readonly ranking: HTMLElement;
  readonly respawn: HTMLElement;
}

const RANKS_SHOWN = 5;

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export class HeadsUpDisplay {
  readonly #elements: HeadsUpElements;
  #diedAt: number | undefined;
  #shownRanking = '';

  constructor(elements: HeadsUpElements) {
    this.#elements = elements;
    elements.health.max = HIT_POINTS_MAX;
  }

  /** Undefined self: not playing. */
  show(self: DisplayedSelf | undefined, now: number): void {
    const { score, health, healthText } = this.#elements;
    score.parentElement?.toggleAttribute('hidden', self === undefined);
    this.#showRespawn(self, now);
    if (self === undefined) return;
    setText(score, `${counted(self.kills, 'kill')} · ${counted(self.deaths, 'death')}`);
    if (health.value !== self.hitPoints) health.value = self.hitPoints;
    setText(healthText, `${self.hitPoints}`);
  }

  /** Cheap enough for twice a second, not for every frame. */
  showRanking(players: readonly RankedPlayer[]): void {
    const best = players
      .toSorted((a, b) => b.kills - a.kills || a.name.localeCompare(b.name))
      .slice(0, RANKS_SHOWN)
      .filter(({ kills }) => kills > 0);
    const key = JSON.stringify(best);
    if (key === this.#shownRanking) return;
    this.#shownRanking = key;
    this.#elements.ranking.replaceChildren(
      ...best.map(({ name, kills, isSelf }) => {
        const item = document.createElement('li');
        item.classList.toggle('own', isSelf);
        const count = document.createElement('span');
        count.textContent = String(kills);
        item.append(name, count);
        return item;
      }),
    );
  }

  #showRespawn(self: DisplayedSelf | undefined, now: number): void {
    const { respawn } = this.#elements;
    if (self === undefined || self.isAlive) {
      this.#diedAt = undefined;
      respawn.hidden = true;
      return;
    }
    this.#diedAt ??= now;
    const leftMs = Math.max(0, RESPAWN_DELAY_MS - (now - this.#diedAt));
    respawn.hidden = false;
    setText(respawn, leftMs === 0 ? 'Back in a moment…' : `Back in ${Math.ceil(leftMs / 1000)}`);
  }
}
