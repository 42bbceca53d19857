/**
 * One drawn run as plain data: who takes part, what is wrong with whose line and when, what happens
 * to the server. It is the whole option set: equal scenarios make equal runs, and JSON keeps them.
 * In: drawn by `drawScenario`, made smaller by `shrinkScenario`. Out: run by `runScenario`.
 */
import type { HostLimits } from '../host/host-limits.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import type { HostileActorKind } from './actors/create-hostile-actor.ts';
import type { LinkConditions, LinkDirection } from '../transport/link-conditions.ts';
import type { PeerRole } from './run-result.ts';

/** All move and shoot; a leaver also goes and comes back, brawlers meet to shoot at once. */
export const HONEST_ACTORS = ['fighter', 'leaver', 'brawler'] as const;

/** Only hostile peers ever are in it: its rules may end it. */
export const DOOMED_WORLD = 'doomed';

export type HonestActor = (typeof HONEST_ACTORS)[number];

/** Times are virtual ms since the start of the run. */
export interface ScenarioPeer {
  readonly name: string;
  readonly role: PeerRole;
  readonly actor: HonestActor | HostileActorKind;
  /** Who it logs in as, or tries to. */
  readonly playerId: string;
  /** Where its logins lead: the first to the first of them, and so on, in a circle. Not empty. */
  readonly worldIds: readonly string[];
  readonly joinsAtMs: number;
  /** Whether its transport has a sync lane of its own. */
  readonly hasSyncLane: boolean;
  /** What its computer takes, unread, before bytes for it wait at the server. */
  readonly windowBytes: number;
  /** What is wrong with its line until the healing. */
  readonly conditions: Readonly<Record<LinkDirection, Partial<LinkConditions>>>;
}

/** What happens to one peer's line. After `half-open` the server isn't told. */
export const LINE_ACTS = ['reset', 'half-open', 'partition', 'stop-reading'] as const;
export type LineAct = (typeof LINE_ACTS)[number];

/**
 * What happens to one player's computer, or what the player does with it: hostile peers have no
 * client that could crash. Who leaves comes back after `durationMs`; a page that is loaded anew has
 * the token that the one before has kept.
 */
export const COMPUTER_ACTS = ['crash', 'pause', 'leave', 'reload'] as const;
export type ComputerAct = (typeof COMPUTER_ACTS)[number];

/** What happens to the server. */
export const SERVER_ACTS = [
  'server-pause',
  'server-restart',
  'server-drain',
  'store-slow',
  'store-failing',
  'store-answer-lost',
  'store-hang',
  'store-rolled-back',
  'store-emptied',
  'wall-step',
] as const;

/** How the disk behaves for a while; `store-hang` ends with the process alone. */
export const STORE_FAULTS = [
  'store-slow',
  'store-failing',
  'store-answer-lost',
  'store-hang',
] as const;
export type StoreFault = (typeof STORE_FAULTS)[number];

/** What happens to the disk of a process that dies of it. */
export const STORE_LOSSES = ['store-rolled-back', 'store-emptied'] as const;
export type StoreLoss = (typeof STORE_LOSSES)[number];

export type ScenarioAct =
  | {
      readonly kind: LineAct;
      readonly atMs: number;
      readonly peer: string;
      /** Until it is undone; 0 for what is over at once. */
      readonly durationMs: number;
      /** Partitions alone: which way is cut. */
      readonly direction: LinkDirection | 'both';
    }
  | {
      readonly kind: ComputerAct;
      readonly atMs: number;
      readonly peer: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'server-pause'; readonly atMs: number; readonly durationMs: number }
  /** The process dies and another one begins, with what a store has kept. */
  | { readonly kind: 'server-restart'; readonly atMs: number; readonly durationMs: number }
  /** It stops in good order and keeps the sessions, and another one begins. */
  | { readonly kind: 'server-drain'; readonly atMs: number; readonly durationMs: number }
  | { readonly kind: StoreFault; readonly atMs: number; readonly durationMs: number }
  /** The process dies of it, and another one begins with what there is then. */
  | { readonly kind: StoreLoss; readonly atMs: number; readonly durationMs: number }
  | { readonly kind: 'wall-step'; readonly atMs: number; readonly stepMs: number };

/** What outlives the server's processes. */
export interface ScenarioStore {
  readonly journal: 'behind' | 'ahead';
  readonly checkpointIntervalMs: number;
}

export interface Scenario {
  readonly seed: number;
  readonly tickRateHz: number;
  /** Faults act until then. */
  readonly safetyMs: number;
  /** After that nothing is wrong, and everybody honest must come in. */
  readonly livenessMs: number;
  readonly policy: Partial<SessionPolicy>;
  readonly limits: Partial<HostLimits>;
  /** Longest that `authenticate` takes for a login in time, drawn for each; 0 = at once. */
  readonly loginMsMax: number;
  /** How many logins it answers too late, from 0 to 1; none once all is healed. */
  readonly lateLoginRate: number;
  /** How often the game's hooks go bad over a hostile peer, from 0 to 1. */
  readonly badHookRate: number;
  readonly peers: readonly ScenarioPeer[];
  readonly acts: readonly ScenarioAct[];
  /** Absent: a process that dies takes everything along. */
  readonly store?: ScenarioStore;
}
