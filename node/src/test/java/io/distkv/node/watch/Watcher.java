package io.distkv.node.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.base.Version;
import io.distkv.node.command.Reply;
import io.distkv.node.replica.Change;
import io.distkv.node.replica.ChangeRange;
import io.distkv.node.world.TestNode;
import io.distkv.node.world.TestWorld;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches, and checks what must hold of every delivery: changes in the order of
 * version and key, each once, and none at or below what was said to be all.
 */
final class Watcher implements WatchSink {
  private final TestWorld world;
  private final int lane;
  private final List<String> changes = new ArrayList<>();
  private final List<ChangeBlock> blocks = new ArrayList<>();
  private @Nullable Change last;
  private long through;
  private int deliveries;
  private @Nullable String ended;
  private @Nullable Watch watch;
  private boolean eager = true;

  private Watcher(TestWorld world, int lane) {
    this.world = world;
    this.lane = lane;
  }

  /** Begins behind a version, or behind the newest where that is 0, and takes all it gets. */
  static Watcher start(TestWorld world, TestNode node, int lane, ChangeRange range, long after) {
    return start(world, node, lane, range, after, 0, true);
  }

  static Watcher start(
      TestWorld world,
      TestNode node,
      int lane,
      ChangeRange range,
      long after,
      long progressMillis,
      boolean eager) {
    Watcher watcher = new Watcher(world, lane);
    watcher.eager = eager;
    watcher.through = after;
    world.on(
        lane,
        () ->
            watcher.watch =
                node.node()
                    .watches(lane)
                    .begin(
                        new LaneWatches.Wish("default", range, after, progressMillis * 1_000_000),
                        watcher));
    world.run();
    if (eager) {
      watcher.pull();
    }
    return watcher;
  }

  /** Takes one more delivery. */
  void pull() {
    world.on(lane, () -> watch().pull());
    world.run();
  }

  void close() {
    world.on(lane, () -> watch().close());
    world.run();
  }

  private Watch watch() {
    return Objects.requireNonNull(watch);
  }

  @Override
  public void changes(List<ChangeBlock> told, long newThrough) {
    deliveries++;
    blocks.addAll(told);
    for (Change change : ChangeBlock.changesOf(told)) {
      assertThat(change.version()).isGreaterThan(through);
      if (last != null) {
        assertThat(compare(last, change)).as("order and no repetition").isNegative();
      }
      last = change;
      changes.add(text(change));
    }
    assertThat(newThrough).isGreaterThanOrEqualTo(through);
    through = newThrough;
    if (eager) {
      watch().pull();
    }
  }

  private static int compare(Change one, Change other) {
    int byVersion = Long.compare(one.version(), other.version());
    return byVersion != 0 ? byVersion : Arrays.compareUnsigned(one.key(), other.key());
  }

  private static String text(Change change) {
    String key = new String(change.key(), StandardCharsets.UTF_8);
    byte[] value = change.value();
    return value == null
        ? key + " removed"
        : key
            + "="
            + new String(value, change.valueOffset(), change.valueLength(), StandardCharsets.UTF_8);
  }

  @Override
  public void ended(Reply.Failure why, long newThrough) {
    ended = why.line();
    through = newThrough;
  }

  /** What was told so far, as short texts. */
  List<String> changes() {
    return changes;
  }

  /** Takes what was told so far. */
  List<String> takeChanges() {
    List<String> taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  /** The blocks in which it was told. */
  List<ChangeBlock> blocks() {
    return blocks;
  }

  /** The version up to which it was told everything. */
  long through() {
    return through;
  }

  int deliveries() {
    return deliveries;
  }

  /** Why it ended; null if it did not. */
  @Nullable String ended() {
    return ended;
  }

  /** The version of the newest change that was told. */
  long lastVersion() {
    return last == null ? Version.NONE : last.version();
  }
}
