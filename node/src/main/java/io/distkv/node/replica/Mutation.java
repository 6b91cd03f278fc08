package io.distkv.node.replica;

import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.command.Store;
import java.util.List;

/**
 * What one entry of a replica's log does: a command, or a transaction of several under one version,
 * or nothing but to let time pass. Deterministic: run on an equal state with an equal stamp it
 * leaves an equal state.
 */
public sealed interface Mutation {

  /** Applies it, giving the answer for the client. */
  Reply run(Store store);

  /** Whether it may make the data grow, and so is refused when the disk is nearly full. */
  boolean grows();

  /** Reads all that it will read, so that applying it finds that in memory. */
  void readAhead(KeyReader reader);

  /** Whether memory shows already that a condition does not hold, so that it need not be logged. */
  boolean refutedBy(MemoryView memory);

  /** Bytes of all its words: what it weighs in a queue. */
  long sizeBytes();

  /** Reads one key, for what comes of reading it. */
  @FunctionalInterface
  interface KeyReader {
    void read(byte[] key);
  }

  /** A single write. */
  record Single(Prepared.Write command) implements Mutation {
    @Override
    public Reply run(Store store) {
      return command.run(store);
    }

    @Override
    public boolean grows() {
      return command.spec().is(Flag.DENYOOM);
    }

    @Override
    public void readAhead(KeyReader reader) {
      Mutation.readAhead(command, reader);
    }

    @Override
    public boolean refutedBy(MemoryView memory) {
      return false;
    }

    @Override
    public long sizeBytes() {
      return Mutation.sizeBytes(command);
    }
  }

  /**
   * Reads and writes that take effect together, or not at all if a condition fails: then the answer
   * is the null list, else the list of the commands' answers. Only the writes are logged.
   */
  record Transaction(List<Prepared.Ready> commands, List<Condition> conditions)
      implements Mutation {
    public Transaction {
      commands = List.copyOf(commands);
      conditions = List.copyOf(conditions);
    }

    @Override
    public Reply run(Store store) {
      for (Condition condition : conditions) {
        if (!condition.holds(store)) {
          return Reply.NULL_ARRAY;
        }
      }
      ReplyList replies = new ReplyList(commands.size());
      for (Prepared.Ready command : commands) {
        replies.add(
            switch (command) {
              case Prepared.Read read -> read.run(store);
              case Prepared.Write write -> write.run(store);
              case Prepared.Converse _, Prepared.Control _ ->
                  throw new IllegalStateException(command.spec().name() + " reached a replica");
            });
      }
      return replies.reply();
    }

    /** Whether it reads an amount of data that nothing bounds: more than a lane may. */
    boolean readsWithoutBound() {
      return commands.stream()
          .anyMatch(
              command -> command instanceof Prepared.Read && command.spec().is(Flag.UNBOUNDED));
    }

    /** The same without the reads, whose answers nobody wants. */
    Transaction writesOnly() {
      return new Transaction(
          commands.stream().filter(Prepared.Write.class::isInstance).toList(), conditions);
    }

    @Override
    public boolean grows() {
      return commands.stream().anyMatch(command -> command.spec().is(Flag.DENYOOM));
    }

    @Override
    public void readAhead(KeyReader reader) {
      conditions.forEach(condition -> reader.read(condition.key()));
      commands.forEach(command -> Mutation.readAhead(command, reader));
    }

    @Override
    public boolean refutedBy(MemoryView memory) {
      return conditions.stream()
          .anyMatch(condition -> memory.newestVersion(condition.key()) > condition.asOf());
    }

    @Override
    public long sizeBytes() {
      long size = 0;
      for (Prepared.Ready command : commands) {
        size += Mutation.sizeBytes(command);
      }
      for (Condition condition : conditions) {
        size += condition.key().length;
      }
      return size;
    }
  }

  /** Nothing is written: the entry brings the time of its stamp, for which upkeep waits. */
  record TimePasses() implements Mutation {
    @Override
    public Reply run(Store store) {
      return Reply.OK;
    }

    @Override
    public boolean grows() {
      return false;
    }

    @Override
    public void readAhead(KeyReader reader) {}

    @Override
    public boolean refutedBy(MemoryView memory) {
      return false;
    }

    @Override
    public long sizeBytes() {
      return 0;
    }
  }

  private static void readAhead(Prepared.Ready command, KeyReader reader) {
    if (command instanceof Prepared.Write write && !write.readsKeys()) {
      return;
    }
    int keys = command.keyCount();
    for (int i = 0; i < keys; i++) {
      reader.read(command.key(i));
    }
  }

  private static long sizeBytes(Prepared.Ready command) {
    long size = 0;
    for (byte[] word : command.arguments().words()) {
      size += word.length;
    }
    return size;
  }
}
