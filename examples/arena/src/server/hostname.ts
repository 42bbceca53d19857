/** Where the arena listens: this machine alone. */
export const HOSTNAME = '127.0.0.1';
