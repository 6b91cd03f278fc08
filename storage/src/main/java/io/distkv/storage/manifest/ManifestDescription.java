package io.distkv.storage.manifest;

import io.distkv.base.Disk;
import io.distkv.base.Version;
import io.distkv.storage.manifest.ManifestEdit.Placed;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/** A manifest in words, for people. */
public final class ManifestDescription {
  private static final int MAX_KEY_BYTES = 64;

  private ManifestDescription() {}

  /**
   * Tells every edit of a manifest file and what they add up to, line by line.
   *
   * @throws io.distkv.storage.CorruptionException if the file is damaged
   */
  public static void describe(Disk disk, String path, Consumer<String> lines) throws IOException {
    ManifestReader.Content content = ManifestReader.read(disk, path);
    lines.accept(
        "manifest, format version "
            + ManifestFormat.VERSION
            + ", "
            + content.end()
            + " of "
            + content.file().length
            + " bytes used");
    for (int i = 0; i < content.edits().size(); i++) {
      lines.accept("edit at byte " + content.positions().get(i) + ":");
      describe(content.edits().get(i), lines);
    }
    if (content.torn()) {
      lines.accept("a torn write at byte " + content.end() + " that never came into force");
    }
    ManifestState state = ManifestReader.state(path, content);
    lines.accept(
        "in sum: "
            + state.tables().size()
            + " tables, log applied up to index "
            + state.applied().index()
            + ", next file number "
            + state.nextFileNumber());
    state.tables().forEach(placed -> lines.accept("  " + describe(placed)));
  }

  private static void describe(ManifestEdit edit, Consumer<String> lines) {
    if (edit.clear()) {
      lines.accept("  clear: every table goes");
    }
    if (!edit.removed().isEmpty()) {
      lines.accept("  remove tables " + edit.removed());
    }
    edit.added().forEach(placed -> lines.accept("  add " + describe(placed)));
    Applied applied = edit.applied();
    if (applied != null) {
      lines.accept(
          "  log applied up to index "
              + applied.index()
              + " of term "
              + applied.term()
              + ", with "
              + applied.attachment().length
              + " bytes of attachment");
    }
    lines.accept(
        "  next file number "
            + edit.nextFileNumber()
            + ", last version "
            + Version.toString(edit.lastVersion())
            + ", readable as of version "
            + Version.toString(edit.historyFloor())
            + " and later");
  }

  private static String describe(Placed placed) {
    TableMeta table = placed.table();
    return String.format(
        Locale.ROOT,
        "table %06d in level %d: %d bytes, %d entries (%d tombstones, %d expiring%s),"
            + " keys %s to %s, versions %s to %s",
        table.number(),
        placed.level(),
        table.fileBytes(),
        table.entries(),
        table.tombstones(),
        table.expiring(),
        table.mostlyGarbageMillis() == 0
            ? ""
            : ", half of all garbage by " + table.mostlyGarbageMillis(),
        printable(table.smallestKey()),
        printable(table.largestKey()),
        Version.toString(table.smallestVersion()),
        Version.toString(table.largestVersion()));
  }

  private static String printable(byte[] key) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(key.length, MAX_KEY_BYTES); i++) {
      int b = key[i] & 0xFF;
      if (b == '"' || b == '\\') {
        text.append('\\').append((char) b);
      } else if (b >= ' ' && b < 0x7F) {
        text.append((char) b);
      } else {
        text.append(String.format(Locale.ROOT, "\\x%02x", b));
      }
    }
    text.append('"');
    if (key.length > MAX_KEY_BYTES) {
      text.append(" (").append(key.length).append(" bytes)");
    }
    return text.toString();
  }
}
