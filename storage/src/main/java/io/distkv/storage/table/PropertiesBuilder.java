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
  private long rawKeyBytes;
  private long rawValueBytes;
  private long dataBlocks;
  private long dataBytes;
  private long partitions;
  private long partitionBytes;

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
