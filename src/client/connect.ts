/**
 * From options to a client that is logged in. In: the user's options, the platform's defaults.
 * Out: a client, or a rejection that says what failed and whether trying again makes sense.
 */
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { SnapshotFieldDefinitions } from '../protocol/define-snapshot-fields.ts';
import type { Client } from './client.ts';
import { resolveClientOptions } from './client-options.ts';
import type { ConnectDefaults, ConnectOptions } from './client-options.ts';
import { HoldfastClient } from './holdfast-client.ts';

/**
 * Connects and logs in. Resolves with a client that is `logged-in`. Rejects with a HoldfastError
 * (docs/CLIENT.md) or with the reason of `signal`; then nothing is left behind.
 */
export type Connect = <
  Definitions extends MessageDefinitions = MessageDefinitions,
  Fields extends SnapshotFieldDefinitions = SnapshotFieldDefinitions,
>(
  options: ConnectOptions<Definitions, Fields>,
) => Promise<Client<Definitions, Fields>>;

export function createConnect(defaults: ConnectDefaults): Connect {
  return async <Definitions extends MessageDefinitions, Fields extends SnapshotFieldDefinitions>(
    options: ConnectOptions<Definitions, Fields>,
  ) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const client = new HoldfastClient(resolveClientOptions(options, defaults));
    const cancel = (): void => client.cancelLogin(signal?.reason);
    signal?.addEventListener('abort', cancel);
    try {
      await client.login();
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
    // The server has said that it has these fields, or the login has failed.
    return client as Client<Definitions> as Client<Definitions, Fields>;
  };
}
