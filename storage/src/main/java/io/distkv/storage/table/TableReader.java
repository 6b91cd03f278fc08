package io.distkv.storage.table;

import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One open table. Footer, properties and the top-level index stay in memory with it (about 40 bytes
 * for each megabyte of data); partitions and data blocks come and go in the {@link BlockCache}.
 *
 * <p>Everything read is checked before it is used: bytes that are not what was written end in a
 * {@link CorruptionException} that names file and place, never in wrong answers.
 *
 * <p>Safe for use by any thread, up to {@link #close}.
 */
public final class TableReader implements AutoCloseable {
  private final TableFile file;
  private final long fileId;
  private final BlockCache cache;
  private final Block top;
  private final Footer footer;
  private final TableProperties properties;

  private TableReader(
      TableFile file,
      long fileId,
      BlockCache cache,
      Block top,
      Footer footer,
      TableProperties properties) {
    this.file = file;
    this.fileId = fileId;
    this.cache = cache;
    this.top = top;
    this.footer = footer;
    this.properties = properties;
  }

  /**
   * Opens a table; reads its last few kilobytes.
   *
   * @param fileId names the file in the cache: no other table of the node may have it, ever
   * @param files bounds how many files are open; this one may be closed and opened again meanwhile
   */
  public static TableReader open(
      Disk disk, String path, long fileId, BlockCache cache, TableFiles files) throws IOException {
    TableFile file = TableFile.open(disk, path, files);
    try {
      return open(file, fileId, cache);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Opens a table whose file stays open. */
  public static TableReader open(Disk disk, String path, long fileId, BlockCache cache)
      throws IOException {
    return open(disk, path, fileId, cache, new TableFiles(1));
  }

  private static TableReader open(TableFile file, long fileId, BlockCache cache)
      throws IOException {
    if (file.bytes() < Footer.BYTES) {
      throw new CorruptionException(file.path(), 0, "too short for a table: " + file.bytes());
    }
    byte[] end = new byte[Footer.BYTES];
    file.readFully(end, end.length, file.bytes() - end.length);
    Footer footer = Footer.decode(end, file.path(), file.bytes());
    long at = footer.propertiesOffset();
    try {
      StoredBlock.Raw raw = file.read(at, footer.propertiesLength(), StoredBlock.Type.PROPERTIES);
      TableProperties properties = PropertiesCodec.decode(raw.bytes(), raw.end(), file.bytes());
      at = footer.topOffset();
      raw = file.read(at, footer.topLength(), StoredBlock.Type.TOP_INDEX);
      Block top = Block.parse(raw.bytes(), 0, raw.end());
      return new TableReader(file, fileId, cache, top, footer, properties);
    } catch (MalformedBytesException e) {
      throw corruption(file, at, e);
    }
  }

  public TableProperties properties() {
    return properties;
  }

  /** The path it was opened with. */
  public String path() {
    return file.path();
  }

  public long fileId() {
    return fileId;
  }

  /** Bytes of the file. */
  public long sizeBytes() {
    return file.bytes();
  }

  /** Bytes of heap that this reader holds outside the cache, about. */
  public long pinnedBytes() {
    return (long) top.heapBytes()
        + properties.smallestKey().length
        + properties.largestKey().length
        + 400;
  }

  /**
   * Finds the newest entry of a key at or below a version.
   *
   * @param keyHash of the same key, by {@link KeyHash}
   * @param memoryOnly whether to answer {@link Lookup.Outcome#COLD} instead of reading the disk
   * @param into takes what was found; unchanged unless that is {@link Lookup.Outcome#FOUND}
   */
  public Lookup.Outcome get(
      byte[] key, int offset, int length, long keyHash, long asOf, boolean memoryOnly, Lookup into)
      throws IOException {
    Objects.checkFromIndexSize(offset, length, key.length);
    long place = footer.topOffset();
    try {
      BlockCursor at = into.cursor(top);
      if (!at.search(key, offset, length, asOf)) {
        return Lookup.Outcome.ABSENT;
      }
      place = BlockHandle.offset(at);
      Partition partition = cachedPartition(place);
      if (partition == null) {
        if (memoryOnly) {
          return Lookup.Outcome.COLD;
        }
        partition = loadPartition(file, place, BlockHandle.length(at), true);
      }
      if (!partition.mayContain(keyHash)) {
        return Lookup.Outcome.ABSENT;
      }
      at.enter(partition.index());
      if (!at.search(key, offset, length, asOf)) {
        throw new MalformedBytesException("index partition ends before what leads to it");
      }
      place = BlockHandle.offset(at);
      Block block = cachedBlock(place);
      if (block == null) {
        if (memoryOnly) {
          return Lookup.Outcome.COLD;
        }
        block = loadBlock(file, place, BlockHandle.length(at), true);
      }
      at.enter(block);
      if (!at.search(key, offset, length, asOf) || !at.onKey()) {
        return Lookup.Outcome.ABSENT;
      }
      into.take(at);
      return Lookup.Outcome.FOUND;
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      throw corruption(place, e);
    }
  }

  /**
   * A cursor over all entries, for reads on behalf of clients.
   *
   * @param fillCache whether blocks it reads from the disk are offered to the cache
   */
  public EntryCursor cursor(boolean fillCache) {
    return new TableCursor(this, top, file, true, fillCache);
  }

  /**
   * A cursor for reading the whole table, or a long run of it, once and forwards: reads large
   * pieces of the file and neither looks into the cache nor fills it.
   */
  public EntryCursor sequentialCursor() {
    return new TableCursor(this, top, new ReadAhead(file), false, false);
  }

  /**
   * Takes the blocks of this table out of the cache, for when its file is dropped. They would
   * otherwise stay until their popularity, gone for good, has faded from the cache's books. Goes by
   * the index partitions that are cached; the few blocks whose partition is not are left to age
   * out.
   */
  public void evict() throws CorruptionException {
    long place = footer.topOffset();
    try {
      BlockCursor atTop = new BlockCursor(top);
      for (boolean more = atTop.seekToFirst(); more; more = atTop.next()) {
        place = BlockHandle.offset(atTop);
        if (cache.peek(fileId, place) instanceof Partition partition) {
          BlockCursor at = new BlockCursor(partition.index());
          for (boolean inside = at.seekToFirst(); inside; inside = at.next()) {
            cache.remove(fileId, BlockHandle.offset(at));
          }
          cache.remove(fileId, place);
        }
      }
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      throw corruption(place, e);
    }
  }

  /** Keeps the file open up to {@link #close}, whatever the bound: its name may be gone soon. */
  public void keepOpen() throws IOException {
    file.keepOpen();
  }

  /** Closes the file for good. What was read stays valid. */
  @Override
  public void close() throws IOException {
    file.close();
  }

  TableFile file() {
    return file;
  }

  Block top() {
    return top;
  }

  Footer footer() {
    return footer;
  }

  Partition partition(BlockSource source, long offset, int length, boolean look, boolean fill)
      throws IOException {
    Partition cached = look ? cachedPartition(offset) : null;
    return cached == null ? loadPartition(source, offset, length, fill) : cached;
  }

  Block block(BlockSource source, long offset, int length, boolean look, boolean fill)
      throws IOException {
    Block cached = look ? cachedBlock(offset) : null;
    return cached == null ? loadBlock(source, offset, length, fill) : cached;
  }

  CorruptionException corruption(long offset, RuntimeException cause) {
    return corruption(file, offset, cause);
  }

  private static CorruptionException corruption(
      TableFile file, long offset, RuntimeException cause) {
    CorruptionException corruption =
        new CorruptionException(file.path(), offset, "malformed: " + cause.getMessage());
    corruption.initCause(cause);
    return corruption;
  }

  private @Nullable Partition cachedPartition(long offset) {
    return cache.get(fileId, offset) instanceof Partition partition ? partition : null;
  }

  private @Nullable Block cachedBlock(long offset) {
    return cache.get(fileId, offset) instanceof Block block ? block : null;
  }

  private Partition loadPartition(BlockSource source, long offset, int length, boolean fill)
      throws IOException {
    StoredBlock.Raw raw = source.read(offset, length, StoredBlock.Type.PARTITION);
    try {
      Partition partition = Partition.parse(raw.bytes(), raw.end());
      if (fill) {
        cache.put(fileId, offset, partition);
      }
      return partition;
    } catch (MalformedBytesException e) {
      throw corruption(offset, e);
    }
  }

  private Block loadBlock(BlockSource source, long offset, int length, boolean fill)
      throws IOException {
    StoredBlock.Raw raw = source.read(offset, length, StoredBlock.Type.DATA);
    try {
      Block block = Block.parse(raw.bytes(), 0, raw.end());
      if (fill) {
        cache.put(fileId, offset, block);
      }
      return block;
    } catch (MalformedBytesException e) {
      throw corruption(offset, e);
    }
  }
}
