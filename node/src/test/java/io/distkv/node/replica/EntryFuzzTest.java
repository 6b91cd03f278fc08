package io.distkv.node.replica;

import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes a log entry has: a mutation comes of it or {@link MalformedBytesException}. */
class EntryFuzzTest {
  private static final CommandTable TABLE = CommandTable.standard();

  private static void decode(byte[] bytes) {
    try {
      EntryFormat.decode(TABLE, bytes, 0, bytes.length);
    } catch (MalformedBytesException expected) {
      // What a start turns into a refusal that names the replica.
    }
  }

  private static List<byte[]> valid() {
    List<Prepared.Ready> writes = new ArrayList<>();
    for (String command :
        List.of(
            "SET k v EX 10", "DEL k", "APPEND k x", "MSET a 1 b 2", "SETBIT k 7 1", "FLUSHDB")) {
      byte[][] words =
          Arrays.stream(command.split(" ", -1))
              .map(word -> word.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new);
      if (TABLE.prepare(words) instanceof Prepared.Write write) {
        writes.add(write);
      }
    }
    List<byte[]> entries = new ArrayList<>();
    for (Prepared.Ready write : writes) {
      ByteWriter writer = new ByteWriter(64);
      EntryFormat.encode(writer, 1, new Mutation.Single((Prepared.Write) write));
      entries.add(writer.toByteArray());
    }
    ByteWriter writer = new ByteWriter(64);
    Condition condition = new Condition(new byte[] {1, 2}, 5, 6);
    EntryFormat.encode(writer, 1, new Mutation.Transaction(writes, List.of(condition)));
    entries.add(writer.toByteArray());
    ByteWriter time = new ByteWriter(16);
    EntryFormat.encode(time, 1, new Mutation.TimePasses());
    entries.add(time.toByteArray());
    entries.add(EntryFormat.encode(1, new Mutation.OpenSession()));
    Mutation.Plain transaction = new Mutation.Transaction(writes, List.of(condition));
    entries.add(EntryFormat.encode(1, new Mutation.InSession(300, 7, 5, transaction)));
    return entries;
  }

  @Test
  void randomAndMutatedEntriesAreDecoded() {
    List<byte[]> valid = valid();
    for (long seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = valid.get(random.nextInt(valid.size())).clone();
      if (random.nextInt(5) == 0) {
        bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
      }
      for (int i = random.nextInt(5); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 8);
      }
      bytes = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(80) : bytes.length);
      try {
        decode(bytes);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
