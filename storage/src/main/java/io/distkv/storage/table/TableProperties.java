package io.distkv.storage.table;

/**
 * What a table knows of itself, kept in its properties block.
 *
 * @param entries values and tombstones
 * @param tombstones those of the entries that delete
 * @param expiring those of the entries that have an expiry
 * @param distinctKeys keys with at least one entry
 * @param smallestKey the first key; must not be changed
 * @param largestKey the last key; must not be changed
 * @param smallestVersion over all entries
 * @param largestVersion over all entries
 * @param earliestExpiryMillis over the entries that have one; 0 if none has
 * @param latestExpiryMillis over the entries that have one; 0 if none has
 * @param mostlyGarbageMillis a time by which so many of the newest values of keys have expired
 *     that, with the tombstones and what is overwritten, at least half of the entries are garbage;
 *     0 if that needs no expiry, or all of them together do not bring it about
 * @param rawKeyBytes length of all entries' keys together
 * @param rawValueBytes length of all entries' values together
 * @param dataBlocks number of data blocks
 * @param dataBytes size of the stored data blocks
 * @param partitions number of index and filter partitions
 * @param partitionBytes size of the stored partitions
 * @param fileBytes size of the whole file
 * @param compression asked for when the table was written
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared or used as a key
public record TableProperties(
    long entries,
    long tombstones,
    long expiring,
    long distinctKeys,
    byte[] smallestKey,
    byte[] largestKey,
    long smallestVersion,
    long largestVersion,
    long earliestExpiryMillis,
    long latestExpiryMillis,
    long mostlyGarbageMillis,
    long rawKeyBytes,
    long rawValueBytes,
    long dataBlocks,
    long dataBytes,
    long partitions,
    long partitionBytes,
    long fileBytes,
    Compression compression) {

  /** The same with another time by which most is garbage. */
  TableProperties withMostlyGarbageMillis(long millis) {
    return new TableProperties(
        entries,
        tombstones,
        expiring,
        distinctKeys,
        smallestKey,
        largestKey,
        smallestVersion,
        largestVersion,
        earliestExpiryMillis,
        latestExpiryMillis,
        millis,
        rawKeyBytes,
        rawValueBytes,
        dataBlocks,
        dataBytes,
        partitions,
        partitionBytes,
        fileBytes,
        compression);
  }
}
