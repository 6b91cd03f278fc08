package io.distkv.storage.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Disk;
import io.distkv.base.DiskFile;
import io.distkv.base.ForwardingDisk;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.MemoryDisk;
import io.distkv.storage.manifest.Manifest;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import io.distkv.storage.table.Compression;
import io.distkv.storage.table.Lookup;
import io.distkv.storage.table.TableOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged table stays where it is, and the tree lives on around it. */
class TreeDamageTest {
  private static final String DIRECTORY = "data/replica";
  private static final int KEYS = 400;

  private final MemoryDisk disk = new MemoryDisk();
  private String unreadable = "";
  private final TestReplica replica = new TestReplica(withBadSector(disk), options());
  private final TreeMap<String, String> model = new TreeMap<>();
  private final Random random = new Random(11);
  private long version;

  private static TreeOptions options() {
    return new TreeOptions(
        1 << 20,
        1_000_000,
        0,
        new TableOptions(Compression.NONE, 512, 8, 512),
        Collections.nCopies(TreeOptions.LEVELS, Compression.NONE),
        8_000,
        4,
        30_000,
        4,
        64 * 1024,
        60_000);
  }

  /** A disk that cannot read the first bytes of a file. */
  private Disk withBadSector(Disk sound) {
    return new ForwardingDisk(sound) {
      @Override
      protected DiskFile wrap(String path, DiskFile file) {
        return new ForwardingDisk.File(path, file) {
          @Override
          public int read(ByteBuffer target, long position) throws IOException {
            if (path.equals(unreadable) && position < 100) {
              throw new IOException("Input/output error");
            }
            return super.read(target, position);
          }
        };
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"0, false", "5, false", "6, false", "0, true", "5, true", "6, true"})
  void theOthersAreFlushedAndCompactedAroundIt(int level, boolean isUnreadable) throws IOException {
    write(60, 50);
    Placed victim = tableOf(level);
    String path = DIRECTORY + "/%06d.sst".formatted(victim.table().number());
    replica.world = new TestWorld(1); // what is under way is gone with the process
    if (isUnreadable) {
      unreadable = path;
    } else {
      byte[] content = disk.content(path);
      content[10] ^= 1;
      disk.replace(path, content);
    }
    replica.reopen(2);
    TreeMap<String, String> before = new TreeMap<>(model);
    model.clear();
    int flushesBefore = replica.flushes.size();
    int compactionsBefore = replica.compactions.size();

    write(100, 50);

    assertThat(replica.failure).isNull();
    assertThat(replica.damages).extracting(Damage::file).containsExactly(path);
    assertThat(replica.flushes).hasSizeGreaterThanOrEqualTo(flushesBefore + 100);
    assertThat(replica.compactions).hasSizeGreaterThan(compactionsBefore + 10);
    TreeStatistics statistics = replica.tree.statistics();
    assertThat(statistics.levels().get(0).tables()).isLessThan(20);
    assertThat(statistics.pressure()).isLessThanOrEqualTo(0);
    check(before, path);
    replica.reopen(3);
    replica.world.runAll();
    check(before, path);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void whoAsksForACompactionOfAllIsToldWhyThereIsNone(int level) throws IOException {
    write(60, 50);
    String path = DIRECTORY + "/%06d.sst".formatted(tableOf(level).table().number());
    byte[] content = disk.content(path);
    content[10] ^= 1;
    disk.replace(path, content);
    replica.reopen(2);
    List<@Nullable IOException> ends = new ArrayList<>();
    replica.tree.compact(ends::add);
    replica.world.runAll();
    assertThat(ends).hasSize(1);
    assertThat(ends.getFirst()).isInstanceOf(CorruptionException.class).hasMessageContaining(path);
    assertThat(replica.failure).isNull();
  }

  private void write(int flushes, int entries) {
    for (int i = 0; i < flushes; i++) {
      for (int j = 0; j < entries; j++) {
        String key = "key%05d".formatted(random.nextInt(KEYS));
        String value = "value " + ++version + ".".repeat(100);
        replica.put(key, value, TestReplica.version(version));
        model.put(key, value);
      }
      replica.flush();
    }
  }

  private Placed tableOf(int level) throws IOException {
    List<Placed> tables = Manifest.peek(disk, DIRECTORY, 0).tables();
    while (tables.stream().noneMatch(placed -> placed.level() == level)) {
      write(1, 50);
      tables = Manifest.peek(disk, DIRECTORY, 0).tables();
    }
    return tables.stream().filter(placed -> placed.level() == level).findFirst().orElseThrow();
  }

  /** What was written after the damage is there; what was written before, is or is refused. */
  private void check(Map<String, String> before, String damaged) throws IOException {
    Lookup lookup = new Lookup();
    int refused = 0;
    try (Snapshot snapshot = replica.tree.snapshot()) {
      for (int i = 0; i < KEYS; i++) {
        String key = "key%05d".formatted(i);
        String expected = model.getOrDefault(key, before.get(key));
        try {
          boolean found =
              snapshot.get(key.getBytes(StandardCharsets.UTF_8), lookup) == Lookup.Outcome.FOUND;
          assertThat(found ? value(lookup) : null).as(key).isEqualTo(expected);
        } catch (CorruptionException e) {
          assertThat(model).as(key).doesNotContainKey(key);
          assertThat(e.damage().file()).isEqualTo(damaged);
          refused++;
        }
      }
    }
    assertThat(refused).isLessThan(KEYS / 4);
  }

  private static String value(Lookup lookup) {
    return new String(
        lookup.valueArray(), lookup.valueOffset(), lookup.valueLength(), StandardCharsets.UTF_8);
  }
}
