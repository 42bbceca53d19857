/**
 * A comeback stage whose host has a store on a disk that the test drives; bob's part in it.
 * In: what a test changes of the server. Out: the stage, ended with the test.
 */
import { expect } from 'vitest';
import type { ComebackStage } from './comeback-stage.ts';
import { openComebackStage } from './comeback-stage.ts';
import { DrivenDisk } from './driven-disk.ts';
import type { RawPeer } from './raw-peer.ts';
import type { SettingConfig } from './settings.ts';
import { MEMORY } from './settings.ts';
import { SPEC_CONFIG } from './spec-config.ts';

/** A window that outlasts a slow disk. */
export const DURABLE_POLICY = { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 };
/** So long a commit takes while something happens meanwhile; as many again before it begins. */
export const SLOW_MS = 200;

export interface DurableStage extends ComebackStage {
  readonly disk: DrivenDisk;
}

export async function openDurable(config: SettingConfig = {}): Promise<DurableStage> {
  const disk = new DrivenDisk();
  const stage = await openComebackStage(MEMORY, {
    policy: DURABLE_POLICY,
    store: disk.judged,
    ...config,
  });
  return { ...stage, disk };
}

/** Bob is in, and everything of it is on the disk. */
export async function seatBob(stage: DurableStage): Promise<RawPeer> {
  const bob = await stage.setting.loginRaw('bob');
  await stage.setting.passMs(300);
  return bob;
}

/** A resume of bob's, of which the record is being written, slowly. */
export async function beginResume(stage: DurableStage, bob: RawPeer): Promise<RawPeer> {
  stage.disk.fate = { delayMs: SLOW_MS };
  const newcomer = await stage.resume(bob);
  await stage.setting.passMs(30);
  expect(newcomer.received).toEqual([]);
  expect(stage.sessionOf('bob')).toMatchObject({ epoch: 1 });
  return newcomer;
}

export async function letItSettle(stage: DurableStage): Promise<void> {
  stage.disk.fate = {};
  await stage.setting.passMs(4 * SLOW_MS);
}
