/**
 * One session as a row of the panel: letter and word of its state, player, round trip, verdict
 * counts, timeline. Shows what the report says. Text nodes change only when their text does.
 */
import type { ReportedVerdicts } from '../shared/session-report.ts';
import type { ShownSession } from './shown-report.ts';
import { STATE_STYLES } from './state-style.ts';
import { TimelineStrip } from './timeline-strip.ts';

/** 1 234 567 → "1.2M", so that a column keeps its width. */
export function compactCount(count: number): string {
  if (count < 1_000) return String(count);
  if (count < 10_000) return `${(Math.floor(count / 100) / 10).toFixed(1)}k`;
  if (count < 1_000_000) return `${Math.floor(count / 1_000)}k`;
  return `${(Math.floor(count / 100_000) / 10).toFixed(1)}M`;
}

function notAccepted(verdicts: ReportedVerdicts): number {
  return verdicts.stale + verdicts.duplicate + verdicts.rejected;
}

/** The counts in words, without the zeros. */
export function describeVerdicts(verdicts: ReportedVerdicts): string {
  return Object.entries(verdicts)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${outcome} ${count}`)
    .join(' · ');
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function setTitle(element: HTMLElement, title: string): void {
  if (element.title !== title) element.title = title;
}

function span(className: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  return element;
}

export interface RowUpdate {
  readonly session: ShownSession;
  /** The server's now. */
  readonly now: number;
  readonly windowMs: number;
}

export class SessionRow {
  readonly element: HTMLElement;
  readonly strip = new TimelineStrip();
  /** The panel draws only what can be seen. */
  isVisible = true;
  readonly #letter = span('letter');
  readonly #name = span('name');
  readonly #state = span('state');
  readonly #roundTrip = span('round-trip');
  readonly #verdicts = span('verdicts');
  #update: RowUpdate | undefined;

  constructor(tagName: 'li' | 'div' = 'li') {
    this.element = document.createElement(tagName);
    this.element.className = 'row';
    const top = span('line');
    top.append(this.#letter, this.#name, this.#state, this.#roundTrip);
    const bottom = span('line');
    bottom.append(this.strip.canvas, this.#verdicts);
    this.element.append(top, bottom);
  }

  update(update: RowUpdate): void {
    this.#update = update;
    const { session } = update;
    const style = STATE_STYLES[session.state];
    if (this.element.dataset['state'] !== session.state) {
      this.element.dataset['state'] = session.state;
      this.element.style.setProperty('--state', style.colour);
      setText(this.#letter, style.letter);
    }
    this.element.dataset['session'] = session.sessionId;
    setText(this.#name, session.name ?? `peer ${session.peerId.slice(0, 8)}`);
    setTitle(this.#name, `player ${session.playerId ?? 'not proven'}, peer ${session.peerId}`);
    setText(this.#state, session.state);
    setTitle(this.#state, `${session.cause}, epoch ${session.epoch}`);
    if (this.isVisible) this.draw();
  }

  /** Shows what changes with every report: numbers and timeline. */
  draw(): void {
    if (this.#update === undefined) return;
    const { session, now, windowMs } = this.#update;
    setText(this.#roundTrip, this.#roundTripText(this.#update));
    this.#updateVerdicts(session);
    this.strip.draw({ moves: session.timeline, now, windowMs });
    const label = session.timeline.map((move) => `${move.to} (${move.cause})`).join(', ');
    if (this.strip.canvas.ariaLabel !== label) this.strip.canvas.ariaLabel = label;
  }

  /** The round trip while logged in; what is left of the deadline in a state that ends. */
  #roundTripText({ session, now }: RowUpdate): string {
    if (session.state === 'disconnected') return session.cause;
    if (session.state !== 'logged-in' && session.deadline !== null) {
      return `${Math.max(0, Math.ceil((session.deadline - now) / 1000))} s left`;
    }
    if (session.roundTripTimeMs === null) return '';
    return `${session.roundTripTimeMs.toFixed(session.roundTripTimeMs < 9.95 ? 1 : 0)} ms`;
  }

  #updateVerdicts(session: ShownSession): void {
    const { verdicts } = session;
    if (verdicts === null) return setText(this.#verdicts, '');
    const refused = notAccepted(verdicts);
    const accepted = compactCount(verdicts.accepted + verdicts.clamped);
    setText(this.#verdicts, `✓ ${accepted}${refused === 0 ? '' : `  ✕ ${compactCount(refused)}`}`);
    setTitle(this.#verdicts, describeVerdicts(verdicts));
  }
}
