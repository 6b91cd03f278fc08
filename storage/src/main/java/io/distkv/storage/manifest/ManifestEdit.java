package io.distkv.storage.manifest;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic change of what a tree consists of. It is applied in the order of its components: first
 * the clearing, then the removals, then the additions.
 *
 * @param clear whether every table goes
 * @param removed numbers of tables that go
 * @param added tables that come, with their levels
 * @param applied how far the tables now hold the log; null if that stays as it is
 * @param nextFileNumber larger than the number of every file made so far
 * @param historyFloor oldest version that can still be read as of; never falls
 * @param lastVersion of the entries that the tables hold, also of those that left nothing; never
 *     falls
 */
public record ManifestEdit(
    boolean clear,
    List<Long> removed,
    List<Placed> added,
    @Nullable Applied applied,
    long nextFileNumber,
    long historyFloor,
    long lastVersion) {

  private static final int CLEAR_FLAG = 1;
  private static final int APPLIED_FLAG = 2;
  private static final int KNOWN_FLAGS = CLEAR_FLAG | APPLIED_FLAG;

  /**
   * A table and its level.
   *
   * @param level 0 to 255
   */
  public record Placed(int level, TableMeta table) {}

  public ManifestEdit {
    removed = List.copyOf(removed);
    added = List.copyOf(added);
  }

  void write(ByteWriter out) {
    out.putByte((clear ? CLEAR_FLAG : 0) | (applied != null ? APPLIED_FLAG : 0));
    out.putVarLong(nextFileNumber).putVarLong(historyFloor).putVarLong(lastVersion);
    if (applied != null) {
      out.putVarLong(applied.index()).putVarLong(applied.term()).putBlob(applied.attachment());
    }
    out.putVarInt(removed.size());
    for (long number : removed) {
      out.putVarLong(number);
    }
    out.putVarInt(added.size());
    for (Placed placed : added) {
      out.putByte(placed.level);
      placed.table.write(out);
    }
  }

  /**
   * Reads one edit that fills the rest of the input.
   *
   * @throws MalformedBytesException if it does not
   */
  static ManifestEdit read(ByteReader in) {
    int flags = in.getByte();
    if ((flags & ~KNOWN_FLAGS) != 0) {
      throw new MalformedBytesException("unknown flags " + flags);
    }
    long nextFileNumber = in.getVarLong();
    long historyFloor = in.getVarLong();
    long lastVersion = in.getVarLong();
    Applied applied = null;
    if ((flags & APPLIED_FLAG) != 0) {
      applied = new Applied(in.getVarLong(), in.getVarLong(), in.getBlob());
    }
    List<Long> removed = new ArrayList<>();
    for (int left = in.getVarInt(); left != 0; left--) {
      removed.add(in.getVarLong());
    }
    List<Placed> added = new ArrayList<>();
    for (int left = in.getVarInt(); left != 0; left--) {
      added.add(new Placed(in.getByte(), TableMeta.read(in)));
    }
    if (in.remaining() != 0) {
      throw new MalformedBytesException(in.remaining() + " bytes too many");
    }
    return new ManifestEdit(
        (flags & CLEAR_FLAG) != 0,
        removed,
        added,
        applied,
        nextFileNumber,
        historyFloor,
        lastVersion);
  }
}
