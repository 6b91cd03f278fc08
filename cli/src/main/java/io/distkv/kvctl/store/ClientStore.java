package io.distkv.kvctl.store;

import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.Key;
import io.distkv.client.Keyspace;
import io.distkv.client.PutOptions;
import io.distkv.client.Scan;
import io.distkv.client.Value;
import io.distkv.client.VersionMismatchException;
import io.distkv.client.Written;
import io.distkv.client.codec.Codecs;
import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.NodeInfo;
import io.distkv.kvctl.wire.Target;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A keyspace over gRPC, by the Java client, which belongs to the caller. */
public final class ClientStore implements Store {
  /** How often a write that hangs on what was read is tried before it is given up. */
  private static final int MOST_CHANGES = 100;

  /** The largest exponent of a decimal, as in the numbers of 80 bits that Redis counts with. */
  private static final int MOST_DIGITS = 4_932;

  private final DistKv client;
  private final Target target;
  private final Keyspace<byte[], byte[]> keyspace;

  /** The keyspace that the target names; its name, not its number. */
  public ClientStore(DistKv client, Target target) {
    this.client = client;
    this.target = target;
    this.keyspace = client.keyspace(target.keyspace(), Codecs.bytes(), Codecs.bytes());
  }

  private <T> T call(String what, byte[] key, Supplier<T> call) {
    try {
      return call.get();
    } catch (DistKvException e) {
      throw ClientFailures.failure(what + " '" + Bytes.escape(key) + "'", target, e);
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key, @Nullable AsOf asOf) {
    return call(
            "get",
            key,
            () -> asOf == null ? keyspace.get(key) : keyspace.get(key, get -> asOf.of(get)))
        .map(Value::value)
        .orElse(null);
  }

  @Override
  public Put put(byte[] key, byte[] value, PutWish wish) {
    Optional<Written<byte[]>> written =
        call(
            "put",
            key,
            () -> {
              try {
                return Optional.of(keyspace.put(key, value, options -> options(options, wish)));
              } catch (VersionMismatchException e) {
                return Optional.empty();
              }
            });
    if (written.isEmpty()) {
      // What it has instead is read afterwards: the refusal does not bring it along.
      byte[] there =
          wish.previous() && wish.condition() == Condition.ABSENT ? get(key, null) : null;
      return new Put(false, there, 0);
    }
    return new Put(
        true, written.get().previous().map(Value::value).orElse(null), written.get().version());
  }

  private static PutOptions options(PutOptions options, PutWish wish) {
    PutOptions conditional =
        switch (wish.condition()) {
          case NONE -> options;
          case ABSENT -> options.ifAbsent();
          case PRESENT -> options.ifPresent();
        };
    Duration ttl = wish.ttl();
    PutOptions living =
        ttl == null ? wish.keepTtl() ? conditional.keepTtl() : conditional : conditional.ttl(ttl);
    return wish.previous() ? living.returnPrevious() : living;
  }

  @Override
  public Deletions deleting() {
    return new ClientDeletions(keyspace.async(), target);
  }

  @Override
  public Listing list(ListWish wish) {
    return ClientListing.of(keyspace, wish, target);
  }

  @Override
  public String add(byte[] key, String step, boolean whole) {
    if (whole) {
      long by;
      try {
        by = Long.parseLong(step);
      } catch (NumberFormatException e) {
        throw Failure.usage("--by is " + step + ", which is no whole number of 64 bits");
      }
      return Long.toString(call("incr", key, () -> keyspace.increment(key, by)).value());
    }
    BigDecimal by = bounded(step);
    if (by == null) {
      throw Failure.usage("--by is " + step + ", which is out of range");
    }
    return changed("incr", key, found -> sum(key, found, by))
        .map(value -> new String(value, StandardCharsets.US_ASCII))
        .orElseThrow();
  }

  private static Change sum(byte[] key, Optional<Value<byte[]>> found, BigDecimal by) {
    BigDecimal before =
        found
            .map(value -> bounded(new String(value.value(), StandardCharsets.ISO_8859_1)))
            .orElse(found.isEmpty() ? BigDecimal.ZERO : null);
    if (before == null) {
      throw new Failure(
          ExitCode.SERVER,
          "incr '" + Bytes.escape(key) + "': its value is not a valid float, or out of range");
    }
    BigDecimal sum = before.add(by);
    String text = sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString();
    return new Change(text.getBytes(StandardCharsets.US_ASCII), PutOptions::keepTtl);
  }

  /** A decimal number; null where it is none, or one whose digits would fill pages. */
  private static @Nullable BigDecimal bounded(String text) {
    try {
      if (text.length() > MOST_DIGITS) {
        return null;
      }
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > MOST_DIGITS ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What a key is to have instead of what it has. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Change(byte[] value, Function<PutOptions, PutOptions> life) {}

  /**
   * Changes a key from what was read of it, and again if somebody else was faster.
   *
   * @param change of what it has; null to leave it as it is
   * @return its value then; empty if it was left
   */
  private Optional<byte[]> changed(
      String what, byte[] key, Function<Optional<Value<byte[]>>, @Nullable Change> change) {
    for (int i = 0; i < MOST_CHANGES; i++) {
      Optional<Value<byte[]>> found = call(what, key, () -> keyspace.get(key));
      Change wanted = change.apply(found);
      if (wanted == null) {
        return Optional.empty();
      }
      boolean done =
          call(
              what,
              key,
              () -> {
                try {
                  var _ =
                      keyspace.put(
                          key,
                          wanted.value(),
                          put ->
                              wanted
                                  .life()
                                  .apply(
                                      found.isPresent()
                                          ? put.ifVersion(found.get().version())
                                          : put.ifAbsent()));
                  return true;
                } catch (VersionMismatchException e) {
                  return false;
                }
              });
      if (done) {
        return Optional.of(wanted.value());
      }
    }
    throw new Failure(
        ExitCode.SERVER,
        "%s '%s': given up after %d times that others changed it first; try again"
            .formatted(what, Bytes.escape(key), MOST_CHANGES));
  }

  @Override
  public long ttlMillis(byte[] key) {
    // The first key of those that begin so is it, if it is there; and its value stays where it is.
    return call(
        "ttl",
        key,
        () -> {
          try (Scan<Key<byte[]>> scan = keyspace.scanKeys(range -> range.prefix(key).limit(1))) {
            if (!scan.hasNext()) {
              return ABSENT;
            }
            Key<byte[]> first = scan.next();
            return Arrays.equals(first.key(), key)
                ? first.lifeLeft().map(Duration::toMillis).orElse(NEVER)
                : ABSENT;
          }
        });
  }

  @Override
  public boolean expire(byte[] key, @Nullable Duration in) {
    long before = ttlMillis(key);
    if (before == ABSENT || (in == null && before == NEVER)) {
      return before != ABSENT;
    }
    return changed(
            "expire",
            key,
            found ->
                found
                    .map(value -> new Change(value.value(), put -> in == null ? put : put.ttl(in)))
                    .orElse(null))
        .isPresent();
  }

  @Override
  public NodeInfo info(String section) {
    try {
      return new NodeInfo(client.information(section).sections());
    } catch (DistKvException e) {
      throw ClientFailures.failure("status", target, e);
    }
  }

  /** The client stays open: it belongs to who made it. */
  @Override
  public void close() {}
}
