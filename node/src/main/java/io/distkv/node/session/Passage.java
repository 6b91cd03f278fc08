package io.distkv.node.session;

import io.distkv.node.command.CommandSpec;
import io.distkv.node.command.Prepared;
import io.distkv.node.replica.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way that one request took through the node, told once its reply leaves. Its parts follow each
 * other without a gap from the request's arrival to its reply. Times are those of the node's
 * monotonic clock.
 *
 * @param command null if it was refused for its words
 * @param requestBytes of its words
 * @param replica the last of those that it reached; null if it reached none
 * @param client who asked
 * @param failed whether the reply is an error
 * @param parts in order; none for a request that was answered where it arrived
 */
public record Passage(
    Prepared.@Nullable Ready command,
    long requestBytes,
    @Nullable ReplicaIdentity replica,
    Client client,
    boolean failed,
    List<Part> parts,
    long beginNanos,
    long endNanos) {

  /**
   * Who asked.
   *
   * @param address {@code host:port}; empty if it is not known
   * @param name that it gave itself; empty if it did not
   */
  public record Client(String address, String name) {}

  /** One part of the way, and when it began and ended. */
  public record Part(Stage stage, long beginNanos, long endNanos) {

    /** How long it took. */
    public long nanos() {
      return endNanos - beginNanos;
    }
  }

  /** What a part of the way is spent on. */
  public enum Stage {
    /** From the session's lane to that of the replica. */
    ROUTE,
    /**
     * A write waits for those before it, for its keys to be brought into memory and for the state
     * to keep up; at its end it has a place in the log.
     */
    ADMIT,
    /** The journal is written, and synced where the keyspace asks for it; other voters agree. */
    JOURNAL,
    /** The state is changed. */
    APPLY,
    /** A read waits for writes before it, and for the group's word that what it will see is new. */
    AWAIT,
    /** A read that memory cannot answer waits for a worker. */
    QUEUE,
    /** The read itself. */
    READ,
    /** Answers of several partitions are awaited, and put together. */
    GATHER,
    /** From the replica's lane to that of the session. */
    RETURN,
    /** There was no answer within the deadline: it may be anywhere on its way. */
    UNANSWERED,
    /** The work of a command that concerns the node or the connection. */
    RUN,
    /** The reply waits for those of earlier requests of its connection. */
    LINE
  }

  public Passage {
    parts = List.copyOf(parts);
  }

  /** How long it took. */
  public long nanos() {
    return endNanos - beginNanos;
  }

  /** What is known of the command; null if it was refused for its words. */
  public @Nullable CommandSpec spec() {
    return command == null ? null : command.spec();
  }

  /** How many keys it names. */
  public int keys() {
    return command == null ? 0 : command.keyCount();
  }

  /** The first of its keys, not to be changed; null if it names none. */
  public byte @Nullable [] firstKey() {
    return command == null || keys() == 0 ? null : command.key(0);
  }

  /** Puts the parts of a way together. */
  static final class Parts {
    private final List<Part> parts = new ArrayList<>(6);
    private long atNanos;

    Parts(long beginNanos) {
      atNanos = beginNanos;
    }

    /**
     * Adds a part that ends then; none if that is unknown (0), or not after the end of the last.
     */
    Parts upTo(long nanos, Stage stage) {
      if (nanos - atNanos > 0 && nanos != 0) {
        parts.add(new Part(stage, atNanos, nanos));
        atNanos = nanos;
      }
      return this;
    }

    List<Part> all() {
      return parts;
    }
  }
}
