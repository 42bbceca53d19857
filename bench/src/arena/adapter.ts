/**
 * How a raw client speaks with one kind of server: just enough to come in, to say a direction and
 * to tell a state from anything else. In: frames. Out: frames that are ready to be written.
 */
import type { RawWebSocket } from '../wire/raw-web-socket.ts';

/** What an adapter found in a frame: a state of the world, that one is in, or nothing of note. */
export type FrameMeaning = 'state' | 'welcome' | 'refused' | 'other';

/** Of one raw client. */
export interface AdapterLine {
  readonly name: string;
  readonly worldId: string;
  readonly socket: RawWebSocket;
}

export interface Adapter<Line extends AdapterLine = AdapterLine> {
  /** Where the client has to connect to; may ask the server first. */
  pathFor(port: number, worldId: string): Promise<string>;
  createLine(line: AdapterLine): Line;
  handleOpen(line: Line): void;
  handleFrame(line: Line, payload: Buffer, isText: boolean): FrameMeaning;
  /** `heading`: of HEADINGS. Undefined: there is nothing to say yet. */
  inputFrame(line: Line, heading: number): Buffer | undefined;
}
