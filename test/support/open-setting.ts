/**
 * A setting that ends with the test, and proof that nothing is left of it: no session, no world, no
 * connection, in virtual time no timer either. In: a kind of setting. Out: the setting, started.
 */
import { expect, onTestFinished } from 'vitest';
import { MEMORY } from './settings.ts';
import type {
  MemorySetting,
  NetworkConfig,
  Setting,
  SettingConfig,
  SettingKind,
} from './settings.ts';

/** Longer than a transport waits for the last words of a client. */
const FAREWELL_MS = 3_000;

async function close(setting: Setting): Promise<void> {
  const { host } = setting.runtime;
  await setting.stop();
  const { connectionsOpened, connectionsClosed } = host.counters;
  expect(host.sessions.size, 'sessions left after stop').toBe(0);
  expect(connectionsClosed, 'connections closed').toBeGreaterThanOrEqual(connectionsOpened);
}

export async function openSetting(kind: SettingKind, config?: SettingConfig): Promise<Setting> {
  const setting = kind === MEMORY ? await openMemory(config) : await kind.start(config);
  if (kind !== MEMORY) onTestFinished(() => close(setting));
  return setting;
}

export async function openMemory(
  config?: SettingConfig,
  network?: NetworkConfig,
): Promise<MemorySetting> {
  const setting = await MEMORY.start(config, network);
  onTestFinished(async () => {
    await close(setting);
    await setting.passMs(FAREWELL_MS);
    expect(setting.time.pendingTimers, 'timers left after stop').toBe(0);
    expect(setting.time.pendingDeferred, 'callbacks left after stop').toBe(0);
  });
  return setting;
}
