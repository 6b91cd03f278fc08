package io.distkv.node.replica;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Entry;
import io.distkv.raft.HardState;
import io.distkv.raft.MembershipFormat;

/**
 * What the journal's records of a raft log have as payload. Of an entry: what {@link EntryFormat}
 * says, whose first byte is below 64; or a byte 64 for one that does nothing; or a byte 65 and then
 * a membership. Of a hard state: format version (1), term, vote, commit index (varlongs).
 */
final class LogFormat {
  private static final int NOOP = 64;
  private static final int MEMBERSHIP = 65;
  private static final int VERSION = 1;
  private static final byte[] NOOP_BYTES = {NOOP};
  private static final byte[] NO_BYTES = {};

  private LogFormat() {}

  /**
   * A hard state as it is kept.
   *
   * @param committed an index that was committed when it was written; the newest may be higher
   */
  record KeptState(HardState hardState, long committed) {}

  /** The payload of an entry's record; for a command the entry's own, not a copy. */
  static byte[] payload(Entry entry) {
    return switch (entry.kind()) {
      case COMMAND -> entry.payload();
      case NOOP -> NOOP_BYTES;
      case MEMBERSHIP ->
          new ByteWriter(1 + entry.payload().length)
              .putByte(MEMBERSHIP)
              .putBytes(entry.payload())
              .toByteArray();
    };
  }

  /** Whether the payload of an entry's record is a command's. */
  static boolean isCommand(byte[] bytes, int offset, int length) {
    return length > 0 && bytes[offset] < NOOP;
  }

  /**
   * The entry that a record holds.
   *
   * @throws MalformedBytesException if it is none
   */
  static Entry entry(long term, long index, byte[] bytes, int offset, int length) {
    ByteReader reader = new ByteReader(bytes, offset, length);
    int first = reader.getByte();
    if (first < NOOP) {
      return new Entry(term, index, Entry.Kind.COMMAND, copy(bytes, offset, length));
    }
    return switch (first) {
      case NOOP -> new Entry(term, index, Entry.Kind.NOOP, NO_BYTES);
      case MEMBERSHIP -> {
        byte[] membership = copy(bytes, offset + 1, length - 1);
        MembershipFormat.decode(membership);
        yield new Entry(term, index, Entry.Kind.MEMBERSHIP, membership);
      }
      default -> throw new MalformedBytesException("unknown kind of entry " + first);
    };
  }

  private static byte[] copy(byte[] bytes, int offset, int length) {
    byte[] copy = new byte[length];
    System.arraycopy(bytes, offset, copy, 0, length);
    return copy;
  }

  static byte[] encode(KeptState state) {
    return new ByteWriter(31)
        .putByte(VERSION)
        .putVarLong(state.hardState().term())
        .putVarLong(state.hardState().vote())
        .putVarLong(state.committed())
        .toByteArray();
  }

  /**
   * A hard state from its record.
   *
   * @throws MalformedBytesException if it is none
   */
  static KeptState state(byte[] bytes, int offset, int length) {
    ByteReader reader = new ByteReader(bytes, offset, length);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException("a hard state of version " + version);
    }
    HardState state = new HardState(reader.getVarLong(), reader.getVarLong());
    KeptState kept = new KeptState(state, reader.getVarLong());
    if (reader.remaining() > 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes behind a hard state");
    }
    return kept;
  }
}
