package io.distkv.contract;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of a node, in no protocol's words. */
sealed interface Operation {

  /** An operation on one key, which may stand in a batch. */
  sealed interface Single extends Operation {
    ByteString key();
  }

  /**
   * Reads a key.
   *
   * @param condition only within a batch
   * @param asOf the version; null for now
   */
  record Get(ByteString key, Condition condition, @Nullable Long asOf) implements Single {}

  /** Sets a key. */
  record Put(
      ByteString key, ByteString value, Condition condition, Life life, boolean returnPrevious)
      implements Single {}

  /** Removes a key. */
  record Delete(ByteString key, Condition condition, boolean returnPrevious) implements Single {}

  /**
   * Adds to a number.
   *
   * @param ttlMillis of a key that was absent; null for ever
   */
  record Increment(ByteString key, long by, long initial, @Nullable Long ttlMillis)
      implements Single {}

  /** Several operations as one. */
  record Batch(List<Single> operations) implements Operation {
    boolean onlyReads() {
      return operations.stream()
          .allMatch(each -> each instanceof Get get && get.condition().equals(Condition.NONE));
    }
  }

  /**
   * Lists a range.
   *
   * @param limit how many keys at most; null for all
   * @param page how many keys each page has, all of which are asked for; null for what the door
   *     does by itself
   */
  record Scan(
      @Nullable ByteString prefix,
      @Nullable ByteString from,
      @Nullable ByteString to,
      boolean reverse,
      @Nullable Long limit,
      @Nullable Long page,
      boolean keysOnly,
      @Nullable Long asOf)
      implements Operation {

    /** The same range behind its last key so far. */
    Scan behind(ByteString last) {
      return reverse
          ? new Scan(prefix, from, last, true, limit, page, keysOnly, asOf)
          : new Scan(
              prefix,
              last.concat(ByteString.copyFrom(new byte[1])),
              to,
              false,
              limit,
              page,
              keysOnly,
              asOf);
    }
  }

  /**
   * Watches until everything up to a version was told.
   *
   * @param key to be watched alone; null for those with the prefix
   * @param prefix null for the whole keyspace
   * @param after the version behind which it begins
   */
  record Watch(@Nullable ByteString key, @Nullable ByteString prefix, long after, long until)
      implements Operation {}

  /** What is done with keyspaces themselves. */
  sealed interface OfKeyspaces extends Operation {}

  /**
   * Creates a keyspace.
   *
   * @param settings durability, interval, history, compression, max-bytes; the times in
   *     milliseconds
   */
  record CreateKeyspace(String name, @Nullable Integer partitions, Map<String, String> settings)
      implements OfKeyspaces {}

  /** Changes a keyspace. */
  record AlterKeyspace(String name, Map<String, String> settings) implements OfKeyspaces {}

  /** Deletes a keyspace. */
  record DropKeyspace(String name, String nameAgain) implements OfKeyspaces {}

  /** Tells what a keyspace is like. */
  record DescribeKeyspace(String name) implements OfKeyspaces {}

  /** Tells whether a keyspace is among those that are listed. */
  record FindKeyspace(String name) implements OfKeyspaces {}

  /**
   * What must hold of a key.
   *
   * @param version only of {@link Kind#VERSION}
   */
  record Condition(Kind kind, long version) {
    static final Condition NONE = new Condition(Kind.NONE, 0);
    static final Condition ABSENT = new Condition(Kind.ABSENT, 0);
    static final Condition PRESENT = new Condition(Kind.PRESENT, 0);

    enum Kind {
      NONE,
      ABSENT,
      PRESENT,
      VERSION
    }
  }

  /**
   * How long a value lives.
   *
   * @param millis of {@link Term#TTL} from the write on, of {@link Term#UNTIL} since 1970
   */
  record Life(Term term, long millis) {
    static final Life FOR_EVER = new Life(Term.FOR_EVER, 0);
    static final Life KEEP = new Life(Term.KEEP, 0);

    enum Term {
      FOR_EVER,
      TTL,
      UNTIL,
      KEEP
    }
  }
}
