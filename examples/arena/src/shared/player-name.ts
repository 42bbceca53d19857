/**
 * A guest's name is decoration: what somebody typed, cleaned and bounded. It identifies nobody.
 * Used by the page to show what will be seen, and by the server, whose answer counts.
 */

/** Longest name in code points. */
export const NAME_LENGTH_MAX = 16;

const FALLBACK_NAME = 'Guest';
// Control, format (bidi overrides, zero width), private, unassigned and surrogate code points.
const UNPRINTABLE = /[\p{C}]/gu;
const WHITE_SPACE = /\s+/gu;

/** The name as everybody sees it; never empty, at most NAME_LENGTH_MAX code points. */
export function cleanPlayerName(typed: unknown): string {
  if (typeof typed !== 'string') return FALLBACK_NAME;
  // Deliberate: cut before normalising, so that a megabyte of text costs nothing.
  const text = typed.slice(0, 256).normalize('NFC').replace(WHITE_SPACE, ' ');
  const printable = text.replace(UNPRINTABLE, '').trim();
  const name = Array.from(printable).slice(0, NAME_LENGTH_MAX).join('').trim();
  return name === '' ? FALLBACK_NAME : name;
}
