package io.distkv.storage.manifest;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the edits of a manifest add up to. Immutable.
 *
 * @param tables by number, rising
 * @param applied how far the tables hold the log
 * @param nextFileNumber larger than the number of every file made so far
 * @param historyFloor oldest version that can still be read as of
 * @param lastVersion of the entries that the tables hold, also of those that left nothing
 */
public record ManifestState(
    List<Placed> tables,
    Applied applied,
    long nextFileNumber,
    long historyFloor,
    long lastVersion) {

  /** A tree without tables. */
  public static final ManifestState EMPTY = new ManifestState(List.of(), Applied.NOTHING, 1, 0, 0);

  public ManifestState {
    tables = List.copyOf(tables);
  }

  /**
   * This state changed by some edits.
   *
   * @throws IllegalArgumentException if an edit removes a table that is not there, or adds one that
   *     is, or takes a number back
   */
  public ManifestState after(Collection<ManifestEdit> edits) {
    TreeMap<Long, Placed> byNumber = new TreeMap<>();
    tables.forEach(placed -> byNumber.put(placed.table().number(), placed));
    Applied newApplied = applied;
    long next = nextFileNumber;
    long floor = historyFloor;
    long version = lastVersion;
    for (ManifestEdit edit : edits) {
      change(byNumber, edit);
      if (edit.applied() != null) {
        newApplied = edit.applied();
      }
      if (edit.nextFileNumber() < next
          || edit.historyFloor() < floor
          || edit.lastVersion() < version) {
        throw new IllegalArgumentException("file number, history or version went back");
      }
      next = edit.nextFileNumber();
      floor = edit.historyFloor();
      version = edit.lastVersion();
      if (floor > version) {
        throw new IllegalArgumentException("history begins after the last version");
      }
    }
    return new ManifestState(new ArrayList<>(byNumber.values()), newApplied, next, floor, version);
  }

  /**
   * What is wrong with the arrangement of the tables, in words: below level 0, two tables of a
   * level must not share a key. Null if nothing is.
   */
  @Nullable String disorder() {
    List<Placed> sorted = new ArrayList<>(tables);
    sorted.sort(
        Comparator.comparingInt(Placed::level)
            .thenComparing(placed -> placed.table().smallestKey(), Arrays::compareUnsigned));
    for (int i = 1; i < sorted.size(); i++) {
      Placed left = sorted.get(i - 1);
      Placed right = sorted.get(i);
      boolean sameLevel = left.level() == right.level() && left.level() > 0;
      byte[] end = left.table().largestKey();
      if (sameLevel && Arrays.compareUnsigned(end, right.table().smallestKey()) >= 0) {
        return "tables %d and %d of level %d overlap"
            .formatted(left.table().number(), right.table().number(), left.level());
      }
    }
    return null;
  }

  /** This state as bytes: those of the one edit that makes it out of nothing. */
  public byte[] encode() {
    ByteWriter writer = new ByteWriter(256);
    asEdit().write(writer);
    return writer.toByteArray();
  }

  /**
   * The state that was encoded.
   *
   * @throws MalformedBytesException if these bytes are none
   */
  public static ManifestState decode(byte[] bytes) {
    try {
      return EMPTY.after(List.of(ManifestEdit.read(new ByteReader(bytes))));
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException(String.valueOf(e.getMessage()));
    }
  }

  /** The one edit that makes this state out of nothing. */
  ManifestEdit asEdit() {
    return new ManifestEdit(
        true, List.of(), tables, applied, nextFileNumber, historyFloor, lastVersion);
  }

  private static void change(TreeMap<Long, Placed> byNumber, ManifestEdit edit) {
    if (edit.clear()) {
      byNumber.clear();
    }
    for (long number : edit.removed()) {
      if (byNumber.remove(number) == null) {
        throw new IllegalArgumentException("table " + number + " is removed but was never there");
      }
    }
    for (Placed placed : edit.added()) {
      long number = placed.table().number();
      if (number >= edit.nextFileNumber() || byNumber.put(number, placed) != null) {
        throw new IllegalArgumentException("table " + number + " is added a second time");
      }
    }
  }
}
