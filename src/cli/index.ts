/**
 * The entry 'holdfast/supervisor': keeps a server process alive, from the outside (`supervise`) and
 * from the inside (`findSupervisor`, `waitForEnd`).
 */
export { supervise } from './supervise.ts';
export type { SuperviseOptions } from './supervise.ts';
export type { Listening } from './supervisor.ts';
export type { SupervisorLimits } from './supervisor-limits.ts';
export type { PreviousProcess } from './supervised-child.ts';
export { findSupervisor } from './supervisor-link.ts';
export type { SupervisorLink } from './supervisor-link.ts';
export { waitForEnd } from './wait-for-end.ts';
