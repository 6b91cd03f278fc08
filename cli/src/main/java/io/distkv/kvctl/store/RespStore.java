package io.distkv.kvctl.store;

import io.distkv.kvctl.ExitCode;
import io.distkv.kvctl.Failure;
import io.distkv.kvctl.text.Bytes;
import io.distkv.kvctl.wire.ConnectionException;
import io.distkv.kvctl.wire.KeyScan;
import io.distkv.kvctl.wire.NodeInfo;
import io.distkv.kvctl.wire.Pipeline;
import io.distkv.kvctl.wire.ServerError;
import io.distkv.kvctl.wire.Target;
import io.distkv.kvctl.wire.Verb;
import io.distkv.kvctl.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A keyspace over RESP: of a node, or of another server that speaks it. */
public final class RespStore implements Store {
  private static final int BATCH = 1000;
  private static final Pipeline.Window WINDOW = Pipeline.Window.bulk(1000, 4 << 20);

  private final Wire wire;

  private RespStore(Wire wire) {
    this.wire = wire;
  }

  /** Connects. */
  public static RespStore open(Target target) throws ConnectionException {
    return new RespStore(Wire.open(target));
  }

  @Override
  public byte @Nullable [] get(byte[] key, @Nullable AsOf asOf) {
    requireNow(asOf);
    return wire.call("get '" + Bytes.escape(key) + "'", Verb.GET, key) instanceof byte[] value
        ? value
        : null;
  }

  private static void requireNow(@Nullable AsOf asOf) {
    if (asOf != null) {
      throw Failure.usage("--as-of needs a node's gRPC address, without resp:// before it");
    }
  }

  /**
   * With GET the reply is the previous value, and so it depends on the condition whether the value
   * was written; else it is OK, or null for a condition that did not hold.
   */
  @Override
  public Put put(byte[] key, byte[] value, PutWish wish) {
    List<byte[]> arguments = new ArrayList<>(List.of(key, value));
    if (wish.ttl() != null) {
      arguments.add(ascii("PX"));
      arguments.add(ascii(Long.toString(wish.ttl().toMillis())));
    } else if (wish.keepTtl()) {
      arguments.add(ascii("KEEPTTL"));
    }
    if (wish.condition() != Condition.NONE) {
      arguments.add(ascii(wish.condition() == Condition.ABSENT ? "NX" : "XX"));
    }
    if (wish.previous()) {
      arguments.add(ascii("GET"));
    }
    Object reply =
        wire.call("put '" + Bytes.escape(key) + "'", Verb.SET, arguments.toArray(new byte[0][]));
    if (!wish.previous()) {
      return new Put(reply != null, null, 0);
    }
    byte[] previous = reply instanceof byte[] bytes ? bytes : null;
    boolean written =
        switch (wish.condition()) {
          case NONE -> true;
          case ABSENT -> previous == null;
          case PRESENT -> previous != null;
        };
    return new Put(written, previous, 0);
  }

  @Override
  public Deletions deleting() {
    AtomicLong deleted = new AtomicLong();
    try {
      Pipeline<byte[]> pipeline =
          new Pipeline<>(
              Wire.open(wire.target()), WINDOW, (_, reply) -> deleted.addAndGet(deletedBy(reply)));
      return new RespDeletions(pipeline, deleted);
    } catch (ConnectionException e) {
      throw Wire.asFailure(e);
    }
  }

  private static long deletedBy(@Nullable Object reply) {
    if (reply instanceof ServerError error) {
      throw error.failure("delete");
    }
    return reply instanceof Long count ? count : 0;
  }

  private record RespDeletions(Pipeline<byte[]> pipeline, AtomicLong deleted) implements Deletions {
    @Override
    public void delete(byte[] key) {
      try {
        pipeline.submit(key, key.length, Verb.DEL, key);
      } catch (ConnectionException e) {
        throw Wire.asFailure(e);
      }
    }

    @Override
    public long finish() {
      try {
        pipeline.drain();
      } catch (ConnectionException e) {
        throw Wire.asFailure(e);
      }
      return deleted.get();
    }

    @Override
    public void close() {
      pipeline.close();
    }
  }

  @Override
  public Listing list(ListWish wish) {
    requireNow(wish.asOf());
    KeyScan scan = new KeyScan(wire, wish.selection().glob(), Math.clamp(wish.limit(), 10, BATCH));
    return new RespListing(wire, scan, wish);
  }

  private static final class RespListing implements Listing {
    private final Wire wire;
    private final KeyScan scan;
    private final boolean values;
    private long left;

    RespListing(Wire wire, KeyScan scan, ListWish wish) {
      this.wire = wire;
      this.scan = scan;
      this.values = wish.values();
      this.left = wish.limit();
    }

    @Override
    public @Nullable List<Item> next() {
      List<byte[]> keys = left <= 0 ? null : scan.next();
      if (keys == null) {
        return null;
      }
      List<Item> items = new ArrayList<>();
      for (byte[] key : keys.subList(0, (int) Math.min(keys.size(), left))) {
        byte[] value = values ? value(key) : null;
        if (!values || value != null) {
          items.add(new Item(key, value));
        }
      }
      left -= items.size();
      return items;
    }

    /** One value at a time: a batch of the largest values would not fit into memory. */
    private byte @Nullable [] value(byte[] key) {
      Object reply = wire.tryCall(Verb.GET, key);
      if (reply instanceof ServerError error) {
        throw error.failure("get '" + Bytes.escape(key) + "'");
      }
      return reply instanceof byte[] value ? value : null;
    }

    @Override
    public void close() {}
  }

  @Override
  public String add(byte[] key, String step, boolean whole) {
    Object reply =
        wire.call(
            "incr '" + Bytes.escape(key) + "'",
            whole ? Verb.INCRBY : Verb.INCRBYFLOAT,
            key,
            ascii(step));
    return reply instanceof byte[] number
        ? new String(number, StandardCharsets.US_ASCII)
        : String.valueOf(reply);
  }

  @Override
  public long ttlMillis(byte[] key) {
    return wire.number("ttl '" + Bytes.escape(key) + "'", Verb.PTTL, key);
  }

  @Override
  public boolean expire(byte[] key, @Nullable Duration in) {
    String what = "expire '" + Bytes.escape(key) + "'";
    if (in == null) {
      // PERSIST answers 0 both for a key that is absent and for one that never expires anyway.
      return wire.number(what, Verb.PERSIST, key) == 1 || ttlMillis(key) != ABSENT;
    }
    return wire.number(what, Verb.PEXPIRE, key, ascii(Long.toString(in.toMillis()))) == 1;
  }

  @Override
  public NodeInfo info(String section) {
    NodeInfo info = NodeInfo.ask(wire, section);
    if (info == null) {
      throw new Failure(ExitCode.SERVER, "status: the node refuses INFO");
    }
    return info;
  }

  @Override
  public void close() {
    wire.close();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
