/** Planted bugs of arrival, login, takeover and farewell at the host. */
import type { Mutant } from './mutant.ts';

export const HOST_LOGIN_MUTANTS: readonly Mutant[] = [
  {
    name: 'login-shared-across-await',
    file: 'host/login-desk.js',
    replacements: [
      {
        find: 'const login = { link, session, attempt };',
        replace: 'const login = { link, session, attempt };\n        this.login = login;',
      },
      {
        find: 'this.#settle(login, outcome, abort.signal)',
        replace: 'this.#settle(this.login, outcome, abort.signal)',
      },
    ],
    mistake:
      'Who keeps the login under way in a field has one peer answered with the identity of ' +
      'another.',
    rule: 'R1, L8',
  },
  {
    name: 'late-close-by-session-id',
    file: 'host/server-network-host.js',
    replacements: [
      {
        find: 'export class ServerNetworkHost {',
        replace: 'const openedAs = new WeakMap();\nexport class ServerNetworkHost {',
      },
      {
        find: 'if (sessions.observeTransportActivity(peerId) !== undefined)',
        replace: `const session = sessions.observeTransportActivity(peerId);
            openedAs.set(connection, session?.sessionId);
            if (session !== undefined)`,
      },
      {
        find: `if (link === undefined)
            return;
        forgetLink(this.#core, link);`,
        replace: `if (link === undefined) {
            for (const session of this.#core.sessions) {
                if (session.sessionId === openedAs.get(connection))
                    this.#core.sessions.notifyTransportLost(session);
            }
            return;
        }
        forgetLink(this.#core, link);`,
      },
    ],
    mistake:
      'Who finds the session of a close by its id lets the late close of the old connection drop ' +
      'the one that took over.',
    rule: 'L14, L16: the handle of the old connection is dead',
  },
  {
    name: 'superseded-peer-not-told',
    file: 'host/session-reactions.js',
    replacements: [
      {
        find: `this.#endLink(this.#core.links.get(previousPeerId), 'superseded');`,
        replace: `{
            const previous = this.#core.links.get(previousPeerId);
            if (previous !== undefined)
                this.#dropLink(previous);
        }`,
      },
    ],
    mistake:
      'Who drops the old connection without a word has its client come back for the seat, in ' +
      'turn for ever.',
    rule: 'L16, L18: a still open old connection is told superseded',
  },
  {
    name: 'merge-closes-the-newcomer',
    file: 'host/session-reactions.js',
    replacements: [
      {
        find: `if (event.mergedInto !== undefined)
            return;`,
        replace: '// Whoever is removed has no use for a connection.',
      },
    ],
    mistake: 'Who closes the connection of every removed session closes the one that took over.',
    rule: 'L16, L18',
  },
  {
    name: 'close-code-always-evicted',
    file: 'host/session-reactions.js',
    replacements: [
      {
        find: `if (isCloseCode(event.cause))
        return event.cause;`,
        replace: '// Removed is removed.',
      },
    ],
    mistake: 'Who says evicted to everybody leaves a peer guessing what it has done.',
    rule: 'L12c, docs/ERRORS.md',
  },
  {
    name: 'heartbeats-shared-between-peers',
    file: 'host/peer-link.js',
    replacements: [
      { find: 'export class PeerLink {', replace: 'let heartbeats;\nexport class PeerLink {' },
      {
        find: 'this.heartbeats = new HeartbeatLedger(nonceRandom);',
        replace: 'this.heartbeats = heartbeats ??= new HeartbeatLedger(nonceRandom);',
      },
    ],
    mistake: "Who keeps one ledger of nonces takes a peer's answer for the heartbeat of another.",
    rule: 'L9, R2',
  },
  {
    name: 'nonce-stream-shared',
    file: 'host/session-reactions.js',
    replacements: [{ find: '`nonce:${peerId}`', replace: `'nonce'` }],
    mistake: 'Who draws all nonces from one stream lets a peer guess those of the others.',
    rule: 'lifecycle-rules, Heartbeats: an unguessable nonce; design §9',
  },
  {
    name: 'session-id-stream-shared',
    file: 'host/server-network-host.js',
    replacements: [
      {
        find: 'randomHex(randomStreams(`session-id:${peerId}`), SESSION_ID_BYTES)',
        replace: `randomHex((options.ids ??= randomStreams('session-id')), SESSION_ID_BYTES)`,
      },
    ],
    mistake: 'Who draws session ids from one stream makes each depend on how many came before.',
    rule: 'design §9: a random stream per peer and purpose',
  },
  {
    name: 'nonce-from-math-random',
    file: 'host/heartbeat-ledger.js',
    replacements: [
      {
        find: 'const nonce = randomHex(this.#random, NONCE_BYTES);',
        replace: `const half = () => String(Math.random()).slice(2, 10).padEnd(8, '0');
        const nonce = half() + half();`,
      },
    ],
    mistake:
      'Who takes the nearest random number sends nonces that can be guessed and not replayed.',
    rule: 'lifecycle-rules, Heartbeats: an unguessable nonce; issue 3, seams',
  },
  {
    name: 'round-trip-by-wall-clock',
    file: 'host/heartbeats.js',
    replacements: [
      {
        find: 'link.heartbeats.issue(core.clock.now())',
        replace: 'link.heartbeats.issue(Date.now())',
      },
    ],
    mistake: 'Who stamps heartbeats with the wall clock measures round trips that never were.',
    rule: 'design §2: time is injected, the wall clock is for logs',
  },
];
