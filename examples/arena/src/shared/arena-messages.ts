/**
 * The arena's own messages, on top of Holdfast's: who is called what. Defined once for the server,
 * the page and the bots. In: nothing. Out: a definition with a schema (standardschema.dev).
 */
import { defineMessages } from 'holdfast/protocol';

export interface Profile {
  readonly playerId: string;
  readonly name: string;
}

/** Names that are new or have changed. */
export interface Profiles {
  readonly profiles: readonly Profile[];
}

/**
 * Longer lists are sent in parts. A profile is at most 130 bytes of JSON (16 code points of 4 bytes
 * or 16 escaped quotes, an id of 16, the keys), a payload at most 2,048.
 */
export const PROFILES_PER_MESSAGE = 15;

function isProfile(value: unknown): value is Profile {
  if (typeof value !== 'object' || value === null) return false;
  const { playerId, name } = value as Record<string, unknown>;
  return typeof playerId === 'string' && typeof name === 'string';
}

function isProfiles(value: unknown): value is Profiles {
  if (typeof value !== 'object' || value === null) return false;
  const { profiles } = value as Record<string, unknown>;
  if (!Array.isArray(profiles) || profiles.length > PROFILES_PER_MESSAGE) return false;
  return profiles.every(isProfile);
}

/** A Standard Schema written by hand; any library that makes one does as well. */
interface ProfilesSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Profiles; readonly output: Profiles };
    validate(
      value: unknown,
    ): { readonly value: Profiles } | { readonly issues: readonly { readonly message: string }[] };
  };
}

const profilesSchema: ProfilesSchema = {
  '~standard': {
    version: 1,
    vendor: 'holdfast-arena',
    validate: (value) =>
      isProfiles(value) ? { value } : { issues: [{ message: 'must be a list of profiles' }] },
  },
};

export const ARENA_MESSAGES = defineMessages({
  profiles: { lane: 'reliable', schema: profilesSchema },
});
