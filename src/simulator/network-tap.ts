/** Who listens to a simulated network: sees everything, changes nothing. All calls are optional. */
import type { CloseCode } from '../protocol/codes.ts';
import type { Packet } from './packet.ts';

/** The end of a connection, as one of its sides learns it. */
export interface TappedEnd {
  readonly side: 'client' | 'server';
  /** Which connection of its peer, from 1. */
  readonly connection: number;
  /** The server's code; only a client ever hears one. */
  readonly code: CloseCode | undefined;
  /** Messages that had arrived for that side, and that it gave up unread. */
  readonly unread: number;
  readonly at: number;
}

/** A client begins to connect. */
export interface TappedBeginning {
  /** Which client on its peer's line, from 1. */
  readonly client: number;
  /** Which connection of its peer, from 1. */
  readonly connection: number;
  readonly at: number;
}

export interface NetworkTap {
  /** A message leaves its sender; `bytes` and `packet` are the network's own: copy or read now. */
  handleSent?(peer: string, packet: Packet): void;
  /** Just before its receiver gets it. */
  handleDelivered?(peer: string, packet: Packet, at: number): void;
  /** Just before anything of the connection is under way. */
  handleBegun?(peer: string, beginning: TappedBeginning): void;
  /** Just before the server's side is told; `connection` counts its peer's attempts, from 1. */
  handleOpened?(peer: string, connection: number, at: number): void;
  /** Just before the server gets text, which is no message. */
  handleText?(peer: string, connection: number, at: number): void;
  /** The server's end sends into the void from now on; its host is told later, or never. */
  handleLost?(peer: string, connection: number, at: number): void;
  /** Just before that side is told. */
  handleEnded?(peer: string, end: TappedEnd): void;
}
