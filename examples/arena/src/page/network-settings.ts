/**
 * What the sliders put between the page and its server: three numbers, from a link, from the page
 * before, or none. In: a query, a storage. Out: numbers within bounds, and the conditions of a line
 * that they mean. Must not know: transports.
 */
import type { LinkConditions, TokenStorage } from 'holdfast/client';

export interface NetworkSettings {
  /** Added to the way there and back together. Milliseconds. */
  readonly roundTripMs: number;
  /** Up to so much more for each packet, each way. Milliseconds. */
  readonly jitterMs: number;
  /** Of a hundred packets, each way. */
  readonly lossPercent: number;
}

type SettingName = keyof NetworkSettings;

/** The network as it is. */
export const NOTHING_ADDED: NetworkSettings = { roundTripMs: 0, jitterMs: 0, lossPercent: 0 };

export const NETWORK_SETTINGS_MAX: NetworkSettings = {
  roundTripMs: 400,
  jitterMs: 100,
  lossPercent: 10,
};

/** As they stand in a link: `?rtt=150&jitter=30&loss=2`. */
const QUERY_NAMES: Readonly<Record<SettingName, string>> = {
  roundTripMs: 'rtt',
  jitterMs: 'jitter',
  lossPercent: 'loss',
};
const SETTING_NAMES: readonly SettingName[] = ['roundTripMs', 'jitterMs', 'lossPercent'];
const STORAGE_KEY = 'arena.network';

/** Brought into the bounds; 0 for what is no number. */
function clamp(name: SettingName, value: unknown): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? value : 0;
  return Math.min(NETWORK_SETTINGS_MAX[name], Math.max(0, number));
}

/** What the page before has kept, and over it what the link says. */
export function readNetworkSettings(
  query: URLSearchParams,
  storage: TokenStorage,
): NetworkSettings {
  const kept = recall(storage);
  const settings = { ...NOTHING_ADDED };
  for (const name of SETTING_NAMES) {
    const asked = query.get(QUERY_NAMES[name]);
    settings[name] = clamp(name, asked === null ? kept[name] : Number(asked));
  }
  return settings;
}

/** The query without the numbers: they are taken once, after that the sliders say. */
export function withoutNetworkSettings(query: URLSearchParams): string {
  const rest = new URLSearchParams(query);
  for (const name of SETTING_NAMES) rest.delete(QUERY_NAMES[name]);
  return rest.size === 0 ? '' : `?${rest.toString()}`;
}

export function keepNetworkSettings(storage: TokenStorage, settings: NetworkSettings): void {
  storage.setItem(STORAGE_KEY, JSON.stringify(settings));
}

export function isNothingAdded(settings: NetworkSettings): boolean {
  return SETTING_NAMES.every((name) => settings[name] === 0);
}

/** What a lane of one direction does; both directions do the same. */
export function linkConditionsOf(settings: NetworkSettings): Partial<LinkConditions> {
  return {
    delayMs: settings.roundTripMs / 2,
    jitterMs: settings.jitterMs,
    lossRate: settings.lossPercent / 100,
  };
}

function recall(storage: TokenStorage): Partial<Record<SettingName, unknown>> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    // Deliberate: something else wrote it; the network is as it is.
    return {};
  }
}
