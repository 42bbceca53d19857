/**
 * The server's own line in the panel: which process it is, how the one before ended, and the
 * buttons that kill or restart it, where the server offers them. In: reports, clicks. Out: DOM,
 * requests.
 */
import { FAULT_TOKEN_HEADER, SERVER_FAULTS_PATH } from '../shared/server-faults.ts';
import type { ServerFault, ServerFaultsOffer } from '../shared/server-faults.ts';
import type { ReportedOutage, SessionReport } from '../shared/session-report.ts';

const ANSWER_TIMEOUT_MS = 5_000;

const NOTICES: Readonly<Record<ServerFault, string>> = {
  kill: 'You killed the server. The next process finds every session on the disk; all come back.',
  restart: 'The server stops in good order, keeps every session on the disk; all come back.',
};

export interface ServerControlElements {
  readonly serverFacts: HTMLElement;
  readonly kill: HTMLButtonElement;
  readonly restart: HTMLButtonElement;
}

/** What the server offers; undefined when it offers nothing or does not answer. */
async function fetchOffer(): Promise<ServerFaultsOffer | undefined> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(SERVER_FAULTS_PATH, { cache: 'no-store', signal });
    return response.ok ? ((await response.json()) as ServerFaultsOffer) : undefined;
  } catch {
    return undefined;
  }
}

function storyOf({ from, until, how }: ReportedOutage, now: number): string {
  const seconds = Math.max(0, Math.round((now - until) / 1_000));
  const downMs = Math.max(0, Math.round(until - from));
  return ` · up ${seconds} s · before: ${how}, ${downMs} ms down`;
}

export class ServerControl {
  readonly #elements: ServerControlElements;
  readonly #notify: (text: string) => void;
  #pid: number | undefined;
  #offer: ServerFaultsOffer | undefined;

  constructor(elements: ServerControlElements, notify: (text: string) => void) {
    this.#elements = elements;
    this.#notify = notify;
    elements.kill.addEventListener('click', () => void this.#commit('kill'));
    elements.restart.addEventListener('click', () => void this.#commit('restart'));
  }

  /** Called with each report; asks a process that it doesn't know yet what it offers. */
  show({ server, at }: SessionReport): void {
    if (this.#pid !== server.pid) {
      this.#pid = server.pid;
      void this.#ask();
    }
    const { outage } = server;
    const text = `process ${server.pid}${outage === null ? '' : storyOf(outage, at)}`;
    if (this.#elements.serverFacts.textContent !== text) {
      this.#elements.serverFacts.textContent = text;
    }
  }

  async #ask(): Promise<void> {
    this.#offer = await fetchOffer();
    const { kill, restart } = this.#elements;
    for (const button of [kill, restart]) button.disabled = this.#offer === undefined;
    if (this.#offer !== undefined && kill.parentElement !== null) kill.parentElement.hidden = false;
  }

  async #commit(fault: ServerFault): Promise<void> {
    if (this.#offer === undefined) return;
    const { kill, restart } = this.#elements;
    for (const button of [kill, restart]) button.disabled = true;
    const headers = { [FAULT_TOKEN_HEADER]: this.#offer.token };
    this.#offer = undefined;
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const path = `${SERVER_FAULTS_PATH}/${fault}`;
      const response = await fetch(path, { method: 'POST', headers, signal });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      this.#notify(NOTICES[fault]);
    } catch (error) {
      this.#notify(`The server did not take it: ${String(error)}.`);
      void this.#ask();
    }
  }
}
