/**
 * Tells everybody who is called what: the whole list to a newcomer, a newcomer's name to the world.
 * In: session events. Out: `profiles` messages. A name is decoration; the server decides nothing
 * by it.
 */
import { PROFILES_PER_MESSAGE } from '../shared/arena-messages.ts';
import type { Profile } from '../shared/arena-messages.ts';
import type { ArenaHost, ArenaSession } from './arena-host.ts';

function profileOf({ playerId, data }: ArenaSession): Profile | undefined {
  return playerId === undefined || data === undefined ? undefined : { playerId, name: data.name };
}

function sendEverybody(host: ArenaHost, receiver: ArenaSession): void {
  const all: Profile[] = [];
  for (const session of host.sessions) {
    const profile = profileOf(session);
    if (profile !== undefined) all.push(profile);
  }
  for (let begin = 0; begin < all.length; begin += PROFILES_PER_MESSAGE) {
    const profiles = all.slice(begin, begin + PROFILES_PER_MESSAGE);
    host.send(receiver, { name: 'profiles', payload: { profiles } });
  }
}

/** From now on, for as long as the host lives. */
export function announceProfiles(host: ArenaHost): void {
  host.sessions.subscribe(({ session, to, cause }) => {
    const own = profileOf(session);
    if (to !== 'logged-in' || session.worldId === undefined || own === undefined) return;
    // Who is back is known to everybody, but may have forgotten the others, as a reloaded page has.
    if (cause !== 'resumed') {
      host.send(session.worldId, { name: 'profiles', payload: { profiles: [own] } });
    }
    sendEverybody(host, session);
  });
}
