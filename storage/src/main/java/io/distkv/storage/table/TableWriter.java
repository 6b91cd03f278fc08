package io.distkv.storage.table;

import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.Limits;
import java.io.IOException;

/**
 * Writes one table, entry by entry in internal order (keys ascending, versions of a key
 * descending).
 *
 * <p>The file is data blocks, each run of them followed by its index and filter partition; then the
 * top-level index of the partitions, the properties and the footer. All is written once, front to
 * back; the writer holds one block and one partition in memory, and allocates nothing per entry
 * unless it is larger than 1 MiB.
 *
 * <p>After an exception the writer is good for {@link #close} only. Not thread-safe.
 */
public final class TableWriter implements AutoCloseable {
  private final Disk disk;
  private final String path;
  private final TableOptions options;
  private final TableOutput output;
  private final Compressor compressor;

  private final BlockBuilder block;
  private final IndexBuilder index = new IndexBuilder();
  private final IndexBuilder top = new IndexBuilder();
  private final FilterBuilder filter = new FilterBuilder();
  private final PropertiesBuilder properties = new PropertiesBuilder();
  private final ByteWriter scratch = new ByteWriter(4096);

  private final KeyBuffer last = new KeyBuffer();
  private long lastVersion;
  private boolean finished;
  private boolean closed;

  /**
   * Creates the file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the path is taken
   */
  public TableWriter(Disk disk, String path, TableOptions options) throws IOException {
    this.disk = disk;
    this.path = path;
    this.options = options;
    this.block = new BlockBuilder(options.restartInterval());
    this.compressor = new Compressor(options.compression());
    this.output = new TableOutput(disk, path);
  }

  /**
   * Appends an entry.
   *
   * @param version at least 0
   * @param expiresAtMillis 0 for never; must be 0 for a tombstone
   * @param value looked at only for {@link EntryKind#VALUE}; a tombstone's length must be 0
   * @throws IllegalArgumentException if the entry is not after the one before it, or over a limit
   */
  public void add(
      byte[] key,
      int keyOffset,
      int keyLength,
      long version,
      EntryKind kind,
      long expiresAtMillis,
      byte[] value,
      int valueOffset,
      int valueLength)
      throws IOException {
    boolean first = properties.entries() == 0;
    int shared = last.sharedWith(key, keyOffset, keyLength);
    boolean newKey = first || shared < keyLength || shared < last.length();
    if (!first && !isAfterLast(key, keyOffset, keyLength, shared, version)) {
      throw new IllegalArgumentException("entry is not after the one before it in " + path);
    }
    check(keyLength, version, kind, expiresAtMillis, valueLength);
    int entryBytes = keyLength - shared + valueLength;
    if (block.count() > 0 && block.estimatedBytes() + entryBytes > options.blockBytes()) {
      endBlock(key, keyOffset, keyLength, shared);
    }
    if (newKey || (block.count() == 0 && index.count() == 0)) {
      filter.add(KeyHash.of(key, keyOffset, keyLength));
    }
    block.add(
        key,
        keyOffset,
        keyLength,
        shared,
        version,
        kind,
        expiresAtMillis,
        value,
        valueOffset,
        valueLength);
    properties.addEntry(keyLength, newKey, version, kind, expiresAtMillis, valueLength);
    last.set(key, keyOffset, keyLength, shared);
    lastVersion = version;
    if (first) {
      properties.smallestKey(last.copy());
    }
  }

  /** Appends the entry that a cursor stands on. */
  public void add(EntryCursor at) throws IOException {
    add(
        at.keyArray(),
        at.keyOffset(),
        at.keyLength(),
        at.version(),
        at.kind(),
        at.expiresAtMillis(),
        at.valueArray(),
        at.valueOffset(),
        at.valueLength());
  }

  /** Entries added so far. */
  public long entries() {
    return properties.entries();
  }

  /** About the size the file would have if it were finished now. */
  public long estimatedFileBytes() {
    return output.position()
        + block.estimatedBytes()
        + index.estimatedBytes()
        + filter.estimatedBytes()
        + top.estimatedBytes();
  }

