package io.distkv.raft;

/**
 * One entry of a group's log. Two entries with the same index and term are the same entry (Raft
 * paper, section 5.3).
 *
 * @param term of the leader that made it, at least 1
 * @param index in the log, from 1
 * @param kind what it is for
 * @param payload of a command whatever its proposer likes, of a membership its encoding, else
 *     empty; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Entry(long term, long index, Kind kind, byte[] payload) {
  /** What an entry weighs in bounds beyond its payload. */
  static final int OVERHEAD_BYTES = 64;

  /** What an entry is for. Stored by {@link #code}. */
  public enum Kind {
    /** Nothing: a leader's first, whose commit commits all before it (section 5.4.2). */
    NOOP(1),
    /** For the state machine. */
    COMMAND(2),
    /** Brings a new {@link Membership}. */
    MEMBERSHIP(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** How files and messages name this kind; never changes. */
    public int code() {
      return code;
    }

    /**
     * The kind with a code.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind ofCode(int code) {
      return switch (code) {
        case 1 -> NOOP;
        case 2 -> COMMAND;
        case 3 -> MEMBERSHIP;
        default -> throw new IllegalArgumentException("no kind of entry has the code " + code);
      };
    }
  }

  /** What it counts in bounds. */
  int weightBytes() {
    return OVERHEAD_BYTES + payload.length;
  }
}
