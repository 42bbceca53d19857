/** The server of the specification tests: short deadlines, a wide field, everybody is believed. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { createArenaGeometry } from '../../src/authority/arena-geometry.ts';
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import type { Authenticate } from '../../src/host/authentication.ts';
import { refuse } from '../../src/host/authentication.ts';
import { defineMessages } from '../../src/protocol/define-messages.ts';

const text: StandardSchemaV1<string, string> = {
  '~standard': {
    version: 1,
    vendor: 'holdfast-test',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'must be text' }] },
  },
};

const messages = defineMessages({ note: { lane: 'reliable', schema: text } });
export type SpecMessages = typeof messages;

/** Credentials name the player; `hang` never answers, `refuse` turns down. */
const authenticate: Authenticate<{ name: string }> = (credentials) => {
  const given = credentials as { playerId: string; worldId?: string };
  if (given.playerId === 'hang') return new Promise(() => undefined);
  if (given.playerId === 'refuse') return refuse('bad-credentials');
  return {
    playerId: given.playerId,
    worldId: given.worldId ?? 'field',
    data: { name: given.playerId },
  };
};

export const SPEC_CONFIG = {
  authenticate,
  messages,
  policy: {
    heartbeatIntervalMs: 150,
    livenessTimeoutMs: 900,
    reconnectWindowMs: 600,
    loginTimeoutMs: 5_000,
    stallMsMax: 250,
  },
  // Everybody appears at one place, so nobody's start depends on who else is there.
  createAuthorities: createDefaultAuthorities({
    geometry: createArenaGeometry({
      bounds: { minX: 0, minY: 0, maxX: 1_000, maxY: 1_000 },
      spawnPoints: [{ x: 500, y: 500 }],
    }),
  }),
} as const;
