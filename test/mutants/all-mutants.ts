/** The planted bugs that campaigns judge, in the order of the way of the data. */
import { BASE_AND_PROTOCOL_MUTANTS } from './base-and-protocol-mutants.ts';
import { CLIENT_MUTANTS } from './client-mutants.ts';
import { DURABILITY_MUTANTS } from './durability-mutants.ts';
import { FAIR_PLAY_MUTANTS } from './fair-play-mutants.ts';
import { HOST_LOGIN_MUTANTS } from './host-login-mutants.ts';
import { HOST_TRAFFIC_MUTANTS } from './host-traffic-mutants.ts';
import { INPUT_MUTANTS } from './input-mutants.ts';
import type { Mutant } from './mutant.ts';
import { RELIABLE_MUTANTS } from './reliable-mutants.ts';
import { RESUME_MUTANTS } from './resume-mutants.ts';
import { REWIND_MUTANTS } from './rewind-mutants.ts';
import { SESSION_COORDINATOR_MUTANTS } from './session-coordinator-mutants.ts';
import { SESSION_MACHINE_MUTANTS } from './session-machine-mutants.ts';
import { SESSION_RETURN_MUTANTS } from './session-return-mutants.ts';
import { SNAPSHOT_MUTANTS } from './snapshot-mutants.ts';
import { STORE_MUTANTS } from './store-mutants.ts';
import { WORLD_MUTANTS } from './world-mutants.ts';

export const ALL_MUTANTS: readonly Mutant[] = [
  ...BASE_AND_PROTOCOL_MUTANTS,
  ...SESSION_MACHINE_MUTANTS,
  ...SESSION_COORDINATOR_MUTANTS,
  ...SESSION_RETURN_MUTANTS,
  ...HOST_LOGIN_MUTANTS,
  ...RESUME_MUTANTS,
  ...INPUT_MUTANTS,
  ...WORLD_MUTANTS,
  ...REWIND_MUTANTS,
  ...FAIR_PLAY_MUTANTS,
  ...HOST_TRAFFIC_MUTANTS,
  ...SNAPSHOT_MUTANTS,
  ...RELIABLE_MUTANTS,
  ...DURABILITY_MUTANTS,
  ...STORE_MUTANTS,
  ...CLIENT_MUTANTS,
];
