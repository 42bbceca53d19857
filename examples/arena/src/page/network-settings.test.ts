import { describe, expect, test } from 'vitest';
import {
  NETWORK_SETTINGS_MAX,
  NOTHING_ADDED,
  isNothingAdded,
  linkConditionsOf,
  keepNetworkSettings,
  readNetworkSettings,
  withoutNetworkSettings,
} from './network-settings.ts';

class MapStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}

function read(query: string, storage = new MapStorage()) {
  return readNetworkSettings(new URLSearchParams(query), storage);
}

describe('the network settings', () => {
  test('add nothing where nobody said anything', () => {
    expect(read('')).toEqual(NOTHING_ADDED);
    expect(isNothingAdded(read(''))).toBe(true);
  });

  test('come from a link', () => {
    const settings = read('?rtt=150&jitter=30&loss=2');
    expect(settings).toEqual({ roundTripMs: 150, jitterMs: 30, lossPercent: 2 });
    expect(isNothingAdded(settings)).toBe(false);
  });

  test('are what the page before has kept', () => {
    const storage = new MapStorage();
    keepNetworkSettings(storage, { roundTripMs: 80, jitterMs: 10, lossPercent: 0.5 });
    expect(read('', storage)).toEqual({ roundTripMs: 80, jitterMs: 10, lossPercent: 0.5 });
  });

  test('of a link go over those that were kept, one by one', () => {
    const storage = new MapStorage();
    keepNetworkSettings(storage, { roundTripMs: 80, jitterMs: 10, lossPercent: 5 });
    expect(read('?loss=0', storage)).toEqual({ roundTripMs: 80, jitterMs: 10, lossPercent: 0 });
  });

  test('stay within the bounds, and what is no number is 0', () => {
    expect(read('?rtt=9999&jitter=101&loss=11')).toEqual(NETWORK_SETTINGS_MAX);
    expect(read('?rtt=-1&jitter=fast&loss=Infinity')).toEqual(NOTHING_ADDED);
  });

  test.each(['{', 'null', '7', '{"roundTripMs":"150"}'])('survive %s in the storage', (text) => {
    const storage = new MapStorage();
    storage.setItem('arena.network', text);
    expect(read('', storage)).toEqual(NOTHING_ADDED);
  });

  test('mean half of the round trip each way, and a rate for the loss', () => {
    const settings = { roundTripMs: 150, jitterMs: 30, lossPercent: 2 };
    expect(linkConditionsOf(settings)).toEqual({ delayMs: 75, jitterMs: 30, lossRate: 0.02 });
  });

  test('leave the rest of the address as it is', () => {
    const rest = (query: string) => withoutNetworkSettings(new URLSearchParams(query));
    expect(rest('?rtt=150&jitter=30&loss=2')).toBe('');
    expect(rest('?a=1&rtt=150')).toBe('?a=1');
  });
});
