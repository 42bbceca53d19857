/**
 * Draws one session's timeline into a small canvas: one coloured piece per state, with its letter,
 * a notch where a new connection took the session over. Answers what is under the pointer.
 */
import type { ShownMove } from './shown-report.ts';
import { styleOf } from './state-style.ts';
import { layOutTimeline, segmentAt } from './timeline-layout.ts';
import type { TimelineSegment } from './timeline-layout.ts';

const TRACK_COLOUR = '#202838';
const INK_COLOUR = '#0b0f17';
const LETTER_FONT = '600 10px system-ui, sans-serif';
/** Narrower pieces have no room for a letter. Pixels. */
const LETTER_WIDTH_MIN = 15;
/** Of pieces that an earlier process told: it can't be asked any more. */
const REMEMBERED_ALPHA = 0.6;

/** What the strip shows: the server's now is the right edge. */
export interface TimelineView {
  readonly moves: readonly ShownMove[];
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
      const isSameState = this.#segments[index - 1]?.move.to === segment.move.to;
      this.#drawSegment(context, segment, isSameState);
    }
  }

  /** Says what is at `x` (CSS pixels from the left), or undefined. */
  describeAt(x: number): string | undefined {
    const segment = segmentAt(this.#segments, x);
    const now = this.#view?.now;
    if (segment === undefined || now === undefined) return undefined;
    const { move, until } = segment;
    const length = seconds((until ?? now) - move.at);
    const when = until === undefined ? 'until now' : `ended ${seconds(now - until)} ago`;
    const lines = [`${move.to} — ${move.cause}`, `${length}, ${when}, epoch ${move.epoch}`];
    if (move.note !== undefined) lines.push(move.note);
    if (move.toldBy !== undefined) lines.push(`told by process ${move.toldBy}, kept by this page`);
    return lines.join('\n');
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
    { move, left, right }: TimelineSegment,
    isSameState: boolean,
  ): void {
    const style = styleOf(move.to);
    const width = right - left;
    context.globalAlpha = move.toldBy === undefined ? 1 : REMEMBERED_ALPHA;
    context.fillStyle = style.colour;
    context.fillRect(left, 0, width, this.#height);
    context.globalAlpha = 1;
    context.fillStyle = INK_COLOUR;
    // A new connection took the session over, or something was lost on the way.
    if (isSameState) context.fillRect(left, 0, 1.5, this.#height);
    if (width < LETTER_WIDTH_MIN) return;
    context.font = LETTER_FONT;
    context.textBaseline = 'middle';
    context.fillText(style.letter, left + 4.5, this.#height / 2 + 0.5);
  }
}
