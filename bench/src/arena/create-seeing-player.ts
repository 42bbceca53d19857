/** A seeing player for each kind of server; those of the peers come with their own install. */
import type { AdapterName } from './create-adapter.ts';
import { EagerPlayer } from './eager-player.ts';
import { HoldfastPlayer } from './holdfast-player.ts';
import { RecordPlayer } from './record-player.ts';
import type { SeeingPlayer } from './seeing-player.ts';

type PlayerModule = Readonly<Record<string, new () => SeeingPlayer>>;

/** `isEager` has a meaning for Holdfast alone: the others have no cushion to go without. */
export async function createSeeingPlayer(
  adapter: AdapterName,
  isEager: boolean,
): Promise<SeeingPlayer> {
  if (adapter === 'holdfast') return isEager ? new EagerPlayer() : new HoldfastPlayer();
  if (adapter === 'records') return new RecordPlayer();
  const [file, name] =
    adapter === 'colyseus'
      ? ['colyseus-player.mjs', 'ColyseusPlayer']
      : ['socketio-player.mjs', 'SocketIoPlayer'];
  const url = new URL(`../../peers/${file}`, import.meta.url);
  const module = (await import(url.href)) as PlayerModule;
  const Player = module[name];
  if (Player === undefined) throw new Error(`${file} has no ${name}`);
  return new Player();
}
