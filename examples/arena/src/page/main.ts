/**
 * The page: puts its parts together and runs the picture. In: the document. Out: a playable arena
 * and a live view of every session.
 */
import { ArenaView, fieldOf } from './arena-view.ts';
import { CombatShow } from './combat-show.ts';
import { Controls } from './controls.ts';
import { createDebugView } from './debug-view.ts';
import type { DebugView } from './debug-view.ts';
import { Dialogue } from './dialogue.ts';
import { Game } from './game.ts';
import type { ArenaClient } from './game.ts';
import { Guest } from './guest.ts';
import { HeadsUpDisplay } from './heads-up-display.ts';
import { KillFeed } from './kill-feed.ts';
import { findPageElements } from './page-elements.ts';
import { Pilot } from './pilot.ts';
import { ReportMemory } from './report-memory.ts';
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

const elements = findPageElements();
const guest = new Guest(sessionStorage);
const stage = new Stage(elements.view);
const view = new ArenaView();
const killFeed = new KillFeed(elements.killFeed);
const show = new CombatShow({ stage, view, feed: killFeed });
const display = new HeadsUpDisplay(elements);
const panel = new SessionPanel(elements);
const pilot = new Pilot(new Controls(elements.view), stage);

const game = new Game({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/`,
  guest,
  handler: {
    handleChange: () => {
      panel.ownSessionId = game.client?.sessionId;
      dialogue.update();
      if (game.phase === 'ended') killFeed.clear();
    },
    handleClient: (client) => follow(client),
    handleNotice: (text) => dialogue.showNotice(text),
  },
});
const dialogue = new Dialogue({ elements, game, guest });
const memory = new ReportMemory();
const control = new ServerControl(elements, (text) => dialogue.showNotice(text));

function follow(client: ArenaClient): void {
  pilot.reset();
  killFeed.clear();
  client.on('input-tick', ({ tick }) => {
    if (client === game.client) pilot.handleInputTick(client, tick);
  });
  client.on('combat', (event) => {
    if (client === game.client) show.handle(client, event, performance.now());
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
  stage.draw(view.scene(client, { aim: pilot.aim }), now);
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
    panel.show(memory.extend(report, performance.now()));
    control.show(report);
  },
  handleLost: () => panel.showLost(),
}).start();
window.setInterval(showRanking, RANKING_INTERVAL_MS);
window.arena = createDebugView({ game, view, panel, stage });
requestAnimationFrame(drawFrame);
