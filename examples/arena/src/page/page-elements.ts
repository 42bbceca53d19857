/** The elements of index.html that the code uses, found once; a missing one is our bug. */

function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`index.html has no fitting element #${id}`);
  return element;
}

export function findPageElements() {
  return {
    view: find('view', HTMLCanvasElement),
    status: find('own-status', HTMLElement),
    score: find('score', HTMLElement),
    health: find('health', HTMLMeterElement),
    healthText: find('health-text', HTMLElement),
    rankingBox: find('ranking-box', HTMLElement),
    ranking: find('ranking', HTMLElement),
    killFeed: find('kill-feed', HTMLElement),
    banner: find('banner', HTMLElement),
    respawn: find('respawn', HTMLElement),
    hint: find('hint', HTMLElement),
    entry: find('entry', HTMLFormElement),
    name: find('name', HTMLInputElement),
    play: find('play', HTMLButtonElement),
    farewell: find('farewell', HTMLElement),
    farewellTitle: find('farewell-title', HTMLElement),
    farewellText: find('farewell-text', HTMLElement),
    playAgain: find('play-again', HTMLButtonElement),
    panel: find('sessions', HTMLElement),
    legend: find('legend', HTMLElement),
    summary: find('summary', HTMLElement),
    own: find('own', HTMLElement),
    ownRow: find('own-row', HTMLElement),
    ownStory: find('own-story', HTMLElement),
    ownFacts: find('own-facts', HTMLElement),
    rows: find('rows', HTMLElement),
    drop: find('drop', HTMLButtonElement),
    silence: find('silence', HTMLButtonElement),
    garbage: find('garbage', HTMLButtonElement),
    twice: find('twice', HTMLButtonElement),
    reload: find('reload', HTMLButtonElement),
    leave: find('leave', HTMLButtonElement),
    roundTrip: find('round-trip', HTMLInputElement),
    jitter: find('jitter', HTMLInputElement),
    loss: find('loss', HTMLInputElement),
    resetNetwork: find('reset-network', HTMLButtonElement),
    netcodeToggle: find('netcode-toggle', HTMLButtonElement),
    netcode: find('netcode', HTMLElement),
    server: find('server', HTMLElement),
    serverFacts: find('server-facts', HTMLElement),
    kill: find('kill', HTMLButtonElement),
    restart: find('restart', HTMLButtonElement),
  };
}

export type PageElements = ReturnType<typeof findPageElements>;
