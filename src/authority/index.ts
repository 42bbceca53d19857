/** `holdfast/authority`: what a game needs to write rules, and the rules that ship. */
export {
  createArenaGeometry,
  isFree,
  type ArenaGeometry,
  type ArenaGeometryOptions,
  type Box,
  type Obstacle,
  type Point,
} from './arena-geometry.ts';
export type {
  Authority,
  AuthorityEvent,
  AuthorityInput,
  CreateAuthorities,
  EventScope,
  InputLimits,
  MeasuredShot,
  UserInput,
  WorldContext,
} from './authority.ts';
export type { Battlefield } from './battlefield.ts';
export { CombatAuthority } from './combat-authority.ts';
export type { CombatOptions } from './combat-options.ts';
export {
  createDefaultAuthorities,
  type DefaultAuthoritiesOptions,
  type ShippedAuthorities,
} from './default-authorities.ts';
export { directionOf, type Direction } from './direction.ts';
export { freeDistance, hasLineOfSight } from './line-of-sight.ts';
export { MovementAuthority } from './movement-authority.ts';
export type { MovementOptions } from './movement-options.ts';
export type { PlaceHistory, ShotPath } from './place-history.ts';
export { RewindHistory } from './rewind-history.ts';
export {
  movementStep,
  type MoveIntent,
  type MovementRules,
  type MovementState,
} from './movement-step.ts';
export { slideCollision, type CollisionFunction } from './slide-collision.ts';
export type { Contact, Motion } from './sweep-disc.ts';
export {
  ACCEPTED,
  CLAMPED,
  DUPLICATE,
  rejected,
  STALE,
  type Verdict,
  type VerdictOutcome,
} from './verdict.ts';
export { restoreWorld, type RestoreWorldOptions } from './restore-world.ts';
export { StateReader } from './state-reader.ts';
export { StateWriter } from './state-writer.ts';
export { World } from './world.ts';
export type { WorldOptions } from './world-options.ts';
export type { WorldRecovery } from './world-recovery.ts';
export type {
  InputFault,
  JudgedInput,
  RosterChanges,
  RosterEntry,
  WorldStep,
} from './world-step.ts';
