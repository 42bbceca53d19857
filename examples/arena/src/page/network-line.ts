/**
 * The line between the page and its server, as bad as the sliders say: network conditions around
 * the real transport. In: the address of the page, what the page before has kept, the sliders.
 * Out: a transport, the same for every connection of the page. Must not know: the client, sessions.
 */
import { conditionedTransport, webSocketTransport } from 'holdfast/client';
import type { ClientTransport } from 'holdfast/client';
import {
  keepNetworkSettings,
  linkConditionsOf,
  readNetworkSettings,
  withoutNetworkSettings,
} from './network-settings.ts';
import type { NetworkSettings } from './network-settings.ts';
import { NetworkSliders } from './network-sliders.ts';
import type { NetworkSliderElements } from './network-sliders.ts';

export function createNetworkLine(elements: NetworkSliderElements): ClientTransport {
  const line = conditionedTransport(webSocketTransport());
  const apply = (settings: NetworkSettings): void => {
    keepNetworkSettings(sessionStorage, settings);
    line.setConditions('both', 'both', linkConditionsOf(settings));
  };
  const query = new URLSearchParams(location.search);
  const settings = readNetworkSettings(query, sessionStorage);
  const sliders = new NetworkSliders({ elements, settings, onChange: apply });
  // As the sliders round them.
  apply(sliders.settings);
  history.replaceState(null, '', location.pathname + withoutNetworkSettings(query) + location.hash);
  return line;
}
