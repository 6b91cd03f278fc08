package io.distkv.server.inspect;

import io.distkv.base.Disk;
import io.distkv.base.Version;
import io.distkv.node.keyspace.Catalog;
import io.distkv.node.keyspace.CatalogEntry;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.BlockCache;
import io.distkv.storage.journal.JournalScanner;
import io.distkv.storage.journal.RecordKind;
import io.distkv.storage.manifest.ManifestDescription;
import io.distkv.storage.manifest.TreeFiles;
import io.distkv.storage.table.EntryCursor;
import io.distkv.storage.table.EntryKind;
import io.distkv.storage.table.TableProperties;
import io.distkv.storage.table.TableReader;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints one stored file in words, by the kind that its name tells. */
public final class FileDescription {
  private static final int SHOWN_BYTES = 80;

  private final Disk disk;
  private final String name;
  private final int limit;
  private final Consumer<String> lines;
  private boolean whole = true;

  /**
   * @param disk the folder that the file is in
   * @param name of the file
   * @param limit entries of a table or records of a journal that are printed
   */
  public FileDescription(Disk disk, String name, int limit, Consumer<String> lines) {
    this.disk = disk;
    this.name = name;
    this.limit = limit;
    this.lines = lines;
  }

  /**
   * Prints it.
   *
   * @return whether nothing was found to be damaged
   * @throws io.distkv.storage.CorruptionException if it is damaged so that no more can be printed
   */
  public boolean print() throws IOException {
    if (name.equals(Catalog.FILE)) {
      catalog();
    } else if (TreeFiles.manifestNumber(name).isPresent()) {
      ManifestDescription.describe(disk, name, lines);
    } else if (TreeFiles.tableNumber(name).isPresent()) {
      table();
    } else if (name.endsWith(".journal")) {
      JournalScanner.scanSegment(disk, name, new Records());
    } else {
      lines.accept(
          name + " is none of: catalog, MANIFEST-NNNNNN, NNNNNN.sst, NNNNNNNNNNNN.journal");
    }
    return whole;
  }

  private void catalog() throws IOException {
    Catalog catalog = Catalog.read(disk);
    lines.accept("catalog of node " + catalog.nodeId() + ", " + catalog.journals() + " journals");
    for (CatalogEntry entry : catalog.keyspaces()) {
      lines.accept("keyspace " + entry.options() + ", incarnation " + entry.incarnation());
    }
  }

  private void table() throws IOException {
    try (TableReader reader = TableReader.open(disk, name, 0, new BlockCache(0))) {
      TableProperties properties = reader.properties();
      lines.accept(
          "table of "
              + properties.fileBytes()
              + " bytes: "
              + properties.entries()
              + " entries of "
              + properties.distinctKeys()
              + " keys, "
              + properties.tombstones()
              + " tombstones, "
              + properties.expiring()
              + " expiring"
              + garbageTime(properties.mostlyGarbageMillis())
              + "; "
              + properties.dataBlocks()
              + " blocks, compression "
              + properties.compression().name().toLowerCase(Locale.ROOT));
      lines.accept(
          "keys "
              + text(properties.smallestKey())
              + " to "
              + text(properties.largestKey())
              + ", versions "
              + Version.toString(properties.smallestVersion())
              + " to "
              + Version.toString(properties.largestVersion()));
      entries(reader.sequentialCursor(), properties.entries());
    }
  }

  private static String garbageTime(long millis) {
    return millis == 0 ? "" : ", half of all garbage by " + millis;
  }

  private void entries(EntryCursor cursor, long all) throws IOException {
    int printed = 0;
    for (boolean more = cursor.seekToFirst(); more && printed < limit; more = cursor.next()) {
      printed++;
      boolean value = cursor.kind() == EntryKind.VALUE;
      lines.accept(
          text(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength())
              + " @ "
              + Version.toString(cursor.version())
              + (value
                  ? " = " + text(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength())
                  : " deleted")
              + (cursor.expiresAtMillis() == 0 ? "" : ", until " + cursor.expiresAtMillis()));
    }
    if (printed < all) {
      lines.accept("and " + (all - printed) + " more (--limit N shows more)");
    }
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  /** As people can read it: bytes that are no ASCII letters as escapes, long ones cut off. */
  private static String text(byte[] bytes, int offset, int length) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = offset; i < offset + Math.min(length, SHOWN_BYTES); i++) {
      int b = bytes[i] & 0xFF;
      if (b == '"' || b == '\\') {
        text.append('\\').append((char) b);
      } else if (b >= ' ' && b < 0x7F) {
        text.append((char) b);
      } else {
        text.append(String.format(Locale.ROOT, "\\x%02x", b));
      }
    }
    text.append('"');
    return length > SHOWN_BYTES ? text + " (" + length + " bytes)" : text.toString();
  }

  /** Prints the records of a journal segment. */
  private final class Records implements JournalScanner.Visitor {
    private long seen;

    @Override
    public void segment(String path, long number, long capacityBytes) {
      lines.accept("journal segment " + number + " of " + capacityBytes + " bytes");
    }

    @Override
    public void record(
        String path,
        long place,
        long replica,
        long incarnation,
        RecordKind kind,
        long term,
        long index,
        byte[] payload,
        int offset,
        int length) {
      if (++seen <= limit) {
        lines.accept(
            place
                + ": "
                + kind.name().toLowerCase(Locale.ROOT)
                + " "
                + index
                + " of replica "
                + replica
                + " (incarnation "
                + incarnation
                + ", term "
                + term
                + "), "
                + length
                + " bytes "
                + text(payload, offset, length));
      }
    }

    @Override
    public void seal(String path, long place) {
      lines.accept(place + ": the segment is full");
    }

    @Override
    public void end(String path, long place, boolean torn) {
      if (seen > limit) {
        lines.accept("and " + (seen - limit) + " more records (--limit N shows more)");
      }
      lines.accept(
          place
              + ": the log ends"
              + (torn ? "; what follows was written but never known to be durable" : ""));
    }

    @Override
    public void damage(Damage damage) {
      whole = false;
      lines.accept("DAMAGED " + damage);
    }
  }
}
