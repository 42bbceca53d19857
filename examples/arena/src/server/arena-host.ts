/** The host as this arena types it: what a session carries, which messages there are. */
import type { ManagedSession, ServerNetworkHost } from 'holdfast';
import type { ARENA_MESSAGES } from '../shared/arena-messages.ts';
import type { GuestData } from './guests.ts';

export type ArenaHost = ServerNetworkHost<GuestData, typeof ARENA_MESSAGES>;
export type ArenaSession = ManagedSession<GuestData>;