  /**
   * Writes the rest, makes the file durable and closes it. That its name is durable too is the
   * caller's to see to.
   *
   * @throws IllegalStateException if there is no entry
   */
  public TableProperties finish() throws IOException {
    if (properties.entries() == 0) {
      throw new IllegalStateException("a table has at least one entry: " + path);
    }
    writeBlock(last.array(), last.length(), 0);
    writePartition(last.array(), last.length(), 0);
    int topLength = top.finish();
    long topOffset = write(StoredBlock.Type.TOP_INDEX, top.array(), topLength);
    byte[] largestKey = last.copy();
    scratch.reset();
    PropertiesCodec.encode(properties.build(largestKey, 0, options.compression()), scratch);
    int propertiesLength = scratch.size();
    long propertiesOffset = writeScratch(StoredBlock.Type.PROPERTIES);
    byte[] footer = new Footer(topOffset, topLength, propertiesOffset, propertiesLength).encode();
    output.write(footer, footer.length);
    output.sync();
    finished = true;
    long fileBytes = output.position();
    close();
    return properties.build(largestKey, fileBytes, options.compression());
  }

  /** Gives up what {@link #finish} did not complete: closes the file and deletes it. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    compressor.close();
    output.close();
    if (!finished && disk.exists(path)) {
      disk.delete(path);
    }
  }

  private boolean isAfterLast(byte[] key, int keyOffset, int keyLength, int shared, long version) {
    if (shared == last.length()) {
      return shared < keyLength || version < lastVersion;
    }
    return shared < keyLength
        && Byte.compareUnsigned(key[keyOffset + shared], last.array()[shared]) > 0;
  }

  private void check(
      int keyLength, long version, EntryKind kind, long expiresAtMillis, int valueLength) {
    boolean inRange =
        keyLength <= Limits.MAX_KEY_BYTES
            && version >= 0
            && expiresAtMillis >= 0
            && valueLength >= 0
            && valueLength <= Limits.MAX_VALUE_BYTES;
    boolean bareTombstone = kind == EntryKind.VALUE || (expiresAtMillis == 0 && valueLength == 0);
    if (!inRange || !bareTombstone) {
      throw new IllegalArgumentException(
          "entry out of range: key of %d bytes, version %d, %s of %d bytes, expiry %d"
              .formatted(keyLength, version, kind, valueLength, expiresAtMillis));
    }
  }

  /**
   * Ends the block, and the partition if that is full, before an entry with this key. What the
   * index says of the block is the shortest start of this key that is after the last one; or the
   * last entry itself, if this key goes on from the last block or is only one byte longer.
   */
  private void endBlock(byte[] key, int keyOffset, int keyLength, int shared) throws IOException {
    byte[] separator = last.array();
    int separatorLength = last.length();
    long separatorVersion = shared == keyLength ? lastVersion : 0;
    if (shared + 1 < keyLength) {
      scratch.reset();
      scratch.putBytes(key, keyOffset, shared + 1);
      separator = scratch.toByteArray();
      separatorLength = separator.length;
    }
    writeBlock(separator, separatorLength, separatorVersion);
    if (index.estimatedBytes() + filter.estimatedBytes() >= options.partitionBytes()) {
      writePartition(separator, separatorLength, separatorVersion);
    }
  }

  private void writeBlock(byte[] separator, int separatorLength, long separatorVersion)
      throws IOException {
    int rawLength = block.finish();
    int size = compressor.compress(block.array(), rawLength);
    long offset = output.position();
    int length = size < 0 ? rawLength : size;
    byte[] payload = size < 0 ? block.array() : compressor.array();
    Compression compression = size < 0 ? Compression.NONE : options.compression();
    StoredBlock.seal(
        payload, 0, length, StoredBlock.Type.DATA, compression.id(), rawLength, offset);
    output.write(payload, length + StoredBlock.TRAILER_BYTES);
    index.add(separator, separatorLength, separatorVersion, offset, length);
    properties.addDataBlock(length + StoredBlock.TRAILER_BYTES);
    block.reset();
    compressor.reset();
  }

  private void writePartition(byte[] separator, int separatorLength, long separatorVersion)
      throws IOException {
    int indexLength = index.finish();
    scratch.reset();
    Partition.write(scratch, index.array(), indexLength, filter);
    int length = scratch.size();
    long offset = writeScratch(StoredBlock.Type.PARTITION);
    top.add(separator, separatorLength, separatorVersion, offset, length);
    properties.addPartition(length + StoredBlock.TRAILER_BYTES);
    index.reset();
    filter.reset();
  }

  private long writeScratch(StoredBlock.Type type) throws IOException {
    int length = scratch.size();
    scratch.putBytes(new byte[StoredBlock.TRAILER_BYTES]);
    return write(type, scratch.array(), length);
  }

  private long write(StoredBlock.Type type, byte[] payload, int length) throws IOException {
    long offset = output.position();
    StoredBlock.seal(payload, 0, length, type, Compression.NONE.id(), length, offset);
    output.write(payload, length + StoredBlock.TRAILER_BYTES);
    return offset;
  }
}
