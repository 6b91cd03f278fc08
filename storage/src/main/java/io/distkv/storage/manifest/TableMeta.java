package io.distkv.storage.manifest;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.storage.table.TableProperties;
import java.util.Arrays;

/**
 * What the manifest knows of a table, enough to choose it for a read or a compaction without
 * opening it.
 *
 * @param number of the file, unique in its tree
 * @param fileBytes size of the file
 * @param entries values and tombstones
 * @param tombstones those of the entries that delete
 * @param expiring those of the entries that have an expiry
 * @param mostlyGarbageMillis a time by which expiry has made at least half of the entries garbage;
 *     0 if that needs no expiry, or expiry does not bring it about
 * @param distinctKeys keys with at least one entry
 * @param smallestKey the first key; must not be changed
 * @param largestKey the last key; must not be changed
 * @param smallestVersion over all entries
 * @param largestVersion over all entries
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record TableMeta(
    long number,
    long fileBytes,
    long entries,
    long tombstones,
    long expiring,
    long mostlyGarbageMillis,
    long distinctKeys,
    byte[] smallestKey,
    byte[] largestKey,
    long smallestVersion,
    long largestVersion) {

  /** What a finished table says of itself. */
  public static TableMeta of(long number, TableProperties properties) {
    return new TableMeta(
        number,
        properties.fileBytes(),
        properties.entries(),
        properties.tombstones(),
        properties.expiring(),
        properties.mostlyGarbageMillis(),
        properties.distinctKeys(),
        properties.smallestKey(),
        properties.largestKey(),
        properties.smallestVersion(),
        properties.largestVersion());
  }

  /** The same table in another tree. */
  public TableMeta withNumber(long newNumber) {
    return new TableMeta(
        newNumber,
        fileBytes,
        entries,
        tombstones,
        expiring,
        mostlyGarbageMillis,
        distinctKeys,
        smallestKey,
        largestKey,
        smallestVersion,
        largestVersion);
  }

  /** Whether the properties found in a file can be those of this table. */
  public boolean matches(TableProperties found) {
    return found.fileBytes() == fileBytes
        && found.entries() == entries
        && found.tombstones() == tombstones
        && found.smallestVersion() == smallestVersion
        && found.largestVersion() == largestVersion
        && Arrays.equals(found.smallestKey(), smallestKey)
        && Arrays.equals(found.largestKey(), largestKey);
  }

  void write(ByteWriter out) {
    out.putVarLong(number)
        .putVarLong(fileBytes)
        .putVarLong(entries)
        .putVarLong(tombstones)
        .putVarLong(expiring)
        .putVarLong(mostlyGarbageMillis)
        .putVarLong(distinctKeys)
        .putBlob(smallestKey)
        .putBlob(largestKey)
        .putVarLong(smallestVersion)
        .putVarLong(largestVersion);
  }

  static TableMeta read(ByteReader in) {
    return new TableMeta(
        in.getVarLong(),
        in.getVarLong(),
        in.getVarLong(),
        in.getVarLong(),
        in.getVarLong(),
        in.getVarLong(),
        in.getVarLong(),
        in.getBlob(),
        in.getBlob(),
        in.getVarLong(),
        in.getVarLong());
  }
}
