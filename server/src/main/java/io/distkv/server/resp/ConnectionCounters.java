package io.distkv.server.resp;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What happened to the connections of one lane. Counted by that lane alone, with plain writes that
 * cost no more than those of ordinary fields; read by any thread, a moment late.
 */
@SuppressWarnings("EnumOrdinal") // The ordinal indexes an array of this process, nothing stored.
public final class ConnectionCounters {

  /** What is counted. */
  public enum Event {
    OPENED,
    CLOSED,
    REFUSED,
    REQUESTS,
    BYTES_READ,
    BYTES_WRITTEN,
    PROTOCOL_ERRORS,
    OUTPUT_LIMIT_CLOSES,
    IDLE_CLOSES,
    INPUT_PAUSES,
    /** Pauses of those that memory was too short for. */
    MEMORY_PAUSES,
    /** Requests and transactions that were given up because memory stayed short. */
    MEMORY_REFUSALS,
    /** Connections closed because memory stayed short. */
    MEMORY_CLOSES
  }

  private static final int KINDS = Event.values().length;

  private final AtomicLongArray counts = new AtomicLongArray(KINDS);

  /** On the lane only. */
  void add(Event event, long more) {
    int index = event.ordinal();
    counts.setOpaque(index, counts.getPlain(index) + more);
  }

  /** How often since the node started; any thread. */
  public long get(Event event) {
    return counts.getOpaque(event.ordinal());
  }
}
