package io.distkv.raft;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages in bytes, as docs/formats.md has them: a byte with the kind, the term, and what else the
 * kind has, mostly as varints.
 *
 * <p>A message is a part of a frame that one node sends to another, with messages of many groups.
 * What is the same for all of a frame is said once, there: the version of this format, and who
 * sends to whom. A message has no length of its own either, since its fields tell where it ends.
 *
 * <p>What is decoded can be given to {@link Raft#receive}: numbers that no server can have, entries
 * whose terms fall, and memberships that are none are refused here, because further in they would
 * stop a lane.
 */
public final class MessageFormat {
  /** Of the term, the kind and the length of the payload. */
  private static final int LEAST_ENTRY_BYTES = 3;

  private MessageFormat() {}

  /** Writes a message, but not its {@link Message#from} and {@link Message#to}. */
  public static void encode(ByteWriter writer, Message message) {
    writer.putByte(code(message)).putVarLong(message.term());
    switch (message) {
      case Message.PreVoteRequest request -> put(writer, request.last());
      case Message.PreVoteReply reply -> {
        put(writer, reply.granted());
        put(writer, reply.missing());
      }
      case Message.VoteRequest request -> {
        put(writer, request.last());
        put(writer, request.transfer());
      }
      case Message.VoteReply reply -> put(writer, reply.granted());
      case Message.AppendRequest request -> put(writer, request);
      case Message.AppendReply reply ->
          writer.putVarLong(reply.matched()).putVarLong(reply.round());
      case Message.AppendRefusal refusal -> {
        writer.putVarLong(refusal.asked());
        put(writer, refusal.hint());
        writer.putVarLong(refusal.round());
      }
      case Message.Heartbeat heartbeat -> {
        writer.putVarLong(heartbeat.committed()).putVarLong(heartbeat.round());
        writer.putVarLong(heartbeat.matchedByAll());
        put(writer, heartbeat.sleep());
      }
      case Message.HeartbeatReply reply -> writer.putVarLong(reply.round());
      case Message.SnapshotPiece piece -> put(writer, piece);
      case Message.SnapshotReply reply -> {
        writer.putVarLong(reply.index()).putVarLong(reply.sending());
        writer.putVarLong(reply.nextOffset());
        put(writer, reply.installed());
        writer.putVarLong(reply.round());
      }
      case Message.TimeoutNow _ -> {}
      case Message.ReadIndexRequest request -> writer.putVarLong(request.context());
      case Message.ReadIndexReply reply ->
          writer.putVarLong(reply.context()).putVarLong(reply.index());
    }
  }

  /** How a kind is named; never changes. */
  private static int code(Message message) {
    return switch (message) {
      case Message.PreVoteRequest _ -> 1;
      case Message.PreVoteReply _ -> 2;
      case Message.VoteRequest _ -> 3;
      case Message.VoteReply _ -> 4;
      case Message.AppendRequest _ -> 5;
      case Message.AppendReply _ -> 6;
      case Message.AppendRefusal _ -> 7;
      case Message.Heartbeat _ -> 8;
      case Message.HeartbeatReply _ -> 9;
      case Message.SnapshotPiece _ -> 10;
      case Message.SnapshotReply _ -> 11;
      case Message.TimeoutNow _ -> 12;
      case Message.ReadIndexRequest _ -> 13;
      case Message.ReadIndexReply _ -> 14;
    };
  }

  private static void put(ByteWriter writer, boolean flag) {
    writer.putByte(flag ? 1 : 0);
  }

  private static void put(ByteWriter writer, Position position) {
    writer.putVarLong(position.term()).putVarLong(position.index());
  }

  private static void put(ByteWriter writer, Message.AppendRequest request) {
    put(writer, request.previous());
    writer.putVarLong(request.committed()).putVarLong(request.round());
    writer.putVarInt(request.entries().size());
    for (Entry entry : request.entries()) {
      writer.putVarLong(entry.term()).putByte(entry.kind().code()).putBlob(entry.payload());
    }
  }

  private static void put(ByteWriter writer, Message.SnapshotPiece piece) {
    put(writer, piece.snapshot().last());
    writer.putBlob(MembershipFormat.encode(piece.snapshot().membership()));
    writer.putVarLong(piece.sending()).putVarLong(piece.offset()).putBlob(piece.bytes());
    put(writer, piece.last());
    writer.putVarLong(piece.round());
  }

  /**
   * Reads the next message, and leaves the reader behind it.
   *
   * @param from id of the node that the bytes came from
   * @param to id of this node
   * @throws MalformedBytesException if these bytes begin with no message
   */
  public static Message decode(ByteReader reader, long from, long to) {
    int code = reader.getByte();
    long term = number(reader);
    return switch (code) {
      case 1 -> new Message.PreVoteRequest(from, to, term, position(reader));
      case 2 -> new Message.PreVoteReply(from, to, term, flag(reader), position(reader));
      case 3 -> new Message.VoteRequest(from, to, term, position(reader), flag(reader));
      case 4 -> new Message.VoteReply(from, to, term, flag(reader));
      case 5 -> appendRequest(reader, from, to, term);
      case 6 -> new Message.AppendReply(from, to, term, number(reader), number(reader));
      case 7 ->
          new Message.AppendRefusal(
              from, to, term, number(reader), position(reader), number(reader));
      case 8 ->
          new Message.Heartbeat(
              from, to, term, number(reader), number(reader), number(reader), flag(reader));
      case 9 -> new Message.HeartbeatReply(from, to, term, number(reader));
      case 10 -> snapshotPiece(reader, from, to, term);
      case 11 ->
          new Message.SnapshotReply(
              from,
              to,
              term,
              number(reader),
              number(reader),
              number(reader),
              flag(reader),
              number(reader));
      case 12 -> new Message.TimeoutNow(from, to, term);
      case 13 -> new Message.ReadIndexRequest(from, to, term, reader.getVarLong());
      case 14 -> new Message.ReadIndexReply(from, to, term, reader.getVarLong(), number(reader));
      default -> throw new MalformedBytesException("no kind of message has the code " + code);
    };
  }

  /** Anything that is counted, from 0 to {@link Long#MAX_VALUE}. */
  private static long number(ByteReader reader) {
    long number = reader.getVarLong();
    if (number < 0) {
      throw new MalformedBytesException("number over 63 bits before byte " + reader.position());
    }
    return number;
  }

  private static boolean flag(ByteReader reader) {
    int flag = reader.getByte();
    if (flag > 1) {
      throw new MalformedBytesException(flag + " is neither yes nor no");
    }
    return flag == 1;
  }

  private static Position position(ByteReader reader) {
    return new Position(number(reader), number(reader));
  }

  private static Message appendRequest(ByteReader reader, long from, long to, long term) {
    Position previous = position(reader);
    long committed = number(reader);
    long round = number(reader);
    int count = reader.getVarInt();
    if (count < 0 || count > reader.remaining() / LEAST_ENTRY_BYTES) {
      throw new MalformedBytesException(
          Integer.toUnsignedLong(count) + " entries in " + reader.remaining() + " bytes");
    }
    if (previous.index() > Long.MAX_VALUE - count) {
      throw new MalformedBytesException(count + " entries behind index " + previous.index());
    }
    List<Entry> entries = new ArrayList<>(count);
    long leastTerm = Math.max(1, previous.term());
    for (long index = previous.index() + 1; entries.size() < count; index++) {
      Entry entry = entry(reader, index);
      if (entry.term() < leastTerm || entry.term() > term) {
        throw new MalformedBytesException(
            "entry of term " + entry.term() + " behind " + leastTerm + " from a leader of " + term);
      }
      leastTerm = entry.term();
      entries.add(entry);
    }
    return new Message.AppendRequest(from, to, term, previous, entries, committed, round);
  }

  private static Entry entry(ByteReader reader, long index) {
    long term = number(reader);
    Entry.Kind kind = kind(reader.getByte());
    byte[] payload = reader.getBlob();
    if (kind == Entry.Kind.MEMBERSHIP) {
      MembershipFormat.decode(payload);
    }
    return new Entry(term, index, kind, payload);
  }

  private static Entry.Kind kind(int code) {
    try {
      return Entry.Kind.ofCode(code);
    } catch (IllegalArgumentException _) {
      throw new MalformedBytesException("no kind of entry has the code " + code);
    }
  }

  private static Message snapshotPiece(ByteReader reader, long from, long to, long term) {
    Position last = position(reader);
    Membership membership = MembershipFormat.decode(reader.getBlob());
    long sending = number(reader);
    long offset = number(reader);
    byte[] bytes = reader.getBlob();
    if (offset > Long.MAX_VALUE - bytes.length) {
      throw new MalformedBytesException(bytes.length + " bytes at offset " + offset);
    }
    SnapshotInfo snapshot = new SnapshotInfo(last, membership);
    return new Message.SnapshotPiece(
        from, to, term, snapshot, sending, offset, bytes, flag(reader), number(reader));
  }
}
