package io.distkv.contract;

import com.google.protobuf.ByteString;
import io.distkv.client.Batch;
import io.distkv.client.BatchResults;
import io.distkv.client.Batching;
import io.distkv.client.Change;
import io.distkv.client.DeleteOptions;
import io.distkv.client.DistKv;
import io.distkv.client.DistKvException;
import io.distkv.client.Entry;
import io.distkv.client.GetOptions;
import io.distkv.client.IncrementOptions;
import io.distkv.client.Key;
import io.distkv.client.Keyspace;
import io.distkv.client.PutOptions;
import io.distkv.client.Scan;
import io.distkv.client.ScanOptions;
import io.distkv.client.Sum;
import io.distkv.client.Value;
import io.distkv.client.Watch;
import io.distkv.client.WatchOptions;
import io.distkv.client.Written;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Java client. What its options refuse by themselves is IllegalArgumentException, which is
 * INVALID_ARGUMENT here.
 */
final class JavaDoor implements Door {
  private final DistKv client;
  private final String name;

  private JavaDoor(String name, String address, Batching batching) {
    this.name = name;
    this.client =
        DistKv.builder()
            .addresses(address)
            .deadline(Duration.ofSeconds(60))
            .batching(batching)
            .connect();
  }

  /** As it is by default: what a stream of messages can carry goes by it. */
  static JavaDoor streaming(String address) {
    return new JavaDoor("java", address, Batching.DEFAULT);
  }

