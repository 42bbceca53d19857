/**
 * Names as small pictures: text is expensive to draw sixty times a second for a hundred players,
 * copying a bitmap is not. Bounded; forgets everything when full or when the pixel ratio changes.
 */
import { PALETTE } from './palette.ts';

const LABELS_MAX = 400;
const PADDING = 3;

export interface Label {
  readonly image: HTMLCanvasElement;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export class LabelCache {
  readonly #labels = new Map<string, Label>();
  #ratio = 0;

  /** The text in this colour with a dark halo. `isStrong` is larger and bold. */
  get(text: string, style: { colour: string; isStrong: boolean; ratio: number }): Label {
    if (style.ratio !== this.#ratio || this.#labels.size >= LABELS_MAX) {
      this.#labels.clear();
      this.#ratio = style.ratio;
    }
    const key = `${style.isStrong ? '!' : '.'}${style.colour}${text}`;
    const existing = this.#labels.get(key);
    if (existing !== undefined) return existing;
    const label = render(text, style);
    this.#labels.set(key, label);
    return label;
  }
}

function render(text: string, style: { colour: string; isStrong: boolean; ratio: number }): Label {
  const image = document.createElement('canvas');
  const font = style.isStrong
    ? '700 13px system-ui, "Segoe UI", sans-serif'
    : '500 11px system-ui, "Segoe UI", sans-serif';
  const measuring = image.getContext('2d');
  if (measuring === null) return { image, width: 0, height: 0 };
  measuring.font = font;
  const width = Math.ceil(measuring.measureText(text).width) + 2 * PADDING;
  const height = (style.isStrong ? 16 : 14) + 2 * PADDING;
  image.width = Math.ceil(width * style.ratio);
  image.height = Math.ceil(height * style.ratio);
  const context = image.getContext('2d');
  if (context === null) return { image, width, height };
  context.scale(style.ratio, style.ratio);
  context.font = font;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = PALETTE.ground;
  context.strokeText(text, PADDING, height / 2);
  context.fillStyle = style.colour;
  context.fillText(text, PADDING, height / 2);
  return { image, width, height };
}
