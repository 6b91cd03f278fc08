package io.distkv.server.resp;

/**
 * What one connection takes of the node, whether that is so much that nothing more is read from it,
 * and whether it gets on. Used on the connection's lane only.
 */
final class ClientLoad {
  /** What a client may hold although memory is short. */
  static final long ALLOWANCE_BYTES = 64 * 1024;

  /** Replies not yet taken by the client, beyond which no more of its requests are read. */
  static final int HIGH_WATER_BYTES = 1024 * 1024;

  /** What a request under way takes beside the bytes of its words. */
  private static final long REQUEST_BYTES = 512;

  /** Who moves less than {@link #ALLOWANCE_BYTES} in this time idles. */
  private static final long WATCH_NANOS = 900_000_000L;

  private final LaneConnections shared;
  private final RespConnection connection;
  private final RequestParser parser;
  private final Conversation conversation;
  private final OutputBuffer output;
  private long countedBytes;
  private long receivedBytes;
  private long watchedBytes;
  private long watchedNanos;

  /** Whether it has let another client pass since its last request came whole. */
  private boolean hasLetPass;

  ClientLoad(
      LaneConnections shared,
      RespConnection connection,
      RequestParser parser,
      Conversation conversation,
      OutputBuffer output) {
    this.shared = shared;
    this.connection = connection;
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

  /** Whether memory is short, this client holds more than its allowance and it is not its turn. */
  boolean mustWaitForMemory() {
    MemoryLine memory = shared.memory();
    return memory.isShort() && !isLight() && !memory.hasTurn(connection);
  }

  /** Whether it takes so little that it need never wait for memory. */
  boolean isLight() {
    return heldBytes() <= ALLOWANCE_BYTES;
  }

  /**
   * Whether nothing of the client is under way that will give memory back by itself, and its next
   * request will be carried out at once.
   */
  boolean mayHaveTurn() {
    return conversation.inFlight() == 0 && conversation.queuedBytes() <= ALLOWANCE_BYTES;
  }

  /** Whether the client holds nothing more of what it had sent and had been answered. */
  boolean hasGivenBack() {
    return mayHaveTurn() && output.pendingBytes() <= ALLOWANCE_BYTES;
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
      shared.memory().holds(bytes - countedBytes);
      countedBytes = bytes;
    }
  }

  /** What it would give back if it had to give up; 0 where that is not worth it. */
  long sheddableBytes() {
    boolean idle = conversation.inFlight() == 0;
    return idle && countedBytes > ALLOWANCE_BYTES ? countedBytes : 0;
  }

  /** The client has sent so many bytes. */
  void received(long bytes) {
    receivedBytes += bytes;
  }

  /** What it has sent, ever. */
  long receivedBytes() {
    return receivedBytes;
  }

  /** A request has come whole. */
  void requestCame() {
    hasLetPass = false;
  }

  /** Whether it lets another client pass, which it does once for each request. */
  boolean letPass() {
    boolean first = !hasLetPass;
    hasLetPass = true;
    return first;
  }

  /** From here on it is watched whether the client gets on. */
  void startWatch(long nowNanos) {
    watchedBytes = movedBytes();
    watchedNanos = nowNanos;
  }

  /**
   * Whether the client has hardly sent or taken anything since the watch began.
   *
   * @param watched whether the watch has begun; it begins anew here
   */
  boolean hasIdled(long nowNanos, boolean watched) {
    if (watched && nowNanos - watchedNanos < WATCH_NANOS) {
      return false;
    }
    boolean idled = watched && movedBytes() - watchedBytes < ALLOWANCE_BYTES;
    startWatch(nowNanos);
    return idled;
  }

  private long movedBytes() {
    return receivedBytes + output.takenBytes();
  }
}
