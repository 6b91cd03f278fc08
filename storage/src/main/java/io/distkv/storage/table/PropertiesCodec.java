package io.distkv.storage.table;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;

/** The form of {@link TableProperties} in a file: varints and blobs in the order of the record. */
final class PropertiesCodec {

  private PropertiesCodec() {}

  /** Leaves {@code fileBytes} out, which the file itself tells. */
  static void encode(TableProperties properties, ByteWriter target) {
    target
        .putVarLong(properties.entries())
        .putVarLong(properties.tombstones())
        .putVarLong(properties.expiring())
        .putVarLong(properties.distinctKeys())
        .putBlob(properties.smallestKey())
        .putBlob(properties.largestKey())
        .putVarLong(properties.smallestVersion())
        .putVarLong(properties.largestVersion())
        .putVarLong(properties.earliestExpiryMillis())
        .putVarLong(properties.latestExpiryMillis())
        .putVarLong(properties.mostlyGarbageMillis())
        .putVarLong(properties.rawKeyBytes())
        .putVarLong(properties.rawValueBytes())
        .putVarLong(properties.dataBlocks())
        .putVarLong(properties.dataBytes())
        .putVarLong(properties.partitions())
        .putVarLong(properties.partitionBytes())
        .putByte(properties.compression().id());
  }

  static TableProperties decode(byte[] bytes, int end, long fileBytes) {
    ByteReader reader = new ByteReader(bytes, 0, end);
    TableProperties properties =
        new TableProperties(
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getBlob(),
            reader.getBlob(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            reader.getVarLong(),
            fileBytes,
            compression(reader.getByte()));
    if (reader.remaining() != 0) {
      throw new MalformedBytesException(reader.remaining() + " bytes after the properties");
    }
    return properties;
  }

  private static Compression compression(int id) {
    for (Compression compression : Compression.values()) {
      if (compression.id() == id) {
        return compression;
      }
    }
    throw new MalformedBytesException("compression " + id + " is not known");
  }
}
