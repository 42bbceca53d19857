/**
 * The page's own session in the panel, by two tellers: the server's row with its timeline, below it
 * the page's own timeline, and the newest moves of both in words. In: reports, the page's log.
 * Out: DOM.
 */
import { tellStory } from './own-story.ts';
import type { StoryLine } from './own-story.ts';
import type { PageLog } from './page-log.ts';
import { SessionRow, describeVerdicts } from './session-row.ts';
import type { ShownReport, ShownSession } from './shown-report.ts';
import { styleOf } from './state-style.ts';
import { TimelineStrip } from './timeline-strip.ts';

export interface OwnSessionElements {
  readonly own: HTMLElement;
  readonly ownRow: HTMLElement;
  readonly ownStory: HTMLElement;
  readonly ownFacts: HTMLElement;
}

/** Where the window is small the last ones are not shown. */
const STORY_LINES = 6;

const WHO_TITLES: Readonly<Record<StoryLine['who'], string>> = {
  server: 'The server that runs now says so.',
  earlier: 'An earlier server process said so; this page has kept it.',
  page: 'This page has seen it itself.',
  both: 'A server process said so, and this page has seen it.',
};

function agoText(agoMs: number): string {
  return agoMs < 9_950 ? `${(agoMs / 1_000).toFixed(1)} s` : `${Math.round(agoMs / 1_000)} s`;
}

function createLine(): HTMLElement {
  const item = document.createElement('li');
  for (let column = 0; column < 3; column += 1) item.append(document.createElement('span'));
  return item;
}

function fillLine(item: HTMLElement, { who, agoMs, to, text }: StoryLine): void {
  item.style.setProperty('--state', styleOf(to).colour);
  const title = `${text}\n${WHO_TITLES[who]}`;
  if (item.title !== title) item.title = title;
  for (const [column, word] of [agoText(agoMs), who, text].entries()) {
    const cell = item.children[column];
    if (cell !== undefined && cell.textContent !== word) cell.textContent = word;
  }
}

interface Shown {
  readonly session: ShownSession;
  readonly report: ShownReport;
  readonly receivedAt: number;
}

export class OwnSession {
  readonly #elements: OwnSessionElements;
  readonly #log: PageLog;
  readonly #now: () => number;
  readonly #row = new SessionRow('div');
  readonly #pageStrip = new TimelineStrip();
  #shown: Shown | undefined;

  constructor(options: { elements: OwnSessionElements; log: PageLog; now: () => number }) {
    this.#elements = options.elements;
    this.#log = options.log;
    this.#now = options.now;
    const line = document.createElement('span');
    line.className = 'line';
    const label = document.createElement('span');
    label.className = 'teller';
    label.textContent = 'as seen here';
    label.title = 'The client’s own states, kept by this page across reloads.';
    line.append(this.#pageStrip.canvas, label);
    this.#row.element.append(line);
    this.#elements.ownRow.append(this.#row.element);
    this.#elements.own.hidden = true;
  }

  get strips(): readonly TimelineStrip[] {
    return [this.#row.strip, this.#pageStrip];
  }

  show(report: ShownReport, ownSessionId: string | undefined): void {
    const session = report.sessions.find(({ sessionId }) => sessionId === ownSessionId);
    this.#elements.own.hidden = session === undefined;
    this.#shown = undefined;
    if (session === undefined) return;
    this.#shown = { session, report, receivedAt: this.#now() };
    this.#row.update({ session, now: report.at, windowMs: report.windowMs });
    this.#showFacts(session);
    this.refresh();
  }

  /** What only the page tells; goes on while the server does not answer. */
  refresh(): void {
    if (this.#shown === undefined) return;
    const { session, report, receivedAt } = this.#shown;
    const now = this.#now();
    const { moves } = this.#log;
    this.#pageStrip.draw({ moves, now, windowMs: report.windowMs });
    const label = moves.map(({ to, cause }) => `${to} (${cause})`).join(', ');
    this.#pageStrip.canvas.ariaLabel = `As this page has seen it: ${label}`;
    const serverNow = report.at + (now - receivedAt);
    const tellers = { server: { moves: session.timeline, now: serverNow }, page: { moves, now } };
    this.#showStory(tellStory(tellers, STORY_LINES));
  }

  #showStory(lines: readonly StoryLine[]): void {
    const { ownStory } = this.#elements;
    while (ownStory.children.length < lines.length) ownStory.append(createLine());
    for (const [index, item] of [...ownStory.children].entries()) {
      const line = lines[index];
      if (line === undefined) item.remove();
      else if (item instanceof HTMLElement) fillLine(item, line);
    }
  }

  #showFacts({ sessionId, peerId, epoch, verdicts, recentVerdicts }: ShownSession): void {
    const last = recentVerdicts.at(-1);
    const text = [
      `session ${sessionId.slice(0, 8)} · peer ${peerId.slice(0, 8)} · epoch ${epoch}`,
      [
        verdicts === null ? '' : describeVerdicts(verdicts),
        last === undefined ? '' : `last: ${last}`,
      ]
        .filter(Boolean)
        .join(' · '),
    ].join('\n');
    if (this.#elements.ownFacts.textContent === text) return;
    this.#elements.ownFacts.textContent = text;
    this.#elements.ownFacts.title = recentVerdicts.join('\n');
  }
}
