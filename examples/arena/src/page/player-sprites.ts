/**
 * Bodies as small pictures, one per colour and size, looking to the right: copying a picture costs
 * a fraction of drawing its paths sixty times a second for a hundred players. Bounded.
 */
import { PLAYER_RADIUS } from '../shared/arena-geometry.ts';
import { PALETTE } from './palette.ts';

const SPRITES_MAX = 64;
/** Half of the picture's side in radii: the barrel's end and its outline fit. */
const REACH = 2.4;
const BARREL_LENGTH = 1.75;
const BARREL_WIDTH = 0.62;

export interface PlayerSprite {
  readonly image: HTMLCanvasElement;
  /** Half of the side that it is drawn with; CSS pixels. */
  readonly half: number;
}

export class PlayerSprites {
  readonly #sprites = new Map<string, PlayerSprite>();
  #pixelsPerMetre = 0;

  /** `scale` is CSS pixels per metre, `ratio` device pixels per CSS pixel. */
  get(colour: string, { scale, ratio }: { scale: number; ratio: number }): PlayerSprite {
    const pixelsPerMetre = scale * ratio;
    if (pixelsPerMetre !== this.#pixelsPerMetre || this.#sprites.size >= SPRITES_MAX) {
      this.#sprites.clear();
      this.#pixelsPerMetre = pixelsPerMetre;
    }
    const existing = this.#sprites.get(colour);
    if (existing !== undefined) return existing;
    const sprite = render(colour, { radius: PLAYER_RADIUS * scale, ratio });
    this.#sprites.set(colour, sprite);
    return sprite;
  }
}

function render(colour: string, size: { radius: number; ratio: number }): PlayerSprite {
  const { radius, ratio } = size;
  const image = document.createElement('canvas');
  const half = Math.ceil(radius * REACH);
  image.width = Math.ceil(2 * half * ratio);
  image.height = image.width;
  const context = image.getContext('2d');
  if (context === null) return { image, half };
  context.scale(ratio, ratio);
  context.translate(half, half);
  paintBarrel(context, radius, colour);
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = PALETTE.ground;
  context.stroke();
  return { image, half };
}

function paintBarrel(context: CanvasRenderingContext2D, radius: number, colour: string): void {
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(radius * BARREL_LENGTH, 0);
  context.strokeStyle = PALETTE.ground;
  context.lineWidth = radius * BARREL_WIDTH + 3;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = radius * BARREL_WIDTH;
  context.stroke();
}
