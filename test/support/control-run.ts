/** Runs a bystander's life twice, with an offender and without, and compares the two lives. */
import { expect } from 'vitest';
import type { Setting, SettingKind } from './settings.ts';
import type { Testimony } from './witness.ts';
import { Witness } from './witness.ts';

/** Snapshots of the bystander's path that are compared in an exact setting. */
const SNAPSHOTS_COMPARED = 40;
/** After the offence both runs go on for this long. */
const AFTERMATH_MS = 2_500;

export type Offence = (setting: Setting, witness: Witness) => Promise<void>;

async function live(kind: SettingKind, offend: Offence, config: object): Promise<Testimony> {
  const setting = await kind.start(config);
  try {
    const witness = await Witness.join(setting, 'ada');
    await offend(setting, witness);
    await setting.passMs(AFTERMATH_MS);
    const testimony = witness.testimony(kind.isExact, SNAPSHOTS_COMPARED);
    expect(setting.runtime.host.sessions.getByPlayer('ada' as never)?.state).toBe('logged-in');
    return testimony;
  } finally {
    await setting.stop();
  }
}

/** `common` is what happens to the bystander in both runs; the offence only in one. */
export async function expectUntouched(
  kind: SettingKind,
  offend: Offence,
  { common = async () => undefined, config = {} }: { common?: Offence; config?: object } = {},
): Promise<void> {
  const offence: Offence = async (setting, witness) => {
    await offend(setting, witness);
    await common(setting, witness);
  };
  // Side by side, on servers of their own: what the machine does to one it does to the other.
  const [control, touched] = await Promise.all([
    live(kind, common, config),
    live(kind, offence, config),
  ]);
  expect(control.transitions.at(-1)).toContain('logged-in');
  if (kind.isExact) expect(control.path).toHaveLength(SNAPSHOTS_COMPARED);
  expect(touched).toEqual(control);
}
