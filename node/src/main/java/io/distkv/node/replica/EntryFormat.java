package io.distkv.node.replica;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.base.Version;
import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import java.util.ArrayList;
import java.util.List;

/**
 * The payload of a log entry: kind (1), stamp (8), which is all of an entry that only lets time
 * pass; for a command its words; for a transaction the number of conditions (varint), of each the
 * key (blob) and version (varlong), then the number of writes (varint) and the words of each.
 * Words: their number (varint), then each as a blob, the command's name first.
 *
 * <p>Commands are kept as the words that the client sent, not by numbers of the command table, so
 * that the table may change while logs live on.
 */
final class EntryFormat {
  private static final int COMMAND = 1;
  private static final int TRANSACTION = 2;
  private static final int TIME_PASSES = 3;

  private EntryFormat() {}

  /**
   * An entry as read back.
   *
   * @param stamp its version
   */
  record Entry(long stamp, Mutation mutation) {}

  /** The stamp of an encoded entry. */
  static long stamp(byte[] payload) {
    return new ByteReader(payload, 1, Long.BYTES).getLong();
  }

  /** An entry's bytes, in an array of their size. */
  static byte[] encode(long stamp, Mutation mutation) {
    ByteWriter writer = new ByteWriter(Math.toIntExact(sizeBytes(mutation)));
    encode(writer, stamp, mutation);
    return writer.takeByteArray();
  }

  private static long sizeBytes(Mutation mutation) {
    long head = 1 + Long.BYTES;
    return switch (mutation) {
      case Mutation.Single(Prepared.Write command) ->
          head + wordsBytes(command.arguments().words());
      case Mutation.Transaction transaction -> head + transactionBytes(transaction);
      case Mutation.TimePasses _ -> head;
    };
  }

  private static long transactionBytes(Mutation.Transaction transaction) {
    long size = ByteWriter.varintBytes(transaction.conditions().size());
    for (Condition condition : transaction.conditions()) {
      size += ByteWriter.blobBytes(condition.key().length);
      size += ByteWriter.varintBytes(condition.version());
    }
    int writes = 0;
    for (Prepared.Ready command : transaction.commands()) {
      if (command instanceof Prepared.Write write) {
        writes++;
        size += wordsBytes(write.arguments().words());
      }
    }
    return size + ByteWriter.varintBytes(writes);
  }

  private static long wordsBytes(byte[][] words) {
    long size = ByteWriter.varintBytes(words.length);
    for (byte[] word : words) {
      size += ByteWriter.blobBytes(word.length);
    }
    return size;
  }

  static void encode(ByteWriter writer, long stamp, Mutation mutation) {
    switch (mutation) {
      case Mutation.Single(Prepared.Write command) -> {
        writer.putByte(COMMAND).putLong(stamp);
        encodeWords(writer, command.arguments().words());
      }
      case Mutation.Transaction transaction -> {
        writer.putByte(TRANSACTION).putLong(stamp);
        encodeTransaction(writer, transaction);
      }
      case Mutation.TimePasses _ -> writer.putByte(TIME_PASSES).putLong(stamp);
    }
  }

  private static void encodeTransaction(ByteWriter writer, Mutation.Transaction transaction) {
    writer.putVarInt(transaction.conditions().size());
    for (Condition condition : transaction.conditions()) {
      writer.putBlob(condition.key()).putVarLong(condition.version());
    }
    List<byte[][]> writes = new ArrayList<>();
    for (Prepared.Ready command : transaction.commands()) {
      if (command instanceof Prepared.Write write) {
        writes.add(write.arguments().words());
      }
    }
    writer.putVarInt(writes.size());
    writes.forEach(words -> encodeWords(writer, words));
  }

  private static void encodeWords(ByteWriter writer, byte[][] words) {
    writer.putVarInt(words.length);
    for (byte[] word : words) {
      writer.putBlob(word);
    }
  }

  /**
   * Reads an entry back.
   *
   * @throws MalformedBytesException if it is none, or holds a command that this node does not know
   */
  static Entry decode(CommandTable table, byte[] bytes, int offset, int length) {
    ByteReader reader = new ByteReader(bytes, offset, length);
    int kind = reader.getByte();
    long stamp = reader.getLong();
    return new Entry(
        stamp,
        switch (kind) {
          case COMMAND -> new Mutation.Single(decodeWrite(table, reader));
          case TRANSACTION -> decodeTransaction(table, reader);
          case TIME_PASSES -> decodeTimePasses(reader);
          default -> throw new MalformedBytesException("unknown kind of entry " + kind);
        });
  }

  private static Mutation.TimePasses decodeTimePasses(ByteReader reader) {
    if (reader.remaining() != 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes after an entry without words");
    }
    return new Mutation.TimePasses();
  }

  private static Mutation.Transaction decodeTransaction(CommandTable table, ByteReader reader) {
    List<Condition> conditions = new ArrayList<>();
    for (int left = reader.getVarInt(); left > 0; left--) {
      conditions.add(new Condition(reader.getBlob(), reader.getVarLong(), Version.LATEST));
    }
    List<Prepared.Ready> writes = new ArrayList<>();
    for (int left = reader.getVarInt(); left > 0; left--) {
      writes.add(decodeWrite(table, reader));
    }
    return new Mutation.Transaction(writes, conditions);
  }

  private static Prepared.Write decodeWrite(CommandTable table, ByteReader reader) {
    int count = reader.getVarInt();
    if (count < 1 || count > reader.remaining()) {
      throw new MalformedBytesException("a command of " + count + " words");
    }
    byte[][] words = new byte[count][];
    for (int i = 0; i < count; i++) {
      words[i] = reader.getBlob();
    }
    if (table.prepare(words) instanceof Prepared.Write write) {
      return write;
    }
    throw new MalformedBytesException("the logged command cannot be run by this version");
  }
}
