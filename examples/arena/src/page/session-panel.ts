/**
 * The live panel: every session that the server reports, the page's own on top. In: reports and
 * which session is ours. Out: DOM. Infers nothing: what nobody told isn't shown.
 */
import type { SessionState } from 'holdfast/session';
import { OwnSession } from './own-session.ts';
import type { OwnSessionElements } from './own-session.ts';
import type { PageLog } from './page-log.ts';
import { SessionRow } from './session-row.ts';
import type { ShownReport, ShownSession } from './shown-report.ts';
import { STATES_IN_ORDER, STATE_STYLES } from './state-style.ts';
import type { TimelineStrip } from './timeline-strip.ts';
import { StripTooltip } from './strip-tooltip.ts';

export interface SessionPanelElements extends OwnSessionElements {
  readonly panel: HTMLElement;
  readonly legend: HTMLElement;
  readonly summary: HTMLElement;
  readonly rows: HTMLElement;
}

export interface SessionPanelOptions {
  readonly elements: SessionPanelElements;
  readonly log: PageLog;
  /** The clock of the log and of `show`. */
  readonly now: () => number;
}

/**
 * Deliberate: what isn't plainly playing comes first, so that it is seen among a hundred. Sessions
 * that were merged into another one come last: each resume leaves one behind, and it says nothing.
 */
function rankOf({ state, cause }: ShownSession): number {
  if (state === 'logged-in') return 1;
  return state === 'disconnected' && cause === 'merged' ? 2 : 0;
}

export class SessionPanel {
  readonly #elements: SessionPanelElements;
  readonly #rows = new Map<string, SessionRow>();
  readonly #rowOfElement = new WeakMap<Element, SessionRow>();
  readonly #own: OwnSession;
  readonly #counts = new Map<SessionState, HTMLElement>();
  readonly #stripOfCanvas = new WeakMap<Element, TimelineStrip>();
  readonly #sizes: ResizeObserver;
  readonly #visibility: IntersectionObserver;
  #ownSessionId: string | undefined;
  #report: ShownReport | undefined;

  constructor({ elements, log, now }: SessionPanelOptions) {
    this.#elements = elements;
    this.#own = new OwnSession({ elements, log, now });
    this.#sizes = new ResizeObserver((entries) => this.#handleSizes(entries));
    this.#visibility = new IntersectionObserver((entries) => this.#handleVisibility(entries), {
      root: elements.rows,
      rootMargin: '80px',
    });
    for (const strip of this.#own.strips) this.#adoptStrip(strip);
    this.#fillLegend();
    new StripTooltip((canvas) => this.#stripOfCanvas.get(canvas)).attach(elements.panel);
  }

  /** The last report that was shown. */
  get report(): ShownReport | undefined {
    return this.#report;
  }

  /** Which session is this page's own; undefined = none. */
  set ownSessionId(sessionId: string | undefined) {
    if (this.#ownSessionId === sessionId) return;
    this.#ownSessionId = sessionId;
    if (this.#report !== undefined) this.show(this.#report);
  }

  show(report: ShownReport): void {
    this.#report = report;
    this.#elements.panel.classList.remove('stale');
    this.#own.show(report, this.#ownSessionId);
    this.#showRows(report);
    this.#showCounts(report);
  }

  /** The server doesn't answer: what is shown is the past. */
  showLost(): void {
    this.#elements.panel.classList.add('stale');
    this.#elements.summary.textContent = 'The server does not answer; asking again…';
    this.#own.refresh();
  }

  /** The page's log has changed. */
  refreshOwn(): void {
    this.#own.refresh();
  }

  #showRows(report: ShownReport): void {
    const others = report.sessions.filter(({ sessionId }) => sessionId !== this.#ownSessionId);
    const ordered = others.toSorted((a, b) => rankOf(a) - rankOf(b));
    const known = new Set(ordered.map(({ sessionId }) => sessionId));
    for (const [sessionId, row] of this.#rows) {
      if (!known.has(sessionId)) this.#forget(sessionId, row);
    }
    let previous: Element | null = null;
    for (const session of ordered) {
      const row = this.#rowOf(session.sessionId);
      row.update({ session, now: report.at, windowMs: report.windowMs });
      this.#placeAfter(previous, row.element);
      previous = row.element;
    }
  }

  #placeAfter(previous: Element | null, element: Element): void {
    const { rows } = this.#elements;
    const next = previous === null ? rows.firstElementChild : previous.nextElementSibling;
    if (next !== element) rows.insertBefore(element, next);
  }

  #showCounts(report: ShownReport): void {
    const tally = new Map<SessionState, number>();
    for (const { state } of report.sessions) tally.set(state, (tally.get(state) ?? 0) + 1);
    for (const [state, element] of this.#counts) {
      const count = tally.get(state) ?? 0;
      const text = String(count);
      if (element.textContent !== text) element.textContent = text;
      element.parentElement?.classList.toggle('none', count === 0);
    }
    const present = report.sessions.length - (tally.get('disconnected') ?? 0);
    const text = `${present} ${present === 1 ? 'session' : 'sessions'} in host.sessions`;
    if (this.#elements.summary.textContent !== text) this.#elements.summary.textContent = text;
  }

  #rowOf(sessionId: string): SessionRow {
    const existing = this.#rows.get(sessionId);
    if (existing !== undefined) return existing;
    const row = new SessionRow();
    this.#rows.set(sessionId, row);
    this.#adopt(row);
    this.#visibility.observe(row.element);
    return row;
  }

  #adopt(row: SessionRow): void {
    this.#rowOfElement.set(row.element, row);
    this.#adoptStrip(row.strip);
  }

  #adoptStrip(strip: TimelineStrip): void {
    this.#stripOfCanvas.set(strip.canvas, strip);
    this.#sizes.observe(strip.canvas);
  }

  #forget(sessionId: string, row: SessionRow): void {
    this.#rows.delete(sessionId);
    this.#sizes.unobserve(row.strip.canvas);
    this.#visibility.unobserve(row.element);
    row.element.remove();
  }

  #handleSizes(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      this.#stripOfCanvas.get(target)?.resize(contentRect.width, contentRect.height);
    }
  }

  #handleVisibility(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const row = this.#rowOfElement.get(target);
      if (row === undefined) continue;
      row.isVisible = isIntersecting;
      if (isIntersecting) row.draw();
    }
  }

  #fillLegend(): void {
    for (const state of STATES_IN_ORDER) {
      const { letter, colour, meaning } = STATE_STYLES[state];
      const entry = document.createElement('li');
      entry.title = meaning;
      entry.style.setProperty('--state', colour);
      const badge = document.createElement('span');
      badge.className = 'letter';
      badge.textContent = letter;
      const count = document.createElement('b');
      count.textContent = '0';
      entry.append(badge, state, count);
      this.#counts.set(state, count);
      this.#elements.legend.append(entry);
    }
  }
}
