package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.table.TableOptions;
import io.distkv.storage.tree.TestReplica.Write;
import io.distkv.storage.tree.TreeModel.Visible;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations against trees of random shapes, interleaved in every way with flushes and
 * compactions, with crashes and restarts between them; what is read must be what a sorted map says.
 */
class TreeModelTest {
  private static final int OPERATIONS = 1_500;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("distkv.tree.seeds", 24));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void readsWhatAModelSays(long seed) throws IOException, HistoryGoneException {
    new Run(seed).go();
  }

  private record Held(Snapshot snapshot, List<Visible> expected) {}

  private static final class Run {
    private final long seed;
    private final Random random;
    private final TestReplica replica;
    private final long historyMillis;
    private final int keySpace;
    private final int keyShape;
    private final Deque<Held> held = new ArrayDeque<>();
    private TreeModel model = new TreeModel();
    private long version = Version.ofMillis(1_000);
    private int operation;

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      this.historyMillis = random.nextInt(3) == 0 ? 1 + random.nextInt(2_000) : 0;
      this.keySpace = 1 + random.nextInt(random.nextBoolean() ? 30 : 3_000);
      this.keyShape = random.nextInt(3);
      long budget = random.nextInt(3) == 0 ? 4_000 + random.nextInt(30_000) : 1 << 30;
      long cache = random.nextInt(3) * (long) random.nextInt(500_000);
      this.replica =
          new TestReplica(seed, new MemoryDisk(), options(), cache, budget, 1 + random.nextInt(6));
    }

    private TreeOptions options() {
      List<Compression> compressions = new ArrayList<>();
      Compression only = anyCompression();
      boolean mixed = random.nextBoolean();
      for (int level = 0; level < TreeOptions.LEVELS; level++) {
        compressions.add(mixed ? anyCompression() : only);
      }
      TableOptions table =
          new TableOptions(
              Compression.NONE,
              64 + random.nextInt(4_000),
              1 + random.nextInt(20),
              64 + random.nextInt(4_000));
      return new TreeOptions(
          500 + random.nextInt(40_000),
          1 + random.nextInt(500),
          historyMillis,
          table,
          compressions,
          500 + random.nextInt(20_000),
          1 + random.nextInt(4),
          1_000 + random.nextInt(50_000),
          2 + random.nextInt(9),
          100 + random.nextInt(20_000),
          1 + random.nextInt(10_000));
    }

    private Compression anyCompression() {
      List<Compression> all = List.of(Compression.values());
      return all.get(random.nextInt(all.size()));
    }

    void go() throws IOException, HistoryGoneException {
      for (operation = 0; operation < OPERATIONS; operation++) {
        step();
        replica.world.runSome(4);
      }
      replica.flush();
      check();
      replica.compact();
      check();
      checkHeld();
      replica.reopen(seed);
      check();
      assertThat(replica.failure).as(toString()).isNull();
      assertThat(replica.upkeepFailures).as(toString()).isEmpty();
    }

    private void step() throws IOException, HistoryGoneException {
      int dice = random.nextInt(1_000);
      if (dice < 780) {
        commit();
      } else if (dice < 880) {
        checkOne();
      } else if (dice < 900) {
        replica.sync();
      } else if (dice < 920) {
        check();
      } else if (dice < 945) {
        takeSnapshot();
      } else if (dice < 965) {
        checkHeld();
      } else if (dice < 980) {
        replica.sync();
        replica.tree.flush(this::requireDoneOrClosed);
      } else if (dice < 983) {
        replica.sync();
        replica.world.runAll();
      } else if (dice < 986) {
        replica.tree.compact(this::requireDoneOrClosed);
      } else if (dice < 992) {
        crash();
      } else if (dice < 994) {
        close();
      } else {
        readThePast();
      }
    }

    private void requireDoneOrClosed(@Nullable IOException failure) {
      if (failure != null) {
        assertThat(failure).as(toString()).hasMessageContaining("was closed");
      }
    }

    private void commit() {
      version += random.nextInt(3) == 0 ? Version.ofMillis(random.nextInt(100)) + 1 : 1;
      List<Write> writes = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        writes.add(write());
      }
      if (random.nextInt(300) == 0) {
        writes.add(random.nextInt(writes.size() + 1), new Write(null, null, 0));
      }
      if (random.nextInt(20) == 0) {
        writes.clear();
      }
      replica.commit(version, writes);
      model.apply(replica.log.get(replica.log.size() - 1));
    }

    private Write write() {
      byte[] key = key();
      if (random.nextInt(4) == 0) {
        return new Write(key, null, 0);
      }
      byte[] value = new byte[random.nextInt(200) == 0 ? 40_000 : random.nextInt(60)];
      random.nextBytes(value);
      long expiresAt =
          random.nextInt(5) == 0 ? Version.millis(version) + random.nextInt(500) - 50 : 0;
      return new Write(key, value, expiresAt);
    }

    private byte[] key() {
      int number = random.nextInt(keySpace);
      return switch (keyShape) {
        case 0 -> ("key:" + (1_000_000 + number)).getBytes(StandardCharsets.UTF_8);
        case 1 -> Arrays.copyOf(new byte[] {(byte) number, (byte) (number >> 8)}, 1 + number % 9);
        default -> new byte[] {(byte) (number >> 8), (byte) number};
      };
    }

    private void crash() throws IOException {
      held.forEach(each -> each.snapshot.close());
      held.clear();
      replica.crash(seed + operation);
      model = new TreeModel();
      replica.log.forEach(model::apply);
      check();
    }

    private void close() throws IOException {
      checkHeld();
      held.forEach(each -> each.snapshot.close());
      held.clear();
      boolean[] closed = {false};
      replica.tree.close(() -> closed[0] = true);
      replica.world.runAll();
      assertThat(closed[0]).as(toString()).isTrue();
      replica.reopen(seed + operation);
      check();
    }

    private void takeSnapshot() throws HistoryGoneException {
      long asOf = replica.tree.publishedVersion();
      if (held.size() < 5) {
        held.add(new Held(replica.tree.snapshot(), model.visible(KeyRange.ALL, asOf)));
      } else {
        held.removeFirst().snapshot.close();
      }
    }

    private void checkHeld() throws IOException {
      for (Held each : held) {
        Snapshot snapshot = each.snapshot;
        assertCursor(snapshot.cursor(KeyRange.ALL), each.expected, snapshot.asOf());
      }
    }

    private void readThePast() throws IOException {
      long back = Version.ofMillis(random.nextInt(3_000));
      long asOf = Math.max(1, replica.tree.publishedVersion() - back);
      try (Snapshot snapshot = replica.tree.snapshot(asOf)) {
        assertCursor(snapshot.cursor(KeyRange.ALL), model.visible(KeyRange.ALL, asOf), asOf);
      } catch (HistoryGoneException e) {
        assertThat(e.oldestReadable()).as(toString()).isGreaterThan(asOf);
        long kept = Version.millis(replica.tree.publishedVersion()) - historyMillis;
        boolean cleared =
            replica.log.stream()
                .anyMatch(entry ->
                    entry.version() > asOf
                        && entry.writes().stream().anyMatch(write -> write.key() == null));
        assertThat(cleared || Version.millis(asOf) <= kept).as(toString()).isTrue();
      }
    }

    private void checkOne() throws IOException {
      byte[] key = key();
      long asOf = replica.tree.publishedVersion();
      Visible expected = model.get(key, asOf);
      Lookup lookup = new Lookup();
      assertFound(replica.tree.get(key, Version.LATEST, lookup), lookup, expected, asOf);
      Lookup.Outcome peeked = replica.tree.peek(key, Version.LATEST, lookup);
      if (peeked != Lookup.Outcome.COLD) {
        assertFound(peeked, lookup, expected, asOf);
      }
      try (Snapshot snapshot = replica.tree.snapshot()) {
        assertFound(snapshot.get(key, lookup), lookup, expected, asOf);
      }
    }

    private void assertFound(
        Lookup.Outcome outcome, Lookup lookup, @Nullable Visible expected, long asOf) {
      boolean found =
          outcome == Lookup.Outcome.FOUND && !TreeModel.hasExpired(lookup.expiresAtMillis(), asOf);
      assertThat(found).as(toString()).isEqualTo(expected != null);
      if (expected != null) {
        assertThat(lookup.version()).as(toString()).isEqualTo(expected.version());
        assertThat(lookup.expiresAtMillis()).isEqualTo(expected.expiresAtMillis());
        assertThat(
                Arrays.copyOfRange(
                    lookup.valueArray(),
                    lookup.valueOffset(),
                    lookup.valueOffset() + lookup.valueLength()))
            .as(toString())
            .isEqualTo(expected.value());
      }
    }

    private void check() throws IOException {
      long asOf = replica.tree.publishedVersion();
      KeyRange range = random.nextBoolean() ? KeyRange.ALL : range();
      List<Visible> expected = model.visible(range, asOf);
      assertCursor(replica.tree.cursor(range, Version.LATEST), expected, asOf);
      try (Snapshot snapshot = replica.tree.snapshot()) {
        Cursor cursor = snapshot.cursor(range);
        assertCursor(cursor, expected, asOf);
        assertSeeks(cursor, expected, asOf);
      }
    }

    private KeyRange range() {
      byte[] from = random.nextInt(4) == 0 ? null : key();
      byte[] to = random.nextInt(4) == 0 ? null : key();
      return new KeyRange(from, to);
    }

    private void assertCursor(Cursor cursor, List<Visible> expected, long asOf) throws IOException {
      boolean on = cursor.seekToFirst();
      for (Visible visible : expected) {
        on = skipExpired(cursor, on, true, asOf);
        assertStands(cursor, on, visible);
        on = cursor.next();
      }
      assertThat(skipExpired(cursor, on, true, asOf)).as(toString()).isFalse();
      on = cursor.seekToLast();
      for (Visible visible : expected.reversed()) {
        on = skipExpired(cursor, on, false, asOf);
        assertStands(cursor, on, visible);
        on = cursor.prev();
      }
      assertThat(skipExpired(cursor, on, false, asOf)).as(toString()).isFalse();
    }

    /** Seeks anywhere and then wanders to and fro. */
    private void assertSeeks(Cursor cursor, List<Visible> expected, long asOf) throws IOException {
      byte[] key = key();
      boolean atOrAfter = random.nextBoolean();
      int at = atOrAfter ? 0 : expected.size() - 1;
      if (atOrAfter) {
        while (at < expected.size() && Arrays.compareUnsigned(expected.get(at).key(), key) < 0) {
          at++;
        }
      } else {
        while (at >= 0 && Arrays.compareUnsigned(expected.get(at).key(), key) > 0) {
          at--;
        }
      }
      boolean on = atOrAfter ? cursor.seek(key) : cursor.seekAtOrBefore(key);
      on = skipExpired(cursor, on, atOrAfter, asOf);
      for (int i = 0; i < 12 && at >= 0 && at < expected.size(); i++) {
        assertStands(cursor, on, expected.get(at));
        boolean forward = random.nextBoolean();
        at += forward ? 1 : -1;
        on = forward ? cursor.next() : cursor.prev();
        on = skipExpired(cursor, on, forward, asOf);
      }
      if (at < 0 || at >= expected.size()) {
        assertThat(on).as(toString()).isFalse();
      }
    }

    private static boolean skipExpired(Cursor cursor, boolean on, boolean forward, long asOf)
        throws IOException {
      boolean stands = on;
      while (stands && TreeModel.hasExpired(cursor.expiresAtMillis(), asOf)) {
        stands = forward ? cursor.next() : cursor.prev();
      }
      return stands;
    }

    private void assertStands(Cursor cursor, boolean on, Visible visible) {
      assertThat(on).as(toString()).isTrue();
      assertThat(cursor.key()).as(toString()).isEqualTo(visible.key());
      assertThat(cursor.version()).as(toString()).isEqualTo(visible.version());
      assertThat(
              Arrays.copyOfRange(
                  cursor.valueArray(),
                  cursor.valueOffset(),
                  cursor.valueOffset() + cursor.valueLength()))
          .as(toString())
          .isEqualTo(visible.value());
    }

    @Override
    public String toString() {
      return "seed " + seed + ", operation " + operation;
    }
  }
}
