import { describe, expect, test } from 'vitest';
import { OverlayFader } from './overlay-fader.ts';

/** The part of an element that the fader uses. */
function createBox() {
  const classes = new Set<string>();
  const classList = {
    toggle: (name: string, isOn: boolean) => void (isOn ? classes.add(name) : classes.delete(name)),
  };
  const size = { offsetLeft: 100, offsetTop: 50, offsetWidth: 200, offsetHeight: 40 };
  return { element: { ...size, classList } as unknown as HTMLElement, classes };
}

describe('boxes over the arena', () => {
  test.each([
    [{ x: 200, y: 70 }, true],
    [{ x: 87, y: 70 }, true],
    [{ x: 86, y: 70 }, false],
    [{ x: 200, y: 103 }, true],
    [{ x: 200, y: 104 }, false],
  ])('with the player at %o step back: %s', (place, isFaint) => {
    const { element, classes } = createBox();
    new OverlayFader([element]).update(place);
    expect(classes.has('faint')).toBe(isFaint);
  });

  test('come back when the player has gone', () => {
    const { element, classes } = createBox();
    const fader = new OverlayFader([element]);
    fader.update({ x: 200, y: 70 });
    fader.update(undefined);
    expect([...classes]).toEqual([]);
  });
});
