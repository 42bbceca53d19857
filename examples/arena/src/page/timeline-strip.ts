/**
 * Draws one session's timeline into a small canvas: one coloured piece per state, with its letter,
 * a notch where a new connection took the session over. Answers what is under the pointer.
 */
import type { ReportedMove } from '../shared/session-report.ts';
import { NO_SESSION_STYLE, STATE_STYLES } from './state-style.ts';
import { layOutTimeline, segmentAt } from './timeline-layout.ts';
import type { TimelineSegment } from './timeline-layout.ts';

const TRACK_COLOUR = '#202838';
const INK_COLOUR = '#0b0f17';
const LETTER_FONT = '600 10px system-ui, sans-serif';
/** Narrower pieces have no room for a letter. Pixels. */
const LETTER_WIDTH_MIN = 15;

/** What the strip shows: the server's now is the right edge. */
export interface TimelineView {
  readonly moves: readonly ReportedMove[];
  readonly now: number;
  readonly windowMs: number;
}

function seconds(durationMs: number): string {
  return durationMs < 9_950
    ? `${(durationMs / 1000).toFixed(1)} s`
    : `${Math.round(durationMs / 1000)} s`;
}

export class TimelineStrip {
  readonly canvas = document.createElement('canvas');
  #segments: readonly TimelineSegment[] = [];
  #view: TimelineView | undefined;
  #width = 0;
  #height = 0;

  constructor() {
    this.canvas.className = 'strip';
    this.canvas.setAttribute('role', 'img');
  }

  /** Called by the panel's ResizeObserver; CSS pixels. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    if (this.#view !== undefined) this.draw(this.#view);
  }

  draw(view: TimelineView): void {
    this.#view = view;
    const context = this.#prepare();
    if (context === null) return;
    this.#segments = layOutTimeline(view.moves, { ...view, width: this.#width });
    for (const [index, segment] of this.#segments.entries()) {
      const isTakeover = this.#segments[index - 1]?.state === segment.state;
      this.#drawSegment(context, segment, isTakeover);
    }
  }

  /** Says what is at `x` (CSS pixels from the left), or undefined. */
  describeAt(x: number): string | undefined {
    const segment = segmentAt(this.#segments, x);
    const now = this.#view?.now;
    if (segment === undefined || now === undefined) return undefined;
    const length = seconds((segment.until ?? now) - segment.from);
    const when =
      segment.until === undefined ? 'until now' : `ended ${seconds(now - segment.until)} ago`;
    return `${segment.state} — ${segment.cause}\n${length}, ${when}, epoch ${segment.epoch}`;
  }

  #prepare(): CanvasRenderingContext2D | null {
    if (this.#width === 0) return null;
    const ratio = window.devicePixelRatio;
    const width = Math.round(this.#width * ratio);
    const height = Math.round(this.#height * ratio);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext('2d');
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (context === null) return null;
    context.fillStyle = TRACK_COLOUR;
    context.fillRect(0, 0, this.#width, this.#height);
    return context;
  }

  #drawSegment(
    context: CanvasRenderingContext2D,
    segment: TimelineSegment,
    isTakeover: boolean,
  ): void {
    const style = segment.state === 'no-session' ? NO_SESSION_STYLE : STATE_STYLES[segment.state];
    const width = segment.right - segment.left;
    context.fillStyle = style.colour;
    context.fillRect(segment.left, 0, width, this.#height);
    context.fillStyle = INK_COLOUR;
    if (isTakeover) context.fillRect(segment.left, 0, 1.5, this.#height);
    if (width < LETTER_WIDTH_MIN) return;
    context.font = LETTER_FONT;
    context.textBaseline = 'middle';
    context.fillText(style.letter, segment.left + 4.5, this.#height / 2 + 0.5);
  }
}
