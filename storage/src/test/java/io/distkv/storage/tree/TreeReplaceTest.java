package io.distkv.storage.tree;

import static io.distkv.storage.tree.TreeReads.read;
import static io.distkv.storage.tree.TreeReads.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.MalformedBytesException;
import io.distkv.platform.RealDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree whose content is replaced by another's, which came as a stream of pieces. */
class TreeReplaceTest {
  private static final int ENTRIES = 2_000;
  private static final byte[] ATTACHMENT = {1, 2, 3};
  private static final byte[] ORIGIN = {4, 5};

  @TempDir private Path folder;
  private RealDisk from;
  private RealDisk to;
  private TestReplica source;

  @BeforeEach
  void fillTheSource() throws IOException {
    from = new RealDisk(Files.createDirectory(folder.resolve("from")));
    to = new RealDisk(Files.createDirectory(folder.resolve("to")));
    source = new TestReplica(from, small());
    for (int i = 0; i < ENTRIES; i++) {
      source.put("k" + i % 500, "value " + i, i + 1);
    }
    source.compact();
    source.put("k1", "newest", ENTRIES + 1);
  }

  private TreeExport export() throws IOException {
    return source.export("copy");
  }

  private TreeImport transfer(TreeExport export, long seed) throws IOException {
    Random random = new Random(seed);
    TreeImport image = TreeImport.begin(to, "incoming", export.read(0, 1), ORIGIN);
    long offset = export.read(0, 1).length;
    while (offset < export.sizeBytes()) {
      byte[] piece = export.read(offset, 1 + random.nextInt(5_000));
      image.write(offset, piece);
      offset += piece.length;
    }
    return image;
  }

  private static void requireDone(List<@Nullable IOException> ends) {
    assertThat(ends).hasSize(1);
    assertThat(ends.getFirst()).isNull();
  }

  @Test
  void allThatWasThereGoesAndTheOthersContentIsThere() throws IOException {
    TestReplica target = new TestReplica(to, small());
    for (int i = 0; i < 300; i++) {
      target.put("old" + i, "x".repeat(100), i + 1);
    }
    target.flush();
    target.put("k1", "in memory", 301);
    TreeImport image = transfer(export(), 1);
    List<@Nullable IOException> ends = new ArrayList<>();
    try (Snapshot before = target.tree.snapshot()) {
      target.tree.replace(image, ATTACHMENT, ends::add);
      target.world.runAll();
      requireDone(ends);
      assertThat(read(before, "k1")).as("what a reader holds stays").isEqualTo("in memory");
      assertThat(read(before, "old7")).isNotNull();
    }
    target.world.runAll();
    assertThat(read(target.tree, "k1")).isEqualTo("newest");
    assertThat(read(target.tree, "k2")).isEqualTo("value 1502");
    assertThat(read(target.tree, "old7")).isNull();
    assertThat(target.tree.applied().index()).isEqualTo(ENTRIES + 1);
    assertThat(target.tree.applied().attachment()).isEqualTo(ATTACHMENT);
    assertThat(target.tree.publishedIndex()).isEqualTo(ENTRIES + 1);
    assertThat(target.tree.publishedVersion()).isEqualTo(ENTRIES + 1);
    assertThat(to.list("incoming")).isEmpty();
    assertThat(to.list("data/replica").stream().filter(name -> name.endsWith(".sst")).count())
        .isEqualTo(TreeReads.tables(target.tree));

    target.log.clear();
    target.reopen(2);
    assertThat(read(target.tree, "k1")).isEqualTo("newest");
    assertThat(read(target.tree, "old7")).isNull();
  }

  @Test
  void whateverRunsMeanwhileEitherContentIsWhole() throws IOException {
    TreeExport export = export();
    for (long seed = 0; seed < 40; seed++) {
      RealDisk own = to;
      TestReplica target = new TestReplica(seed, own, small(), 1 << 20, 1 << 30);
      if (target.tree.publishedIndex() == 0) {
        for (int i = 0; i < 400; i++) {
          target.put("old" + i % 90, "x".repeat(50), i + 1);
        }
        target.sync();
      }
      List<@Nullable IOException> ends = new ArrayList<>();
      target.tree.flush(end -> {});
      target.tree.compact(end -> {});
      target.tree.replace(transfer(export, seed), ATTACHMENT, ends::add);
      Random random = new Random(seed);
      for (int steps = random.nextInt(60); steps > 0; steps--) {
        target.world.runOne();
      }
      target.tree.flush(end -> {});
      for (int steps = random.nextInt(60); steps > 0; steps--) {
        target.world.runOne();
      }
      boolean replaced = !ends.isEmpty();
      // The process dies here.
      TestReplica next = new TestReplica(seed + 1, own, small(), 1 << 20, 1 << 30);
      next.world.runAll();
      boolean isNew = next.tree.applied().index() == ENTRIES + 1;
      assertThat(isNew || !replaced).as("seed %d", seed).isTrue();
      assertThat(read(next.tree, "k1") != null).as("seed %d", seed).isEqualTo(isNew);
      assertThat(next.failure).isNull();
      TreeFolder.remove(own, "data/replica");
      TreeImport.remove(own, "incoming");
    }
  }

  @Test
  void aStreamThatIsNoneIsRefused() throws IOException {
    byte[] head = export().read(0, 1);
    for (int length = 0; length < head.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(head, length);
      assertThatThrownBy(() -> TreeImport.begin(to, "incoming", cut, ORIGIN))
          .isInstanceOf(MalformedBytesException.class);
    }
    TreeImport image = TreeImport.begin(to, "incoming", head, ORIGIN);
    assertThatThrownBy(() -> image.write(image.sizeBytes(), new byte[1]))
        .isInstanceOf(MalformedBytesException.class);
  }
}
