package io.distkv.kvctl.store;

import io.distkv.client.DistKvException;
import io.distkv.client.Keyspace;
import io.distkv.client.Scan;
import io.distkv.client.ScanOptions;
import io.distkv.kvctl.text.Glob;
import io.distkv.kvctl.wire.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists keys in the order of their bytes. The node is asked for those that begin as the glob does;
 * the rest of the glob is held against them here.
 */
final class ClientListing<T> implements Store.Listing {
  private static final int BATCH_KEYS = 1_000;
  private static final long BATCH_BYTES = 1 << 20;

  private final Scan<T> scan;
  private final Function<T, Store.Item> item;
  private final @Nullable Glob glob;
  private final Target target;
  private long left;

  private ClientListing(
      Scan<T> scan, Function<T, Store.Item> item, @Nullable Glob glob, long limit, Target target) {
    this.scan = scan;
    this.item = item;
    this.glob = glob;
    this.left = limit;
    this.target = target;
  }

  static Store.Listing of(Keyspace<byte[], byte[]> keyspace, Store.ListWish wish, Target target) {
    Glob glob = wish.selection() instanceof Selection.Like(byte[] like) ? new Glob(like) : null;
    long limit = wish.limit();
    return wish.values()
        ? new ClientListing<>(
            keyspace.scan(range -> range(range, wish)),
            entry -> new Store.Item(entry.key(), entry.value()),
            glob,
            limit,
            target)
        : new ClientListing<>(
            keyspace.scanKeys(range -> range(range, wish)),
            key -> new Store.Item(key.key(), null),
            glob,
            limit,
            target);
  }

  private static ScanOptions<byte[]> range(ScanOptions<byte[]> all, Store.ListWish wish) {
    Selection selection = wish.selection();
    byte[] prefix = selection.prefix();
    ScanOptions<byte[]> range = prefix.length == 0 ? all : all.prefix(prefix);
    boolean limited = wish.limit() > 0 && wish.limit() < Long.MAX_VALUE;
    if (limited && !(selection instanceof Selection.Like)) {
      range = range.limit(wish.limit());
    }
    AsOf asOf = wish.asOf();
    return asOf == null ? range : asOf.of(range);
  }

  @Override
  public @Nullable List<Store.Item> next() {
    List<Store.Item> batch = new ArrayList<>();
    long bytes = 0;
    try {
      while (left > 0 && batch.size() < BATCH_KEYS && bytes < BATCH_BYTES && scan.hasNext()) {
        Store.Item found = item.apply(scan.next());
        if (glob == null || glob.matches(found.key())) {
          batch.add(found);
          left--;
          byte[] value = found.value();
          bytes += found.key().length + (value == null ? 0 : value.length);
        }
      }
    } catch (DistKvException e) {
      throw ClientFailures.failure("scan", target, e);
    }
    return batch.isEmpty() ? null : batch;
  }

  @Override
  public void close() {
    scan.close();
  }
}
