package io.distkv.storage.table;

/** Counts what goes into a table while it is written or checked. Not thread-safe. */
final class PropertiesBuilder {
  private long entries;
  private long tombstones;
  private long expiring;
  private long distinctKeys;
  private byte[] smallestKey = {};
  private long smallestVersion = Long.MAX_VALUE;
  private long largestVersion;
  private long earliestExpiryMillis = Long.MAX_VALUE;
  private long latestExpiryMillis;

  /** Of those values alone that are the newest of their keys: the others are garbage already. */
  private final ExpirySpread newestExpiries = new ExpirySpread();

  private long rawKeyBytes;
  private long rawValueBytes;
  private long dataBlocks;
  private long dataBytes;
  private long partitions;
  private long partitionBytes;

  /** What is garbage without expiry: tombstones and what is overwritten. */
  private long garbage() {
    return tombstones + entries - distinctKeys;
  }

  /** Whether half of all is garbage once so many of the newest values of keys have expired. */
  boolean isMostlyGarbage(long newestExpired) {
    return 2 * (garbage() + newestExpired) >= entries;
  }

  long entries() {
    return entries;
  }

  void addEntry(
      int keyLength,
      boolean newKey,
      long version,
      EntryKind kind,
      long expiresAtMillis,
      int valueLength) {
    entries++;
    if (newKey) {
      distinctKeys++;
    }
    if (kind == EntryKind.TOMBSTONE) {
      tombstones++;
    }
    if (expiresAtMillis != 0) {
      expiring++;
      earliestExpiryMillis = Math.min(earliestExpiryMillis, expiresAtMillis);
      latestExpiryMillis = Math.max(latestExpiryMillis, expiresAtMillis);
      if (newKey) {
        newestExpiries.add(expiresAtMillis);
      }
    }
    smallestVersion = Math.min(smallestVersion, version);
    largestVersion = Math.max(largestVersion, version);
    rawKeyBytes += keyLength;
    rawValueBytes += valueLength;
  }

  void smallestKey(byte[] key) {
    smallestKey = key;
  }

  void addDataBlock(int storedBytes) {
    dataBlocks++;
    dataBytes += storedBytes;
  }

  void addPartition(int storedBytes) {
    partitions++;
    partitionBytes += storedBytes;
  }

  private long mostlyGarbageMillis() {
    long wanted = (entries + 1) / 2 - garbage();
    return wanted > 0 && wanted <= newestExpiries.total() ? newestExpiries.atWhich(wanted) : 0;
  }

  TableProperties build(byte[] largestKey, long fileBytes, Compression compression) {
    return new TableProperties(
        entries,
        tombstones,
        expiring,
        distinctKeys,
        smallestKey,
        largestKey,
        smallestVersion,
        largestVersion,
        expiring == 0 ? 0 : earliestExpiryMillis,
        latestExpiryMillis,
        mostlyGarbageMillis(),
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
