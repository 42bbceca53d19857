/** Every kind of hostile peer by its name, as a scenario draws it. */
import type { Actor, ActorOptions } from './actor.ts';
import { BabblerActor } from './babbler-actor.ts';
import { DoubleLoginActor } from './double-login-actor.ts';
import { EarlyTalkerActor } from './early-talker-actor.ts';
import { FloodActor } from './flood-actor.ts';
import { ForgedIdentityActor } from './forged-identity-actor.ts';
import { GarbageActor } from './garbage-actor.ts';
import { GuesserActor } from './guesser-actor.ts';
import { HalfOpenActor } from './half-open-actor.ts';
import { LoginStormActor } from './login-storm-actor.ts';
import { PoisonNumbersActor } from './poison-numbers-actor.ts';
import { ReconnectStormActor } from './reconnect-storm-actor.ts';
import { ResumeStormActor } from './resume-storm-actor.ts';
import { ShotLiarActor } from './shot-liar-actor.ts';
import { SilentActor } from './silent-actor.ts';
import { SlowReaderActor } from './slow-reader-actor.ts';
import { SpeedCheatActor, type SpeedTrick } from './speed-cheat-actor.ts';
import { TokenGuesserActor } from './token-guesser-actor.ts';
import { TokenReplayerActor } from './token-replayer-actor.ts';
import { TwinLoginActor } from './twin-login-actor.ts';
import { WrongTicksActor } from './wrong-ticks-actor.ts';

const ACTORS = {
  flood: FloodActor,
  garbage: GarbageActor,
  'poison-numbers': PoisonNumbersActor,
  'wrong-ticks': WrongTicksActor,
  'forged-identity': ForgedIdentityActor,
  'slow-reader': SlowReaderActor,
  'half-open': HalfOpenActor,
  'login-storm': LoginStormActor,
  'reconnect-storm': ReconnectStormActor,
  'early-talker': EarlyTalkerActor,
  'double-login': DoubleLoginActor,
  'twin-login': TwinLoginActor,
  guesser: GuesserActor,
  silent: SilentActor,
  babbler: BabblerActor,
  'token-guesser': TokenGuesserActor,
  'token-replayer': TokenReplayerActor,
  'resume-storm': ResumeStormActor,
  'input-flood': speedCheat('input-flood'),
  'lag-switch': speedCheat('lag-switch'),
  'input-burst': speedCheat('input-burst'),
  'fast-clock': speedCheat('fast-clock'),
  'tick-jump': speedCheat('tick-jump'),
  'teleport-claim': speedCheat('teleport-claim'),
  'shot-liar': ShotLiarActor,
} as const;

export type HostileActorKind = keyof typeof ACTORS;

export const HOSTILE_ACTOR_KINDS = Object.keys(ACTORS) as readonly HostileActorKind[];

function speedCheat(trick: SpeedTrick): new (options: ActorOptions) => Actor {
  return class extends SpeedCheatActor {
    constructor(options: ActorOptions) {
      super(options, trick);
    }
  };
}

/** A hostile peer that has not started. */
export function createHostileActor(kind: HostileActorKind, options: ActorOptions): Actor {
  return new ACTORS[kind](options);
}