  /** With a call for each operation. */
  static JavaDoor calling(String address) {
    return new JavaDoor("java-calls", address, Batching.OFF);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Answer ask(String keyspace, Operation operation) {
    try {
      return operation instanceof Operation.OfKeyspaces ofKeyspaces
          ? JavaKeyspaces.ask(client.keyspaces(), ofKeyspaces)
          : ask(client.keyspace(keyspace, byte[].class, byte[].class), operation);
    } catch (DistKvException e) {
      return new Answer.Refused(e.code().name(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return new Answer.Refused("INVALID_ARGUMENT", String.valueOf(e.getMessage()));
    }
  }

  private static Answer ask(Keyspace<byte[], byte[]> keys, Operation operation) {
    return switch (operation) {
      case Operation.Get get ->
          found(keys.get(get.key().toByteArray(), options -> options(options, get)));
      case Operation.Put put ->
          written(
              keys.put(
                  put.key().toByteArray(),
                  put.value().toByteArray(),
                  options -> options(options, put)));
      case Operation.Delete delete ->
          deleted(keys.delete(delete.key().toByteArray(), options -> options(options, delete)));
      case Operation.Increment increment ->
          sum(
              keys.increment(
                  increment.key().toByteArray(),
                  increment.by(),
                  options -> options(options, increment)));
      case Operation.Batch batch -> batch(keys, batch);
      case Operation.Scan scan -> scan(keys, scan);
      case Operation.Watch watch -> watch(keys, watch);
      case Operation.OfKeyspaces _ -> throw new IllegalStateException();
    };
  }

  private static GetOptions options(GetOptions options, Operation.Get get) {
    return get.asOf() == null ? options : options.asOf(get.asOf());
  }

  private static PutOptions options(PutOptions options, Operation.Put put) {
    PutOptions chosen =
        switch (put.condition().kind()) {
          case NONE -> options;
          case ABSENT -> options.ifAbsent();
          case PRESENT -> options.ifPresent();
          case VERSION -> options.ifVersion(put.condition().version());
        };
    chosen =
        switch (put.life().term()) {
          case FOR_EVER -> chosen;
          case TTL -> chosen.ttl(Duration.ofMillis(put.life().millis()));
          case UNTIL -> chosen.expireAt(Instant.ofEpochMilli(put.life().millis()));
          case KEEP -> chosen.keepTtl();
        };
    return put.returnPrevious() ? chosen.returnPrevious() : chosen;
  }

  private static DeleteOptions options(DeleteOptions options, Operation.Delete delete) {
    DeleteOptions chosen =
        switch (delete.condition().kind()) {
          case NONE -> options;
          case PRESENT -> options.ifPresent();
          case VERSION -> options.ifVersion(delete.condition().version());
          case ABSENT -> throw new IllegalArgumentException("no such option");
        };
    return delete.returnPrevious() ? chosen.returnPrevious() : chosen;
  }

  private static IncrementOptions options(IncrementOptions options, Operation.Increment increment) {
    IncrementOptions chosen = options.initial(increment.initial());
    return increment.ttlMillis() == null
        ? chosen
        : chosen.ttl(Duration.ofMillis(increment.ttlMillis()));
  }

  private static Answer batch(Keyspace<byte[], byte[]> keys, Operation.Batch batch) {
    Batch<byte[], byte[]> request = keys.newBatch();
    List<Function<BatchResults, Answer>> slots = new ArrayList<>();
    batch.operations().forEach(each -> slots.add(add(request, each)));
    BatchResults results = keys.commit(request);
    return new Answer.Results(slots.stream().map(slot -> slot.apply(results)).toList());
  }

  private static Function<BatchResults, Answer> add(
      Batch<byte[], byte[]> batch, Operation.Single operation) {
    byte[] key = operation.key().toByteArray();
    return switch (operation) {
      case Operation.Get get -> {
        var slot =
            switch (get.condition().kind()) {
              case NONE -> batch.get(key);
              case ABSENT -> batch.requireAbsent(key);
              case PRESENT -> batch.requirePresent(key);
              case VERSION -> batch.requireVersion(key, get.condition().version());
            };
        yield results -> found(results.get(slot));
      }
      case Operation.Put put -> {
        var slot = batch.put(key, put.value().toByteArray(), options -> options(options, put));
        yield results -> written(results.get(slot));
      }
      case Operation.Delete delete -> {
        var slot = batch.delete(key, options -> options(options, delete));
        yield results -> deleted(results.get(slot));
      }
      case Operation.Increment increment -> {
        var slot = batch.increment(key, increment.by(), options -> options(options, increment));
        yield results -> sum(results.get(slot));
      }
    };
  }

  private static Answer found(Optional<Value<byte[]>> value) {
    return value.isPresent() ? found(value.get()) : new Answer.Nothing();
  }

  private static Answer.Found found(Value<byte[]> value) {
    return new Answer.Found(
        ByteString.copyFrom(value.value()), value.version(), millis(value.lifeLeft()));
  }

  private static long millis(Optional<Duration> lifeLeft) {
    return lifeLeft.isPresent() ? lifeLeft.get().toMillis() : Answer.FOR_EVER;
  }

  private static Answer written(Written<byte[]> written) {
    return new Answer.Written(
        written.version(), written.previous().map(JavaDoor::found).orElse(null));
  }

  private static Answer deleted(Written<byte[]> written) {
    return written.changed()
        ? new Answer.Deleted(
            written.version(), written.previous().map(JavaDoor::found).orElse(null))
        : new Answer.Nothing();
  }

  private static Answer sum(Sum sum) {
    return new Answer.Sum(sum.value(), sum.version());
  }

  /** A scan is one list to a program; pages are scans with a limit that begin behind the last. */
  private static Answer scan(Keyspace<byte[], byte[]> keys, Operation.Scan scan) {
    List<Answer.Entry> entries = new ArrayList<>();
    if (scan.page() == null) {
      read(keys, scan, scan.limit(), entries);
      return new Answer.Listed(entries);
    }
    Operation.Scan rest = scan;
    while (read(keys, rest, scan.page(), entries) == scan.page()) {
      rest = scan.behind(entries.getLast().key());
    }
    return new Answer.Listed(entries);
  }

  private static long read(
      Keyspace<byte[], byte[]> keys,
      Operation.Scan scan,
      @Nullable Long limit,
      List<Answer.Entry> entries) {
    long before = entries.size();
    if (scan.keysOnly()) {
      try (Scan<Key<byte[]>> found = keys.scanKeys(options -> options(options, scan, limit))) {
        found.forEachRemaining(each ->
            entries.add(
                new Answer.Entry(
                    ByteString.copyFrom(each.key()),
                    null,
                    each.version(),
                    millis(each.lifeLeft()))));
      }
    } else {
      try (Scan<Entry<byte[], byte[]>> found =
          keys.scan(options -> options(options, scan, limit))) {
        found.forEachRemaining(each ->
            entries.add(
                new Answer.Entry(
                    ByteString.copyFrom(each.key()),
                    ByteString.copyFrom(each.value()),
                    each.version(),
                    millis(each.lifeLeft()))));
      }
    }
    return entries.size() - before;
  }

  private static ScanOptions<byte[]> options(
      ScanOptions<byte[]> options, Operation.Scan scan, @Nullable Long limit) {
    ScanOptions<byte[]> chosen = options;
    chosen = scan.prefix() == null ? chosen : chosen.prefix(scan.prefix().toByteArray());
    chosen = scan.from() == null ? chosen : chosen.from(scan.from().toByteArray());
    chosen = scan.to() == null ? chosen : chosen.to(scan.to().toByteArray());
    chosen = scan.reverse() ? chosen.reverse() : chosen;
    chosen = limit == null ? chosen : chosen.limit(limit);
    return scan.asOf() == null ? chosen : chosen.asOf(scan.asOf());
  }

  private static Answer watch(Keyspace<byte[], byte[]> keys, Operation.Watch watch) {
    List<Answer.Change> told = new ArrayList<>();
    try (Watch<byte[], byte[]> events = keys.watch(options -> options(options, watch))) {
      while (events.throughVersion() < watch.until()) {
        if (events.next() instanceof Change<byte[], byte[]> change) {
          told.add(
              new Answer.Change(
                  ByteString.copyFrom(change.key()),
                  change.value().map(ByteString::copyFrom).orElse(null),
                  change.version()));
        }
      }
    }
    return new Answer.Told(told);
  }

  private static WatchOptions<byte[]> options(WatchOptions<byte[]> options, Operation.Watch watch) {
    WatchOptions<byte[]> chosen =
        options.after(watch.after()).progressEvery(Duration.ofMillis(100));
    if (watch.key() != null) {
      return chosen.key(watch.key().toByteArray());
    }
    return watch.prefix() == null ? chosen : chosen.prefix(watch.prefix().toByteArray());
  }

  @Override
  public void close() {
    client.close();
  }
}
