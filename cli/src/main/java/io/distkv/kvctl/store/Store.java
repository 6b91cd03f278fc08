package io.distkv.kvctl.store;

import io.distkv.kvctl.wire.NodeInfo;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one keyspace of a node. Everything that goes wrong ends the command with a {@link
 * io.distkv.kvctl.Failure}. Used by one thread.
 */
public interface Store extends AutoCloseable {
  /** The time to live of a key that never ends. */
  long NEVER = -1;

  /** The time to live of a key that is not there. */
  long ABSENT = -2;

  /** What must hold of a key that is put. */
  enum Condition {
    NONE,
    ABSENT,
    PRESENT
  }

  /**
   * How a key is put.
   *
   * @param ttl how long it lives; null for ever
   * @param keepTtl whether it keeps the life that it has
   * @param condition what must hold
   * @param previous whether the previous value is wanted
   */
  record PutWish(@Nullable Duration ttl, boolean keepTtl, Condition condition, boolean previous) {}

  /**
   * What came of a put.
   *
   * @param written whether the condition held
   * @param previous the value before, if it was wanted and there was one
   * @param version of the value now; 0 if it was not written or the protocol does not tell
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Put(boolean written, byte @Nullable [] previous, long version) {}

  /**
   * Which keys are listed, and how.
   *
   * @param limit how many at most
   * @param values whether their values are wanted
   * @param asOf the past that is meant; null for now
   */
  record ListWish(Selection selection, long limit, boolean values, @Nullable AsOf asOf) {}

  /** A key that was found, and its value if that was wanted. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Item(byte[] key, byte @Nullable [] value) {}

  /** Keys as they are found, batch by batch. */
  interface Listing extends AutoCloseable {
    /** The next keys, possibly none; null when there are no more. */
    @Nullable List<Item> next();

    @Override
    void close();
  }

  /** Deletes many keys. */
  interface Deletions extends AutoCloseable {
    /** Deletes a key, now or by and by. */
    void delete(byte[] key);

    /** Waits for all; how many keys were there. */
    long finish();

    @Override
    void close();
  }

  /** The value of a key; null if it is not there. */
  byte @Nullable [] get(byte[] key, @Nullable AsOf asOf);

  /** Sets a key. */
  Put put(byte[] key, byte[] value, PutWish wish);

  /** What deletes keys. */
  Deletions deleting();

  /** Lists keys. */
  Listing list(ListWish wish);

  /**
   * Adds to the number that a key holds.
   *
   * @param step what to add, in decimal
   * @param whole whether that is a whole number
   * @return the sum
   */
  String add(byte[] key, String step, boolean whole);

  /** Milliseconds that a key has to live, {@link #NEVER} or {@link #ABSENT}. */
  long ttlMillis(byte[] key);

  /** Sets how long a key has to live from now on, null for ever; false if it is not there. */
  boolean expire(byte[] key, @Nullable Duration in);

  /** What the node tells of itself. */
  NodeInfo info(String section);

  @Override
  void close();
}
