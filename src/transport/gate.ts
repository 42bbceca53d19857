/** Whether anything gets through one direction of a peer's line at this moment. */
export class Gate {
  isPartitioned = false;
  isReaderStopped = false;

  get isShut(): boolean {
    return this.isPartitioned || this.isReaderStopped;
  }
}
