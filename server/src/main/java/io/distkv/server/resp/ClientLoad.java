package io.distkv.server.resp;

/**
 * What one connection takes of the node, and whether that is so much that nothing more is read from
 * it. Used on the connection's lane only.
 */
final class ClientLoad {
  /** What a client may hold although memory is short. */
  static final long ALLOWANCE_BYTES = 64 * 1024;

  /** Replies not yet taken by the client, beyond which no more of its requests are read. */
  static final int HIGH_WATER_BYTES = 1024 * 1024;

  /** What a request under way takes beside the bytes of its words. */
  private static final long REQUEST_BYTES = 512;

  private final LaneConnections shared;
  private final RequestParser parser;
  private final Conversation conversation;
  private final OutputBuffer output;
  private long countedBytes;

  ClientLoad(
      LaneConnections shared,
      RequestParser parser,
      Conversation conversation,
      OutputBuffer output) {
    this.shared = shared;
    this.parser = parser;
    this.conversation = conversation;
    this.output = output;
  }

  /** Whether too much is under way to take another request. */
  boolean mustPause() {
    ClientLimits limits = shared.limits();
    return conversation.inFlight() >= limits.inFlight()
        || conversation.inFlightBytes() >= limits.inFlightBytes()
        || output.pendingBytes() > HIGH_WATER_BYTES
        || mustWaitForMemory();
  }

  /** Half of the bounds, so that a deep pipeline is not stopped and started for each reply. */
  boolean mayResume(boolean writable) {
    ClientLimits limits = shared.limits();
    return conversation.inFlight() <= limits.inFlight() / 2
        && conversation.inFlightBytes() <= limits.inFlightBytes() / 2
        && writable
        && !mustWaitForMemory();
  }

  /** Whether memory is short and this client holds more than its allowance. */
  boolean mustWaitForMemory() {
    return shared.memory().isShort() && heldBytes() > ALLOWANCE_BYTES;
  }

  private long heldBytes() {
    return parser.heldBytes()
        + conversation.inFlightBytes()
        + conversation.inFlight() * REQUEST_BYTES
        + conversation.queuedBytes()
        + output.pendingBytes();
  }

  /**
   * Brings the account of the lane up to date.
   *
   * @param unparsedBytes that were read and not looked at
   */
  void count(long unparsedBytes) {
    settle(heldBytes() + unparsedBytes);
  }

  /** The connection is gone, and with it what it held. */
  void countNothing() {
    settle(0);
  }

  private void settle(long bytes) {
    if (bytes != countedBytes) {
      shared.holds(bytes - countedBytes);
      countedBytes = bytes;
    }
  }

  /** What it would give back if it had to give up; 0 where that is not worth it. */
  long sheddableBytes() {
    boolean idle = conversation.inFlight() == 0;
    return idle && countedBytes > ALLOWANCE_BYTES ? countedBytes : 0;
  }
}
