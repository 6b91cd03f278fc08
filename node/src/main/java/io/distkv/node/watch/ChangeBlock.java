package io.distkv.node.watch;

import io.distkv.node.replica.Change;
import java.util.List;

/**
 * Changes that are told together: gathered once for all who are told them, so that what is made of
 * them (a message, say) can be made once too. Two blocks are the same only if they are one object.
 * Immutable; any thread.
 */
public final class ChangeBlock {
  private final List<Change> changes;
  private final long through;
  private final long sizeBytes;

  /**
   * @param changes in the order of version and key; at least one
   * @param through see {@link #through}
   */
  ChangeBlock(List<Change> changes, long through) {
    this.changes = List.copyOf(changes);
    this.through = through;
    long bytes = 0;
    for (Change change : changes) {
      bytes += change.sizeBytes();
    }
    sizeBytes = bytes;
  }

  /** In the order of version and key; at least one. */
  public List<Change> changes() {
    return changes;
  }

  /**
   * The version up to which everything has been told, with these; below that of the last change if
   * there are more of that one.
   */
  public long through() {
    return through;
  }

  /** The changes of several blocks, in their order. */
  public static List<Change> changesOf(List<ChangeBlock> blocks) {
    return blocks.size() == 1
        ? blocks.getFirst().changes
        : blocks.stream().flatMap(block -> block.changes.stream()).toList();
  }

  /** What it takes in memory, about. */
  long sizeBytes() {
    return sizeBytes;
  }

  long firstVersion() {
    return changes.getFirst().version();
  }

  long lastVersion() {
    return changes.getLast().version();
  }

  /** Those of them behind a version, which is below that of the last. */
  ChangeBlock after(long version) {
    if (firstVersion() > version) {
      return this;
    }
    return new ChangeBlock(
        changes.stream().filter(change -> change.version() > version).toList(), through);
  }
}
