/** A player that decodes what it gets and knows where it stands: of each kind of server one. */
export interface SeeingPlayer {
  /** Called with each state that it has decoded. */
  onPlace: (x: number, y: number) => void;
  /** Resolves when it is in. */
  start(where: SeeingPlace): Promise<unknown>;
  /** Once per tick: says the direction at once. */
  send(directionX: number, directionY: number, yaw: number): void;
  stop(): void;
}

export interface SeeingPlace {
  readonly port: number;
  readonly worldId: string;
  readonly name: string;
  readonly parser: 'json' | 'msgpack' | undefined;
}
