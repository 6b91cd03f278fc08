package io.distkv.storage.table;

import io.distkv.base.ByteWriter;
import io.distkv.base.Disk;
import io.distkv.base.MalformedBytesException;
import io.distkv.storage.CorruptionException;
import io.distkv.storage.Damage;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads a whole table and checks all that the format promises: every checksum; that blocks follow
 * each other without gaps; that entries rise, within what the index says of their block; that the
 * filters know every key; that the properties are what the entries add up to. Goes on after each
 * finding as far as the file can still be followed.
 */
public final class TableVerifier {
  private final TableReader reader;
  private final BlockSource source;
  private final Consumer<Damage> report;
  private final PropertiesBuilder counted = new PropertiesBuilder();
  private final KeyBuffer last = new KeyBuffer();
  private final BlockCursor at;
  private long lastVersion;

  /** Newest values of keys that expire by the time at which most is said to be garbage. */
  private long expiredInTime;

  private long expectedOffset;
  private boolean damaged;

  private TableVerifier(TableReader reader, Consumer<Damage> report) {
    this.reader = reader;
    this.source = new ReadAhead(reader.file());
    this.report = report;
    this.at = new BlockCursor(reader.top());
  }

  /**
   * Checks one table, without any cache.
   *
   * @param report is told of each finding
   * @throws IOException if the file cannot be read at all; damage is not such a failure
   */
  public static void verify(Disk disk, String path, Consumer<Damage> report) throws IOException {
    try (TableReader reader = TableReader.open(disk, path, 0, new BlockCache(0))) {
      new TableVerifier(reader, report).verify();
    } catch (CorruptionException e) {
      report.accept(e.damage());
    }
  }

  private void verify() throws IOException {
    BlockCursor top = new BlockCursor(reader.top());
    try {
      for (boolean more = top.seekToFirst(); more; more = top.next()) {
        verifyPartition(top);
      }
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      found(reader.footer().topOffset(), "malformed top-level index: " + e.getMessage());
      return;
    }
    expectAt(reader.footer().topOffset());
    if (!damaged) {
      verifyProperties();
    }
  }

  private void verifyPartition(BlockCursor top) throws IOException {
    long offset = BlockHandle.offset(top);
    int length = BlockHandle.length(top);
    try {
      Partition partition = reader.partition(source, offset, length, false, false);
      BlockCursor index = new BlockCursor(partition.index());
      boolean first = true;
      for (boolean more = index.seekToFirst(); more; more = index.next()) {
        verifyBlock(partition, index, first);
        first = false;
      }
      expectAt(offset);
      if (isLastAfter(top)) {
        found(offset, "index partition goes on after what the top-level index says");
      }
    } catch (CorruptionException e) {
      found(e.damage().offset(), e.damage().what());
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      found(offset, "malformed index partition: " + e.getMessage());
    }
    expectedOffset = offset + length + StoredBlock.TRAILER_BYTES;
    counted.addPartition(length + StoredBlock.TRAILER_BYTES);
  }

  private void verifyBlock(Partition partition, BlockCursor index, boolean firstOfPartition)
      throws IOException {
    long offset = BlockHandle.offset(index);
    int length = BlockHandle.length(index);
    expectAt(offset);
    try {
      at.enter(reader.block(source, offset, length, false, false));
      boolean firstOfFilter = firstOfPartition;
      for (boolean more = at.seekToFirst(); more; more = at.next()) {
        verifyEntry(partition, offset, firstOfFilter);
        firstOfFilter = false;
      }
      if (isLastAfter(index)) {
        found(offset, "data block goes on after what the index says");
      }
    } catch (CorruptionException e) {
      found(e.damage().offset(), e.damage().what());
    } catch (MalformedBytesException | IndexOutOfBoundsException e) {
      found(offset, "malformed data block: " + e.getMessage());
    }
    expectedOffset = offset + length + StoredBlock.TRAILER_BYTES;
    counted.addDataBlock(length + StoredBlock.TRAILER_BYTES);
  }

  private void verifyEntry(Partition partition, long blockOffset, boolean firstOfFilter) {
    byte[] key = at.keyArray();
    int keyLength = at.keyLength();
    boolean first = counted.entries() == 0;
    int shared = last.sharedWith(key, 0, keyLength);
    boolean newKey = first || shared < keyLength || shared < last.length();
    if (!first && compareToLast(key, keyLength, at.version()) <= 0) {
      found(blockOffset, "entries are out of order");
    }
    boolean filtered = newKey || firstOfFilter;
    if (filtered && !partition.mayContain(KeyHash.of(key, 0, keyLength))) {
      found(blockOffset, "the filter does not know a key of the block");
    }
    counted.addEntry(
        keyLength, newKey, at.version(), at.kind(), at.expiresAtMillis(), at.valueLength());
    boolean expires = at.expiresAtMillis() != 0;
    if (newKey && expires && at.expiresAtMillis() <= reader.properties().mostlyGarbageMillis()) {
      expiredInTime++;
    }
    last.set(key, 0, keyLength, 0);
    lastVersion = at.version();
    if (first) {
      counted.smallestKey(last.copy());
    }
  }

  private void verifyProperties() {
    TableProperties properties = reader.properties();
    long mostlyGarbageMillis = properties.mostlyGarbageMillis();
    // The time is the writer's estimate: it need not be the one that would be found here.
    TableProperties actual =
        counted
            .build(last.copy(), reader.sizeBytes(), properties.compression())
            .withMostlyGarbageMillis(mostlyGarbageMillis);
    ByteWriter expected = new ByteWriter(256);
    PropertiesCodec.encode(properties, expected);
    ByteWriter encoded = new ByteWriter(256);
    PropertiesCodec.encode(actual, encoded);
    boolean tooEarly = mostlyGarbageMillis != 0 && !counted.isMostlyGarbage(expiredInTime);
    if (tooEarly || !Arrays.equals(expected.toByteArray(), encoded.toByteArray())) {
      found(reader.footer().propertiesOffset(), "properties do not match the entries");
    }
  }

  /** Where this key and version stand to the last entry seen, in internal order. */
  private int compareToLast(byte[] key, int keyLength, long version) {
    int order = Arrays.compareUnsigned(key, 0, keyLength, last.array(), 0, last.length());
    return order != 0 ? order : Long.compare(lastVersion, version);
  }

  /** Whether the last entry seen is after what the index entry says of its block. */
  private boolean isLastAfter(BlockCursor index) {
    return compareToLast(index.keyArray(), index.keyLength(), index.version()) < 0;
  }

  private void expectAt(long offset) {
    if (offset != expectedOffset) {
      found(offset, "found where byte " + expectedOffset + " of the file was next");
    }
  }

  private void found(long offset, String what) {
    damaged = true;
    report.accept(new Damage(reader.path(), offset, what));
  }
}
