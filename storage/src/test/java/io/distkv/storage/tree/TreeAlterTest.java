package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.storage.MemoryDisk;
import io.distkv.storage.table.Compression;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tree whose options change while it is open. */
class TreeAlterTest {
  private static final List<Compression> NONE =
      Collections.nCopies(TreeOptions.LEVELS, Compression.NONE);
  private static final List<Compression> ZSTD =
      Collections.nCopies(TreeOptions.LEVELS, Compression.ZSTD);

  private final MemoryDisk disk = new MemoryDisk();

  private static void write(TestReplica replica, int from, int to) throws IOException {
    for (int second = from; second <= to; second++) {
      replica.put("k", "at " + second, TestReplica.version(second * 1_000L));
      replica.flush();
    }
    replica.compact();
  }

  @Test
  void aLongerHistoryBeginsWhereNothingWasDroppedYet() throws IOException, HistoryGoneException {
    TestReplica replica = new TestReplica(disk, small());
    write(replica, 1, 5);
    replica.tree.alter(3_000, NONE);
    write(replica, 6, 9);
    try (Snapshot snapshot = replica.tree.snapshot(TestReplica.version(6_500))) {
      assertThat(read(snapshot, "k")).isEqualTo("at 6");
    }
    assertThatThrownBy(() -> replica.tree.snapshot(TestReplica.version(4_500)))
        .isInstanceOf(HistoryGoneException.class);
    replica.tree.alter(0, NONE);
    write(replica, 10, 11);
    assertThatThrownBy(() -> replica.tree.snapshot(TestReplica.version(9_500)))
        .isInstanceOf(HistoryGoneException.class);
    assertThat(read(replica.tree, "k")).isEqualTo("at 11");
  }

  @Test
  void whatIsWrittenFromThenOnIsCompressedOtherwise() throws IOException {
    TestReplica replica = new TestReplica(disk, small().withCompressions(NONE));
    replica.put("k", "x".repeat(10_000), TestReplica.version(1));
    replica.flush();
    long plain = replica.tree.statistics().tableBytes();
    assertThat(plain).isGreaterThan(10_000);
    replica.tree.alter(0, ZSTD);
    replica.compact();
    assertThat(replica.tree.statistics().tableBytes()).isLessThan(plain / 4);
    assertThat(read(replica.tree, "k")).isEqualTo("x".repeat(10_000));
    replica.reopen(2);
    assertThat(read(replica.tree, "k")).isEqualTo("x".repeat(10_000));
  }
}
