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
 * The payload of a log entry: kind (1), stamp (8), and what the kind says. Of a command its words.
 * Of a transaction the number of conditions (varint), of each the key (blob) and version (varlong),
 * then the number of writes (varint) and the words of each. Of an entry that only lets time pass,
 * or opens a session, nothing. Of a mutation within a session its session, sequence and
 * acknowledgedBelow (varlongs), the kind of the mutation (1) and what that kind says; there a
 * transaction has its reads among its writes. Words: their number (varint), then each as a blob,
 * the command's name first.
 *
 * <p>Commands are kept as the words that the client sent, not by numbers of the command table, so
 * that the table may change while logs live on.
 */
final class EntryFormat {
  private static final int COMMAND = 1;
  private static final int TRANSACTION = 2;
  private static final int TIME_PASSES = 3;
  private static final int OPEN_SESSION = 4;
  private static final int IN_SESSION = 5;

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

  private static int kind(Mutation mutation) {
    return switch (mutation) {
      case Mutation.Single _ -> COMMAND;
      case Mutation.Transaction _ -> TRANSACTION;
      case Mutation.TimePasses _ -> TIME_PASSES;
      case Mutation.OpenSession _ -> OPEN_SESSION;
      case Mutation.InSession _ -> IN_SESSION;
    };
  }

  private static long sizeBytes(Mutation mutation) {
    long head = 1 + Long.BYTES;
    return switch (mutation) {
      case Mutation.Plain plain -> head + plainBytes(plain, false);
      case Mutation.OpenSession _ -> head;
      case Mutation.InSession(long session, long sequence, long below, Mutation.Plain plain) ->
          head
              + ByteWriter.varintBytes(session)
              + ByteWriter.varintBytes(sequence)
              + ByteWriter.varintBytes(below)
              + 1
              + plainBytes(plain, true);
    };
  }

  private static long plainBytes(Mutation.Plain mutation, boolean withReads) {
    return switch (mutation) {
      case Mutation.Single(Prepared.Write command) -> wordsBytes(command.arguments().words());
      case Mutation.Transaction transaction -> transactionBytes(transaction, withReads);
      case Mutation.TimePasses _ -> 0;
    };
  }

  private static long transactionBytes(Mutation.Transaction transaction, boolean withReads) {
    long size = ByteWriter.varintBytes(transaction.conditions().size());
    for (Condition condition : transaction.conditions()) {
      size += ByteWriter.blobBytes(condition.key().length);
      size += ByteWriter.varintBytes(condition.version());
    }
    int logged = 0;
    for (Prepared.Ready command : transaction.commands()) {
      if (withReads || command instanceof Prepared.Write) {
        logged++;
        size += wordsBytes(command.arguments().words());
      }
    }
    return size + ByteWriter.varintBytes(logged);
  }

  private static long wordsBytes(byte[][] words) {
    long size = ByteWriter.varintBytes(words.length);
    for (byte[] word : words) {
      size += ByteWriter.blobBytes(word.length);
    }
    return size;
  }

  static void encode(ByteWriter writer, long stamp, Mutation mutation) {
    writer.putByte(kind(mutation)).putLong(stamp);
    switch (mutation) {
      case Mutation.Plain plain -> encodePlain(writer, plain, false);
      case Mutation.OpenSession _ -> {}
      case Mutation.InSession(long session, long sequence, long below, Mutation.Plain plain) -> {
        writer.putVarLong(session).putVarLong(sequence).putVarLong(below).putByte(kind(plain));
        encodePlain(writer, plain, true);
      }
    }
  }

  private static void encodePlain(ByteWriter writer, Mutation.Plain mutation, boolean withReads) {
    switch (mutation) {
      case Mutation.Single(Prepared.Write command) ->
          encodeWords(writer, command.arguments().words());
      case Mutation.Transaction transaction -> encodeTransaction(writer, transaction, withReads);
      case Mutation.TimePasses _ -> {}
    }
  }

  private static void encodeTransaction(
      ByteWriter writer, Mutation.Transaction transaction, boolean withReads) {
    writer.putVarInt(transaction.conditions().size());
    for (Condition condition : transaction.conditions()) {
      writer.putBlob(condition.key()).putVarLong(condition.version());
    }
    List<byte[][]> logged = new ArrayList<>();
    for (Prepared.Ready command : transaction.commands()) {
      if (withReads || command instanceof Prepared.Write) {
        logged.add(command.arguments().words());
      }
    }
    writer.putVarInt(logged.size());
    logged.forEach(words -> encodeWords(writer, words));
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
          case OPEN_SESSION -> {
            requireEnd(reader);
            yield new Mutation.OpenSession();
          }
          case IN_SESSION -> decodeInSession(table, reader);
          default -> decodePlain(table, reader, kind, false);
        });
  }

  private static Mutation.InSession decodeInSession(CommandTable table, ByteReader reader) {
    long session = reader.getVarLong();
    long sequence = reader.getVarLong();
    long acknowledgedBelow = reader.getVarLong();
    Mutation.Plain mutation = decodePlain(table, reader, reader.getByte(), true);
    try {
      return new Mutation.InSession(session, sequence, acknowledgedBelow, mutation);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException(String.valueOf(e.getMessage()));
    }
  }

  private static Mutation.Plain decodePlain(
      CommandTable table, ByteReader reader, int kind, boolean withReads) {
    return switch (kind) {
      case COMMAND -> new Mutation.Single(decodeWrite(table, reader));
      case TRANSACTION -> decodeTransaction(table, reader, withReads);
      case TIME_PASSES -> {
        requireEnd(reader);
        yield new Mutation.TimePasses();
      }
      default -> throw new MalformedBytesException("unknown kind of entry " + kind);
    };
  }

  private static void requireEnd(ByteReader reader) {
    if (reader.remaining() != 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes after an entry without words");
    }
  }

  private static Mutation.Transaction decodeTransaction(
      CommandTable table, ByteReader reader, boolean withReads) {
    List<Condition> conditions = new ArrayList<>();
    for (int left = reader.getVarInt(); left > 0; left--) {
      conditions.add(new Condition(reader.getBlob(), reader.getVarLong(), Version.LATEST));
    }
    List<Prepared.Ready> commands = new ArrayList<>();
    for (int left = reader.getVarInt(); left > 0; left--) {
      commands.add(withReads ? decodeReadOrWrite(table, reader) : decodeWrite(table, reader));
    }
    return new Mutation.Transaction(commands, conditions);
  }

  private static Prepared.Write decodeWrite(CommandTable table, ByteReader reader) {
    if (decodeCommand(table, reader) instanceof Prepared.Write write) {
      return write;
    }
    throw cannotBeRun();
  }

  private static Prepared.Ready decodeReadOrWrite(CommandTable table, ByteReader reader) {
    return switch (decodeCommand(table, reader)) {
      case Prepared.Write write -> write;
      case Prepared.Read read -> read;
      case Prepared.Converse _, Prepared.Control _, Prepared.Refused _ -> throw cannotBeRun();
    };
  }

  private static MalformedBytesException cannotBeRun() {
    return new MalformedBytesException("the logged command cannot be run by this version");
  }

  private static Prepared decodeCommand(CommandTable table, ByteReader reader) {
    int count = reader.getVarInt();
    if (count < 1 || count > reader.remaining()) {
      throw new MalformedBytesException("a command of " + count + " words");
    }
    byte[][] words = new byte[count][];
    for (int i = 0; i < count; i++) {
      words[i] = reader.getBlob();
    }
    return table.prepare(words);
  }
}
