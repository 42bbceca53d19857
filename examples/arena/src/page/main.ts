/**
 * The page: puts its parts together and runs the picture. In: the document. Out: a playable arena
 * and a live view of every session.
 */
import { ArenaView, fieldOf } from './arena-view.ts';
import { CombatShow } from './combat-show.ts';
import { Controls } from './controls.ts';
import { CorrectionTrace } from './correction-trace.ts';
import { createDebugView } from './debug-view.ts';
import type { DebugView } from './debug-view.ts';
import { Dialogue } from './dialogue.ts';
import { Game } from './game.ts';
import type { ArenaClient } from './game.ts';
import { Guest } from './guest.ts';
import { HeadsUpDisplay } from './heads-up-display.ts';
import { KillFeed } from './kill-feed.ts';
import { describeLoss, describeResynced } from './game-texts.ts';
import { findPageElements } from './page-elements.ts';
import { NetcodeDisplay } from './netcode-display.ts';
import { createNetworkLine } from './network-line.ts';
import { OverlayFader } from './overlay-fader.ts';
import { PageLog } from './page-log.ts';
import { Pilot } from './pilot.ts';
import { keepMemory, recallMemory } from './report-storage.ts';
import { ServerControl } from './server-control.ts';
import { SessionFeed } from './session-feed.ts';
import { SessionPanel } from './session-panel.ts';
import { Stage } from './stage.ts';

declare global {
  interface Window {
    arena?: DebugView;
  }
}

const RANKING_INTERVAL_MS = 500;

/** Monotonic within a page, and comparable with that of the page before it. */
const pageNow = (): number => performance.timeOrigin + performance.now();

const elements = findPageElements();
const guest = new Guest(sessionStorage);
const stage = new Stage(elements.view);
const view = new ArenaView();
const killFeed = new KillFeed(elements.killFeed);
const show = new CombatShow({ stage, view, feed: killFeed });
const display = new HeadsUpDisplay(elements);
const log = new PageLog({ storage: sessionStorage, now: pageNow });
const panel = new SessionPanel({ elements, log, now: pageNow });
const fader = new OverlayFader([
  elements.status,
  elements.rankingBox,
  elements.killFeed,
  elements.netcode,
]);
const corrections = new CorrectionTrace();
const netcodeDisplay = new NetcodeDisplay({ elements, storage: sessionStorage });
const pilot = new Pilot(new Controls(elements.view), stage);

const game = new Game({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`,
  guest,
  line: createNetworkLine(elements),
  handler: {
    handleChange: () => {
      panel.ownSessionId = game.client?.sessionId;
      dialogue.update();
      if (game.phase === 'ended') killFeed.clear();
      if (game.endReason === 'session-open-elsewhere') log.clear();
    },
    handleClient: (client) => follow(client),
    handleNotice: (text) => dialogue.showNotice(text),
  },
});
const dialogue = new Dialogue({ elements, game, guest });
const memory = recallMemory(sessionStorage, pageNow());
const control = new ServerControl(elements, (text) => dialogue.showNotice(text));

/** Writes down what this page sees of its own session. */
function note(client: ArenaClient, what: { cause: string; note?: string }): void {
  log.add({ to: client.state, epoch: client.epoch, ...what });
  panel.refreshOwn();
}

function follow(client: ArenaClient): void {
  pilot.reset();
  killFeed.clear();
  note(client, { cause: client.lastCause });
  client.on('state', ({ cause }) => {
    if (client === game.client) note(client, { cause });
  });
  client.on('resynced', (event) => {
    note(client, { cause: 'resynced', note: describeLoss(event) });
    dialogue.showNotice(describeResynced(event));
  });
  client.on('input-tick', ({ tick }) => {
    if (client === game.client) pilot.handleInputTick(client, tick);
  });
  client.on('combat', (event) => {
    if (client === game.client) show.handle(client, event, performance.now());
  });
  client.on('shot', (event) => {
    if (client === game.client) show.handleShot(client, event, performance.now());
  });
  client.on('correction', (event) => {
    if (client === game.client) corrections.handle(event, performance.now());
  });
  client.on('message', (message) => {
    if (message.name === 'profiles') view.addProfiles(message.payload.profiles);
  });
}

function showRanking(): void {
  const players = [...(game.client?.players.values() ?? [])].map((player) => ({
    playerId: player.playerId,
    name: view.nameOf(player.playerId),
    kills: fieldOf(player, 'kills'),
    isSelf: player.playerId === game.client?.playerId,
  }));
  display.showRanking(game.phase === 'playing' ? players : []);
}

function drawFrame(now: number): void {
  const client = game.phase === 'playing' ? game.client : undefined;
  const netcode = netcodeDisplay.isOn
    ? { ghost: client?.selfConfirmed, correction: corrections.shownAt(now) }
    : undefined;
  stage.draw(view.scene(client, { intent: pilot, netcode }), now);
  fader.update(client?.self && stage.toScreen(client.self));
  netcodeDisplay.show(netcodeDisplay.isOn ? client?.stats : undefined, now);
  const self = client?.self;
  display.show(
    self === undefined
      ? undefined
      : {
          kills: fieldOf(self, 'kills'),
          deaths: fieldOf(self, 'deaths'),
          hitPoints: fieldOf(self, 'hitPoints'),
          isAlive: fieldOf(self, 'isAlive') === 1,
        },
    now,
  );
  requestAnimationFrame(drawFrame);
}

new SessionFeed({
  handleReport: (report) => {
    panel.show(memory.extend(report, pageNow()));
    control.show(report);
  },
  handleLost: () => panel.showLost(),
}).start();
window.setInterval(showRanking, RANKING_INTERVAL_MS);
window.addEventListener('pagehide', () => {
  keepMemory(sessionStorage, memory);
  if (game.phase !== 'playing' || game.client === undefined) return;
  log.add({ to: 'no-page', cause: 'page-left', epoch: game.client.epoch });
});
window.arena = createDebugView({ game, view, panel, stage, log, pilot });
requestAnimationFrame(drawFrame);
void game.playOn();
