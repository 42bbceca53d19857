/** What went over the client's connections so far; plain numbers, written where it happens. */
export interface ClientTraffic {
  bytesReceived: number;
  bytesSent: number;
  framesReceived: number;
  /** Bytes that are no message. */
  framesRejected: number;
  /** Messages that the state doesn't expect, or that repeat what was already said. */
  messagesIgnored: number;
  /** Messages of ours that were not sent because the connection takes no more. */
  messagesHeldBack: number;
  /** Messages of ours that were sent again after a resume. */
  messagesRetransmitted: number;
  /** Messages of ours of which nobody knows any more whether the server has taken them. */
  messagesLost: number;
}

export function createClientTraffic(): ClientTraffic {
  return {
    bytesReceived: 0,
    bytesSent: 0,
    framesReceived: 0,
    framesRejected: 0,
    messagesIgnored: 0,
    messagesHeldBack: 0,
    messagesRetransmitted: 0,
    messagesLost: 0,
  };
}
