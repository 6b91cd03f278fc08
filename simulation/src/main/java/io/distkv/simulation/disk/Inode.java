package io.distkv.simulation.disk;

import io.distkv.simulation.world.SimulatedRandomness;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The content of one file, as its readers see it and as the disk may hold it, in sectors of 512
 * bytes.
 *
 * <p>Every write gives the sectors it touches a new content; until a sync, a crash may leave any of
 * the contents a sector has had since the last one, each sector for itself. The size behaves
 * likewise. A sync that failed leaves sectors <em>lost</em>: readers still see the new content, but
 * no later sync writes it (so do kernels that mark a page clean after a failed write-back).
 *
 * <p>Invariant: a sector with no entry in {@link #unsynced} is on the disk as readers see it. A
 * sector's array is never changed once stored, so contents are shared between versions and copies.
 */
final class Inode implements Node {
  static final int SECTOR = 512;
  private static final byte[] ZEROS = new byte[SECTOR];

  /** More contents than this of one sector are thinned out: the choice stays wide enough. */
  private static final int MOST_CONTENTS = 8;

  private final long number;
  private byte[] @Nullable [] sectors = new byte[8][];
  private long size;
  private int allocatedSectors;

  private final Map<Integer, SectorHistory> unsynced = new TreeMap<>();
  private final List<SizeChange> unsyncedSizes = new ArrayList<>();

  /** Bits that read as what they are not, by the place of their byte. */
  private final TreeMap<Long, Byte> spoilt = new TreeMap<>();

  private long durableSize;
  private long firstUnsynced = Long.MAX_VALUE;
  private long lastUnsynced;

  /** An inode with a number that no other on its disk has. */
  Inode(long number) {
    this.number = number;
  }

  long number() {
    return number;
  }

  long size() {
    return size;
  }

  long allocatedBytes() {
    return (long) allocatedSectors * SECTOR;
  }

  /** How many more bytes of disk a write there would take. */
  long bytesToAllocate(long position, int length) {
    long missing = 0;
    for (long at = position / SECTOR; length > 0 && at <= (position + length - 1) / SECTOR; at++) {
      missing += sector((int) at) == null ? SECTOR : 0;
    }
    return missing;
  }

  int read(ByteBuffer target, long position) {
    int count = Math.clamp(size - position, 0, target.remaining());
    int start = target.position();
    int done = 0;
    while (done < count) {
      long at = position + done;
      int offset = (int) (at % SECTOR);
      int part = Math.min(SECTOR - offset, count - done);
      byte[] content = sector((int) (at / SECTOR));
      target.put(content == null ? ZEROS : content, offset, part);
      done += part;
    }
    if (!spoilt.isEmpty()) {
      spoilt
          .subMap(position, position + count)
          .forEach((at, bits) -> {
            int index = start + (int) (at - position);
            target.put(index, (byte) (target.get(index) ^ bits));
          });
    }
    return count;
  }

  /** From here on some bits of a byte read as what they are not, until it is written. */
  void spoil(long position, byte bits) {
    spoilt.merge(position, bits, (one, other) -> (byte) (one ^ other));
  }

  /** All bytes read as what they are. */
  void mend() {
    spoilt.clear();
  }

  void write(ByteBuffer source, long position, SequenceNumbers numbers) {
    spoilt.subMap(position, position + source.remaining()).clear();
    long at = position;
    while (source.hasRemaining()) {
      int offset = (int) (at % SECTOR);
      int part = Math.min(SECTOR - offset, source.remaining());
      int index = (int) (at / SECTOR);
      byte[] old = sector(index);
      byte[] content = old == null ? new byte[SECTOR] : old.clone();
      source.get(content, offset, part);
      replace(index, Arrays.equals(content, ZEROS) ? ZEROS : content, numbers.next());
      at += part;
    }
    if (at > size) {
      resize(at, numbers.next());
    }
  }

  void truncate(long newSize, SequenceNumbers numbers) {
    if (newSize == size) {
      return;
    }
    int offset = (int) (newSize % SECTOR);
    int index = (int) (newSize / SECTOR);
    byte[] last = sector(index);
    if (offset > 0 && last != null) {
      replace(index, Arrays.copyOf(Arrays.copyOf(last, offset), SECTOR), numbers.next());
      index++;
    }
    for (; (long) index * SECTOR < size; index++) {
      if (sector(index) != null) {
        replace(index, null, numbers.next());
      }
    }
    resize(newSize, numbers.next());
  }

  void sync() {
    unsynced.values().removeIf(history -> !history.lost);
    unsyncedSizes.clear();
    durableSize = size;
    firstUnsynced = Long.MAX_VALUE;
  }

  /** A sync failed: some of what it should have written is on the disk, the rest never will be. */
  void failSync(SimulatedRandomness random) {
    Survival survival = new Survival(random, Math.min(firstUnsynced, lastUnsynced), lastUnsynced);
    unsynced.values().removeIf(history -> !history.lost && survival.survives(history.newest()));
    for (SectorHistory history : unsynced.values()) {
      history.lost = true;
      history.changes.clear();
    }
  }

  /** The power went: what readers see from now on is what the disk held. */
  void crash(SimulatedRandomness random) {
    Survival survival = new Survival(random, Math.min(firstUnsynced, lastUnsynced), lastUnsynced);
    unsynced.forEach((index, history) -> place(index, history.afterCrash(survival)));
    long[] sequences = unsyncedSizes.stream().mapToLong(SizeChange::sequence).toArray();
    int survivor = survival.lastSurvivor(sequences);
    long before = survivor <= 0 ? durableSize : unsyncedSizes.get(survivor - 1).size;
    long after = survivor < 0 ? durableSize : unsyncedSizes.get(survivor).size;
    if (after - before > SECTOR && random.chance(50)) {
      // Growth reaches the disk page by page.
      after = before + random.between(1, (after - before) / SECTOR) * SECTOR;
    }
    settle(after);
  }

  /** Changes what the disk holds, as rot does; nothing is un-synced afterwards. */
  void rot(ByteBuffer source, long position) {
    write(source, position, new SequenceNumbers());
    settle(size);
  }

  /** Cuts or extends what the disk holds; nothing is un-synced afterwards. */
  void rotSize(long newSize) {
    truncate(newSize, new SequenceNumbers());
    settle(newSize);
  }

  /** The same content, which from then on changes by itself. */
  Inode copy() {
    Inode copy = new Inode(number);
    copy.sectors = sectors.clone();
    copy.allocatedSectors = allocatedSectors;
    copy.size = size;
    copy.durableSize = size;
    return copy;
  }

  private void settle(long newSize) {
    unsynced.clear();
    unsyncedSizes.clear();
    size = newSize;
    int whole = (int) (newSize / SECTOR);
    int offset = (int) (newSize % SECTOR);
    byte[] last = sector(whole);
    if (offset > 0 && last != null) {
      place(whole, Arrays.copyOf(Arrays.copyOf(last, offset), SECTOR));
    }
    for (int index = offset > 0 ? whole + 1 : whole; index < sectors.length; index++) {
      place(index, null);
    }
    durableSize = newSize;
    firstUnsynced = Long.MAX_VALUE;
  }

  private void replace(int index, byte @Nullable [] content, long sequence) {
    byte[] durable = sector(index);
    unsynced.computeIfAbsent(index, any -> new SectorHistory(durable)).add(content, sequence);
    noteUnsynced(sequence);
    place(index, content);
  }

  private void resize(long newSize, long sequence) {
    if (unsyncedSizes.size() == MOST_CONTENTS) {
      unsyncedSizes.remove(MOST_CONTENTS / 2);
    }
    unsyncedSizes.add(new SizeChange(newSize, sequence));
    noteUnsynced(sequence);
    size = newSize;
  }

  private void noteUnsynced(long sequence) {
    firstUnsynced = Math.min(firstUnsynced, sequence);
    lastUnsynced = sequence;
  }

  private byte @Nullable [] sector(int index) {
    return index < sectors.length ? sectors[index] : null;
  }

  private void place(int index, byte @Nullable [] content) {
    if (index >= sectors.length) {
      if (content == null) {
        return;
      }
      sectors = Arrays.copyOf(sectors, Math.max(index + 1, sectors.length * 2));
    }
    allocatedSectors += (content == null ? 0 : 1) - (sectors[index] == null ? 0 : 1);
    sectors[index] = content;
  }

  private record SizeChange(long size, long sequence) {}

  /** One content that a sector was given. */
  private static final class Change {
    final byte @Nullable [] content;
    final long sequence;

    Change(byte @Nullable [] content, long sequence) {
      this.content = content;
      this.sequence = sequence;
    }

    long sequence() {
      return sequence;
    }
  }

  /** What one sector has been since the disk last surely held what its readers saw. */
  private static final class SectorHistory {
    private final byte @Nullable [] durable;
    private final List<Change> changes = new ArrayList<>();
    private boolean lost;

    SectorHistory(byte @Nullable [] durable) {
      this.durable = durable;
    }

    void add(byte @Nullable [] content, long sequence) {
      lost = false;
      if (changes.size() == MOST_CONTENTS) {
        changes.remove(MOST_CONTENTS / 2);
      }
      changes.add(new Change(content, sequence));
    }

    long newest() {
      return changes.getLast().sequence;
    }

    byte @Nullable [] afterCrash(Survival survival) {
      if (lost) {
        return durable;
      }
      int survivor = survival.lastSurvivor(changes.stream().mapToLong(Change::sequence).toArray());
      byte[] content = survivor < 0 ? durable : changes.get(survivor).content;
      if (survivor + 1 < changes.size() && survival.tearsSectors()) {
        byte[] next = changes.get(survivor + 1).content;
        byte[] torn = content == null ? new byte[SECTOR] : content.clone();
        System.arraycopy(next == null ? ZEROS : next, 0, torn, 0, survival.random().below(SECTOR));
        return torn;
      }
      return content;
    }
  }
}
