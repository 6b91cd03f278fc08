package io.distkv.node.replica;

import io.distkv.base.ErrorCode;
import io.distkv.node.command.Errors;
import io.distkv.node.command.Flag;
import io.distkv.node.command.Prepared;
import io.distkv.node.command.Reply;
import io.distkv.node.command.Store;
import io.distkv.raft.session.ClientSessions;
import java.util.List;

/**
 * What one entry of a replica's log does: a command, or a transaction of several under one version,
 * or nothing but to let time pass; or one of these within a client session, so that it is applied
 * once however often it comes; or it opens such a session. Deterministic: applied to an equal state
 * with an equal stamp it leaves an equal state.
 */
public sealed interface Mutation {

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

  /** What changes the tree alone, and a session may bring. */
  sealed interface Plain extends Mutation {

    /** Applies it, giving the answer for the client. */
    Reply run(Store store);
  }

  /** A single write. */
  record Single(Prepared.Write command) implements Plain {
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
   * is the null list, else the list of the commands' answers. Only the writes are logged, but
   * within a session the reads too, since every replica must know the answer.
   */
  record Transaction(List<Prepared.Ready> commands, List<Condition> conditions) implements Plain {
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
  record TimePasses() implements Plain {
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

  /**
   * Opens a client session with the replica: answers its id, an integer. It ends when it was not
   * used for an hour of the log's time, or when there are too many; see {@link ClientSessions}.
   */
  record OpenSession() implements Mutation {
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

  /**
   * A mutation that its client may send again, to whichever replica of the partition leads: it is
   * applied once, and answers each time what it answered then. A {@link TimePasses} within a
   * session does nothing but keep it open.
   *
   * <p>A condition is judged only where the mutation is applied, never by what the leader's memory
   * shows: a repeat must be answered as at first, though its condition may not hold any more.
   *
   * @param session id, from {@link OpenSession}
   * @param sequence number of the mutation, at least 0; no other of the session has the same
   * @param acknowledgedBelow the client has the answers of all numbers below, and will not send
   *     them again; at most {@code sequence}
   */
  record InSession(long session, long sequence, long acknowledgedBelow, Plain mutation)
      implements Mutation {
    /** The answer of a mutation whose session is not open: it never was, or it has ended. */
    public static final Reply.Failure NOT_OPEN =
        Errors.of(
            ErrorCode.NOT_FOUND,
            "the client session is not open; nothing was done now, but an earlier try may have been"
                + " applied before the session ended");

    /** The answer of a mutation that was applied, where its own is not kept, or not any more. */
    public static final Reply.Failure ANSWER_NOT_KEPT =
        Errors.of(
            ErrorCode.NOT_FOUND, "an earlier try of the write was applied; its answer is not kept");

    /** The answer of a mutation whose number is too far above those that are acknowledged. */
    public static final Reply.Failure TOO_FAR_AHEAD =
        Errors.of(
            ErrorCode.OVERLOADED,
            "too many writes of the client session are not acknowledged; nothing was done; try"
                + " again when more are");

    /**
     * @throws IllegalArgumentException if a number is out of range, or if the mutation reads an
     *     amount of data that nothing bounds, which would have to be done wherever it is applied
     */
    public InSession {
      if (session < 1 || acknowledgedBelow < 0 || acknowledgedBelow > sequence) {
        throw new IllegalArgumentException(
            "write %d of session %d, acknowledged below %d"
                .formatted(sequence, session, acknowledgedBelow));
      }
      if (mutation instanceof Transaction transaction && transaction.readsWithoutBound()) {
        throw new IllegalArgumentException("a write of a session reads without bound");
      }
    }

    @Override
    public boolean grows() {
      return mutation.grows();
    }

    @Override
    public void readAhead(KeyReader reader) {
      mutation.readAhead(reader);
    }

    @Override
    public boolean refutedBy(MemoryView memory) {
      return false;
    }

    @Override
    public long sizeBytes() {
      return mutation.sizeBytes();
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
