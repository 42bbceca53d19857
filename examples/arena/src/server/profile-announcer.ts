/**
 * Tells everybody who is called what: the whole list to a newcomer, a newcomer's name to the world.
 * In: session events. Out: `profiles` messages. A name is decoration; the server decides nothing
 * by it.
 */
import { PROFILES_PER_MESSAGE } from '../shared/arena-messages.ts';
import type { Profile } from '../shared/arena-messages.ts';
import type { ArenaHost, ArenaSession, ArenaSessionEvent } from './arena-host.ts';

function profileOf({ playerId, data }: ArenaSession): Profile | undefined {
  return playerId === undefined || data === undefined ? undefined : { playerId, name: data.name };
}

export class ProfileAnnouncer {
  readonly #host: ArenaHost;

  constructor(host: ArenaHost) {
    this.#host = host;
    host.sessions.subscribe((event) => this.#handleEvent(event));
  }

  #handleEvent({ session, to }: ArenaSessionEvent): void {
    if (to !== 'logged-in' || session.worldId === undefined) return;
    const own = profileOf(session);
    if (own === undefined) return;
    this.#host.send(session.worldId, { name: 'profiles', payload: { profiles: [own] } });
    this.#sendEverybody(session);
  }

  #sendEverybody(receiver: ArenaSession): void {
    const all: Profile[] = [];
    for (const session of this.#host.sessions) {
      const profile = profileOf(session);
      if (profile !== undefined) all.push(profile);
    }
    for (let begin = 0; begin < all.length; begin += PROFILES_PER_MESSAGE) {
      const profiles = all.slice(begin, begin + PROFILES_PER_MESSAGE);
      this.#host.send(receiver, { name: 'profiles', payload: { profiles } });
    }
  }
}
