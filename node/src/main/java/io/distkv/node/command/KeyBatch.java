package io.distkv.node.command;

import io.distkv.base.Limits;
import io.distkv.node.command.Expiry.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of several keys that take effect together or, where one of them fails, not at
 * all. Each sees what those before it have done, conditions included. Unlike MULTI, which goes on
 * behind a command that failed.
 *
 * <p>Every operation is five words, so that the keys stand at regular places: what to do, the key,
 * a value, a condition, a life.
 */
final class KeyBatch implements Prepared.Writing {
  static final int WORDS = 5;

  private static final String NOTHING = "-";

  private final List<Prepared.Writing> operations;

  private KeyBatch(List<Prepared.Writing> operations) {
    this.operations = operations;
  }

  /** The operations that words describe, from the second word on. */
  static KeyBatch parse(Arguments args) {
    int words = args.size() - 1;
    if (words % WORDS != 0) {
      throw CommandException.invalid("a batch has five words for each operation");
    }
    args.keys(2, WORDS);
    List<Prepared.Writing> operations = new ArrayList<>(words / WORDS);
    for (int at = 1; at < args.size(); at += WORDS) {
      operations.add(operation(args, at));
    }
    return new KeyBatch(operations);
  }

  private static Prepared.Writing operation(Arguments args, int at) {
    byte[] key = args.key(at + 1);
    VersionCondition condition = condition(args, at + 3);
    if (args.is(at, "PUT")) {
      byte[] value = args.value(at + 2);
      boolean keep = args.is(at + 4, "KEEP");
      return new KeyWrite.Put(
          key, value, condition, keep ? null : expiry(args, at + 4), keep, false);
    }
    if (args.is(at, "INCR")) {
      requireNothing(condition.kind() == VersionCondition.Kind.NONE, "INCR", "condition");
      return new KeyWrite.Increment(key, args.integer(at + 2), 0, expiry(args, at + 4));
    }
    boolean delete = args.is(at, "DELETE");
    if (!delete && !args.is(at, "GET")) {
      throw CommandException.invalid("an operation of a batch is GET, PUT, DELETE or INCR");
    }
    String name = delete ? "DELETE" : "GET";
    requireNothing(args.bytes(at + 2).length == 0, name, "value");
    requireNothing(isNothing(args, at + 4), name, "life");
    if (delete) {
      return new KeyWrite.Delete(key, condition, false);
    }
    return store -> {
      Value value = store.get(key);
      condition.check(value);
      return VersionedValues.reply(value, store);
    };
  }

  private static void requireNothing(boolean nothing, String operation, String what) {
    if (!nothing) {
      throw CommandException.invalid(operation + " in a batch has no " + what);
    }
  }

  private static boolean isNothing(Arguments args, int index) {
    return args.is(index, NOTHING);
  }

  private static VersionCondition condition(Arguments args, int index) {
    if (isNothing(args, index)) {
      return VersionCondition.NONE;
    }
    if (args.is(index, "ABSENT")) {
      return VersionCondition.ABSENT;
    }
    return args.is(index, "PRESENT")
        ? VersionCondition.PRESENT
        : VersionCondition.version(args, index);
  }

  private static @Nullable Expiry expiry(Arguments args, int index) {
    return isNothing(args, index)
        ? null
        : VersionedCommands.expiry(Unit.PX, args, index, "kv.batch");
  }

  @Override
  public Reply run(Store store) {
    Draft draft = new Draft(store);
    List<Reply> replies = new ArrayList<>(operations.size());
    for (int i = 0; i < operations.size(); i++) {
      try {
        replies.add(operations.get(i).run(draft));
      } catch (CommandException e) {
        throw new CommandException(Errors.within("operation " + (i + 1) + " of the batch", e));
      }
      draft.checkReplies(replies.getLast());
    }
    draft.carryOut();
    return new Reply.Array(replies);
  }

  /** What the operations so far have done, of which the store knows nothing yet. */
  private static final class Draft implements Store {
    private final Store store;
    private final Map<byte[], @Nullable Value> written = new TreeMap<>(Arrays::compareUnsigned);
    private long replyBytes;

    Draft(Store store) {
      this.store = store;
    }

    void checkReplies(Reply latest) {
      if (latest instanceof Reply.Array(List<Reply> parts)
          && parts.getFirst() instanceof Reply.Bulk value) {
        replyBytes += value.length();
      }
      if (replyBytes > Limits.MAX_BATCH_BYTES) {
        throw new CommandException(Errors.replyTooLarge());
      }
    }

    void carryOut() {
      written.forEach((key, value) -> {
        if (value == null) {
          store.delete(key);
        } else {
          store.put(key, value.array(), value.expiresAtMillis());
        }
      });
    }

    @Override
    public @Nullable Value get(byte[] key) {
      return written.containsKey(key) ? written.get(key) : store.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value, long expiresAtMillis) {
      written.put(key, new Value(value, 0, value.length, version(), expiresAtMillis));
    }

    @Override
    public void delete(byte[] key) {
      written.put(key, null);
    }

    @Override
    public void clear() {
      throw new IllegalStateException("no operation of a batch clears");
    }

    @Override
    public long version() {
      return store.version();
    }

    @Override
    public int keyspace() {
      return store.keyspace();
    }

    @Override
    public long nowMillis() {
      return store.nowMillis();
    }

    @Override
    public int partitions() {
      return store.partitions();
    }

    @Override
    public KeyCursor keys(int partition) {
      throw new IllegalStateException("no operation of a batch walks the keys");
    }

    @Override
    public long count() {
      throw new IllegalStateException("no operation of a batch counts");
    }

    @Override
    public long seed() {
      return store.seed();
    }
  }
}
