package io.distkv.storage.table;

import io.distkv.storage.MemoryDisk;
import io.distkv.storage.cache.BlockCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A small table whose blocks can be changed, with the checksums made right again. */
final class ForgedTable {
  private record Place(long offset, int length, StoredBlock.Type type) {}

  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Original(byte[] bytes, List<Place> blocks) {}

  private static final Map<Integer, Original> ORIGINALS = new ConcurrentHashMap<>();

  private final MemoryDisk disk;
  private final String path;
  private final Original original;
  private final byte[] bytes;

  /**
   * Starts from one of a few tables.
   *
   * @param kind any number; gives compression and size of blocks
   */
  ForgedTable(MemoryDisk disk, String path, int kind) throws IOException {
    this.disk = disk;
    this.path = path;
    Original known = ORIGINALS.get(kind);
    if (known == null) {
      known = write(kind);
      ORIGINALS.put(kind, known);
    }
    original = known;
    bytes = known.bytes().clone();
  }

  /** Sets a byte of the payload of some block. */
  void change(int where, byte value) {
    int byteOfBlocks = Math.floorMod(where, bytes.length);
    for (Place block : original.blocks()) {
      long inside = byteOfBlocks - block.offset();
      if (inside >= 0 && inside < block.length()) {
        bytes[byteOfBlocks] = value;
      }
    }
  }

  /** Seals every block again and puts the file on the disk. */
  void store() {
    for (Place block : original.blocks()) {
      int at = (int) block.offset();
      int trailer = at + block.length();
      int compression = bytes[trailer] & 0xF;
      int rawLength = 0;
      for (int i = 3; i >= 0; i--) {
        rawLength = rawLength << 8 | (bytes[trailer + 1 + i] & 0xFF);
      }
      StoredBlock.seal(
          bytes, at, block.length(), block.type(), compression, rawLength, block.offset());
    }
    disk.replace(path, bytes);
  }

  private static Original write(int kind) throws IOException {
    MemoryDisk disk = new MemoryDisk();
    List<Compression> compressions = List.of(Compression.values());
    TableOptions options =
        new TableOptions(compressions.get(kind % 4), kind < 4 ? 256 : 4096, 4, 256);
    try (TableWriter writer = new TableWriter(disk, "o", options)) {
      RandomTables tables = new RandomTables(kind);
      for (Entry entry : tables.entries(120, RandomTables.KeyShape.NUMBERED)) {
        entry.addTo(writer);
      }
      writer.finish();
    }
    List<Place> blocks = new ArrayList<>();
    try (TableReader reader = TableReader.open(disk, "o", 1, new BlockCache(0))) {
      Footer footer = reader.footer();
      blocks.add(new Place(footer.topOffset(), footer.topLength(), StoredBlock.Type.TOP_INDEX));
      blocks.add(
          new Place(
              footer.propertiesOffset(), footer.propertiesLength(), StoredBlock.Type.PROPERTIES));
      BlockCursor top = new BlockCursor(reader.top());
      for (boolean more = top.seekToFirst(); more; more = top.next()) {
        long offset = BlockHandle.offset(top);
        int length = BlockHandle.length(top);
        blocks.add(new Place(offset, length, StoredBlock.Type.PARTITION));
        Partition partition = reader.partition(reader.file(), offset, length, false, false);
        BlockCursor at = new BlockCursor(partition.index());
        for (boolean inside = at.seekToFirst(); inside; inside = at.next()) {
          blocks.add(
              new Place(BlockHandle.offset(at), BlockHandle.length(at), StoredBlock.Type.DATA));
        }
      }
    }
    return new Original(disk.content("o"), blocks);
  }
}
