package io.distkv.node.peer;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.raft.Message;
import io.distkv.raft.MessageFormat;

/**
 * A frame from node to node: format version (1), then messages up to its end, each with the id of
 * the replica before it (varlong). One without messages only shows that the sender is there.
 */
final class FrameFormat {
  private static final int VERSION = 1;

  private FrameFormat() {}

  /** Is given the messages of a frame, in order. */
  @FunctionalInterface
  interface Visitor {
    void message(long replica, Message message);
  }

  /** A writer with the beginning of a frame. */
  static ByteWriter begin(int capacityBytes) {
    return new ByteWriter(capacityBytes).putByte(VERSION);
  }

  static void put(ByteWriter frame, long replica, Message message) {
    MessageFormat.encode(frame.putVarLong(replica), message);
  }

  /**
   * Reads a frame.
   *
   * @param from id of the node that sent it
   * @param to id of this node
   * @throws MalformedBytesException at the first byte that does not belong there; what came before
   *     it was visited
   */
  static void read(byte[] frame, long from, long to, Visitor visitor) {
    ByteReader reader = new ByteReader(frame);
    int version = reader.getByte();
    if (version != VERSION) {
      throw new MalformedBytesException(
          "a frame of version " + version + ", this node speaks version " + VERSION);
    }
    while (reader.remaining() > 0) {
      visitor.message(reader.getVarLong(), MessageFormat.decode(reader, from, to));
    }
  }
}
