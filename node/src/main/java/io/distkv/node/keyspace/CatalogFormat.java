package io.distkv.node.keyspace;

import io.distkv.base.ByteReader;
import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.table.Compression;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The bytes of the catalog file. Header: magic {@code DKVCATLG} (8), format version (4), length of
 * the body (4), CRC32C of the body (4); then the body: node id (blob), journals (varint), next
 * incarnation (varlong), number of keyspaces (varint), and of each its number (varint), name
 * (blob), partitions (varint), durability code (1), interval ms (varlong), history ms (varlong),
 * number of compressions (varint) and the name of each (blob), maxBytes (varlong; not in version
 * 1), incarnation (varlong).
 */
final class CatalogFormat {
  private static final byte[] MAGIC = "DKVCATLG".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;
  private static final int VERSION_WITHOUT_LIMITS = 1;
  private static final int HEADER_BYTES = 20;
  private static final int CRC_AT = 16;

  private CatalogFormat() {}

  static byte[] encode(Catalog catalog) {
    ByteWriter writer = new ByteWriter(1024);
    writer.putBytes(MAGIC).putInt(VERSION).putInt(0).putInt(0);
    writer.putBlob(ascii(catalog.nodeId())).putVarInt(catalog.journals());
    writer.putVarLong(catalog.nextIncarnation()).putVarInt(catalog.keyspaces().size());
    for (CatalogEntry entry : catalog.keyspaces()) {
      KeyspaceOptions options = entry.options();
      writer.putVarInt(options.number()).putBlob(ascii(options.name()));
      writer.putVarInt(options.partitions());
      writer.putByte(options.durability().mode().code());
      writer.putVarLong(options.durability().intervalMillis());
      writer.putVarLong(options.historyMillis());
      writer.putVarInt(options.compression().size());
      for (Compression compression : options.compression()) {
        writer.putBlob(ascii(compression.name().toLowerCase(Locale.ROOT)));
      }
      writer.putVarLong(options.maxBytes());
      writer.putVarLong(entry.incarnation());
    }
    writer.setInt(CRC_AT - Integer.BYTES, writer.size() - HEADER_BYTES);
    writer.setInt(CRC_AT, crc(writer.array(), writer.size()));
    return writer.toByteArray();
  }

  static Catalog decode(String file, byte[] bytes) throws CorruptionException {
    if (bytes.length < HEADER_BYTES) {
      throw new CorruptionException(file, 0, "only " + bytes.length + " bytes long");
    }
    ByteReader reader = new ByteReader(bytes);
    if (!Arrays.equals(reader.getBytes(MAGIC.length), MAGIC)) {
      throw new CorruptionException(file, 0, "this is no catalog: wrong magic");
    }
    int version = reader.getInt();
    if (version != VERSION && version != VERSION_WITHOUT_LIMITS) {
      throw new CorruptionException(
          file,
          MAGIC.length,
          "format version "
              + version
              + " is unknown, expected "
              + VERSION_WITHOUT_LIMITS
              + " to "
              + VERSION);
    }
    int length = reader.getInt();
    if (length != bytes.length - HEADER_BYTES) {
      throw new CorruptionException(
          file, 0, "body of " + (bytes.length - HEADER_BYTES) + " bytes, expected " + length);
    }
    if (reader.getInt() != crc(bytes, bytes.length)) {
      throw new CorruptionException(file, HEADER_BYTES, "checksum does not match");
    }
    try {
      return body(reader, version);
    } catch (MalformedBytesException | IllegalArgumentException e) {
      throw new CorruptionException(file, HEADER_BYTES, String.valueOf(e.getMessage()));
    }
  }

  private static Catalog body(ByteReader reader, int version) {
    String nodeId = text(reader);
    int journals = reader.getVarInt();
    long nextIncarnation = reader.getVarLong();
    int count = reader.getVarInt();
    List<CatalogEntry> keyspaces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = reader.getVarInt();
      String name = text(reader);
      int partitions = reader.getVarInt();
      Durability durability =
          new Durability(Durability.Mode.ofCode(reader.getByte()), reader.getVarLong());
      long historyMillis = reader.getVarLong();
      List<Compression> compression = new ArrayList<>();
      for (int left = reader.getVarInt(); left > 0; left--) {
        compression.add(Compression.valueOf(text(reader).toUpperCase(Locale.ROOT)));
      }
      long maxBytes = version == VERSION_WITHOUT_LIMITS ? 0 : reader.getVarLong();
      KeyspaceOptions options =
          new KeyspaceOptions(
              number, name, partitions, durability, historyMillis, compression, maxBytes);
      keyspaces.add(new CatalogEntry(options, reader.getVarLong()));
    }
    return new Catalog(nodeId, journals, nextIncarnation, keyspaces);
  }

  private static int crc(byte[] bytes, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, HEADER_BYTES, end - HEADER_BYTES);
    return (int) crc.getValue();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(ByteReader reader) {
    return new String(reader.getBlob(), StandardCharsets.US_ASCII);
  }
}
