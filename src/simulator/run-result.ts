/**
 * What one run of a simulation leaves behind, joint or solo: all that the oracles look at. Made by
 * a RunRecorder; oracles are pure functions over it and never touch what ran.
 */
import type { SessionPolicy } from '../session/session-policy.ts';
import type { EnvironmentTape } from './environment-tape.ts';
import type { RunGauges } from './run-gauges.ts';
import type { SessionFacts } from './session-log.ts';
import type { Trace } from './trace.ts';
import type { Absence } from './virtual-node.ts';

/** `honest`: plays by the rules and wants to be in. `hostile`: anything may happen to it. */
export type PeerRole = 'honest' | 'hostile';

/** What one peer lived through. */
export interface PeerRun {
  readonly name: string;
  readonly role: PeerRole;
  /** Who it logs in as; undefined for one that never proves anybody. */
  readonly playerId: string | undefined;
  readonly trace: Trace;
}

/** Something that nobody may cause: our own bug, or a checker's word. */
export interface RunError {
  readonly at: number;
  readonly where: string;
  readonly text: string;
}

/** What outlived the server's processes in a run. */
export interface RunDurability {
  readonly journal: 'behind' | 'ahead';
  /** What the store has acknowledged, in order. */
  readonly facts: readonly {
    readonly at: number;
    readonly worldId: string;
    readonly tick: number;
  }[];
  /** When commits failed, lost their answer or hung; a slow disk is a good one. */
  readonly troubles: readonly { readonly from: number; readonly until: number }[];
  /** When it came back older or empty, which was accepted. */
  readonly losses: readonly number[];
}

/** What a run has left behind. What is not described in docs/SIMULATOR.md may change. */
export interface RunResult {
  readonly seed: number;
  /** `joint`, `solo ada`, `joint, cleo floods`: for reports. */
  readonly name: string;
  readonly tickRateHz: number;
  readonly policy: SessionPolicy;
  /** Virtual ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** From when on no fault is active; undefined = there was no healing. */
  readonly healedAt: number | undefined;
  /** Those who took part live; puppets have no trace. */
  readonly peers: ReadonlyMap<string, PeerRun>;
  /** What happened in the worlds, for solo runs. */
  readonly tape: EnvironmentTape;
  /** Largest values of everything that is bounded. */
  readonly gauges: RunGauges;
  readonly errors: readonly RunError[];
  /** What the coordinator was told and did. Absent in solo runs. */
  readonly sessions?: SessionFacts | undefined;
  /**
   * When computers stood still or were dead: those of the server (`server`) and of players
   * (`peer ada`). Default: never.
   */
  readonly absences?: ReadonlyMap<string, readonly Absence[]>;
  /** Absent: nothing did. */
  readonly durability?: RunDurability | undefined;
}
