import { describe, expect, test, vi } from 'vitest';
import { executeOnce, FuzzEngine } from '../../scripts/fuzz/fuzz-engine.ts';
import type { FuzzTarget } from '../../scripts/fuzz/fuzz-target.ts';
import { loadProduction, type Production } from '../../scripts/fuzz/production.ts';
import { createDecoderTargets } from '../../scripts/fuzz/targets/decoder-targets.ts';
import { createDifferentialTargets } from '../../scripts/fuzz/targets/decoder-targets.ts';
import { createSessionsTarget } from '../../scripts/fuzz/targets/sessions-target.ts';
import { createWorldTarget } from '../../scripts/fuzz/targets/world-target.ts';
import type { AuthorityInput } from '../../src/authority/authority.ts';
import type { Verdict } from '../../src/authority/verdict.ts';
import { World } from '../../src/authority/world.ts';
import { ServerNetworkHost } from '../../src/host/server-network-host.ts';
import { createHostTarget } from '../../scripts/fuzz/targets/host-target.ts';
import type { PeerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { MultiSessionManager } from '../../src/session/multi-session-manager.ts';

const EXECUTIONS_MAX = 400_000;
const SEED = 7;

vi.setConfig({ testTimeout: 60_000 });

const production = await loadProduction(new URL('../../src/', import.meta.url), 'ts');

function named(targets: readonly FuzzTarget[], name: string): FuzzTarget {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) throw new Error(`no target ${name}`);
  return target;
}

/** The engine finds it, makes it small, and the small input alone shows it again. */
async function expectFound(target: FuzzTarget, error: RegExp, bytesMax: number): Promise<void> {
  const engine = new FuzzEngine({ target, seed: SEED, corpus: [] });
  await engine.run((executions) => engine.findings.length === 0 && executions < EXECUTIONS_MAX);
  const [finding] = engine.findings;
  expect(finding?.error).toMatch(error);
  expect(finding?.seed).toBe(SEED);
  const input = Uint8Array.from(Buffer.from(finding?.input ?? '', 'hex'));
  expect(input.length).toBeLessThanOrEqual(bytesMax);
  expect(await executeOnce(target, input)).toBeDefined();
}

describe('the engine finds', () => {
  test('a decoder that throws at one wire type of one kind', async () => {
    const planted: Production = {
      ...production,
      decodeClientMessage(frame) {
        if (frame[0] === 0x04 && ((frame[1] ?? 0) & 7) === 5) throw new Error('planted');
        return production.decodeClientMessage(frame);
      },
    };
    await expectFound(named(createDecoderTargets(planted), 'client-message'), /planted/, 2);
  });

  test('a decoder that keeps a view of the frame', async () => {
    const planted: Production = {
      ...production,
      decodeServerMessage(frame) {
        const message = production.decodeServerMessage(frame);
        if (message.kind !== 'close') return message;
        return {
          ...message,
          get message() {
            return String(frame[1]);
          },
        };
      },
    };
    const target = named(createDecoderTargets(planted), 'server-message');
    await expectFound(target, /survive|view|twice/, 16);
  });

  test('a tuned codec that truncates a tick to 32 bits', async () => {
    const planted: Production = {
      ...production,
      decodeMoveInput(frame) {
        const message = production.decodeMoveInput(frame);
        return message.kind === 'rejected' ? message : { ...message, tick: message.tick >>> 0 };
      },
    };
    const target = named(createDifferentialTargets(planted), 'move-input-codec');
    await expectFound(target, /tuned/, 12);
  });

  test('a coordinator that still finds a removed peer', async () => {
    class Forgetful extends MultiSessionManager<string> {
      readonly #removed = new Map<PeerId, ManagedSession<string>>();
      override notifyLeft(session: ManagedSession<string>): boolean {
        const hasLeft = super.notifyLeft(session);
        if (hasLeft) this.#removed.set(session.peerId, session);
        return hasLeft;
      }
      override get(peerId: PeerId): ManagedSession<string> | undefined {
        return super.get(peerId) ?? this.#removed.get(peerId);
      }
    }
    const target = createSessionsTarget(production, (options) => new Forgetful(options));
    await expectFound(target, /finds a handle that is dead/, 40);
  });

  test('a coordinator that throws at an answer of an older attempt', async () => {
    class Hasty extends MultiSessionManager<string> {
      #attempt = 0;
      override notifyLoginStarted(session: ManagedSession<string>): number | undefined {
        const attempt = super.notifyLoginStarted(session);
        this.#attempt = attempt ?? this.#attempt;
        return attempt;
      }
      override notifyLoginFailed(
        session: ManagedSession<string>,
        failure: { attempt: number; code: string },
      ): boolean {
        if (failure.attempt < this.#attempt) throw new Error('planted');
        return super.notifyLoginFailed(session, failure);
      }
    }
    const target = createSessionsTarget(production, (options) => new Hasty(options));
    await expectFound(target, /planted/, 40);
  });

  test('a world that forgets the verdict of a duplicate', async () => {
    class Silent extends World {
      override receive(
        session: ManagedSession,
        input: AuthorityInput,
        tickFraction: number,
      ): Verdict | undefined {
        const verdict = super.receive(session, input, tickFraction);
        return verdict?.outcome === 'duplicate' ? undefined : verdict;
      }
    }
    const target = createWorldTarget(production, (options) => new Silent(options));
    await expectFound(target, /have no verdict/, 60);
  });

  test('a host that leaves a session behind when it stops', async () => {
    class Leaky extends ServerNetworkHost {
      override async stop(): Promise<void> {
        this.sessions.stop('server-stopped');
      }
    }
    const target = createHostTarget(production, (options) => new Leaky(options));
    await expectFound(target, /left after stop/, 8);
  });
});
