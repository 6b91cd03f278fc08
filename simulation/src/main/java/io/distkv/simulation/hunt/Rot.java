package io.distkv.simulation.hunt;

import io.distkv.simulation.cluster.RottableFiles;
import io.distkv.simulation.disk.SimulatedDisk;
import io.distkv.simulation.world.SimulatedRandomness;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to one file of a stopped node.
 *
 * @param file its path
 * @param what in words, for reports
 */
record Rot(String file, String what) {
  private static final int SECTOR_BYTES = 512;

  /** The ways of rot. */
  private enum Way {
    FLIPPED_BIT,
    CUT_OFF,
    ZEROED_SECTOR,
    NOISE,
    SWAPPED_SECTORS,
    LOST,
    REPLACED
  }

  /** Flips one bit. */
  static Rot flip(SimulatedDisk disk, String file, long bit) throws IOException {
    disk.flipBit(file, bit);
    return new Rot(file, "bit %d of byte %d flipped".formatted(bit % 8, bit / 8));
  }

  /** Does something random to a random file; null if that left it as it was. */
  static @Nullable Rot draw(SimulatedDisk disk, SimulatedRandomness random) throws IOException {
    List<String> files = disk.files();
    String file = files.get(random.below(files.size()));
    byte[] before = disk.contentOf(file);
    boolean flip = random.chance(30) || RottableFiles.mayHoldLastMark(file, files);
    Way way = flip ? Way.FLIPPED_BIT : random.pick(Way.values());
    if (before.length == 0 && way != Way.LOST && way != Way.REPLACED) {
      return null;
    }
    Rot rot =
        switch (way) {
          case FLIPPED_BIT -> flip(disk, file, place(before, random) * 8L + random.below(8));
          case CUT_OFF -> {
            int size = place(before, random);
            disk.resize(file, size);
            yield new Rot(file, "cut off at byte " + size);
          }
          case ZEROED_SECTOR -> {
            int sector = place(before, random) / SECTOR_BYTES * SECTOR_BYTES;
            disk.overwrite(file, sector, new byte[Math.min(SECTOR_BYTES, before.length - sector)]);
            yield new Rot(file, "sector at byte %d zeroed".formatted(sector));
          }
          case NOISE -> {
            int at = place(before, random);
            int length = (int) random.magnitude(1, Math.min(2 * SECTOR_BYTES, before.length - at));
            disk.overwrite(file, at, random.bytes(length));
            yield new Rot(file, "%d bytes of noise at byte %d".formatted(length, at));
          }
          case SWAPPED_SECTORS -> swap(disk, file, before, random);
          case LOST -> {
            disk.lose(file);
            yield new Rot(file, "lost");
          }
          case REPLACED -> replace(disk, file, files, random);
        };
    boolean same = disk.files().contains(file) && Arrays.equals(before, disk.contentOf(file));
    return same ? null : rot;
  }

  /** A byte of a file: mostly one that is not zero, for much of a journal is. */
  private static int place(byte[] content, SimulatedRandomness random) {
    int at = random.below(content.length);
    if (random.chance(80)) {
      for (int i = 0; i < content.length; i++) {
        int candidate = (at + i) % content.length;
        if (content[candidate] != 0) {
          return Math.max(0, candidate - (random.chance(50) ? 0 : random.below(20)));
        }
      }
    }
    return at;
  }

  private static Rot swap(
      SimulatedDisk disk, String file, byte[] before, SimulatedRandomness random)
      throws IOException {
    int unit = random.pick(SECTOR_BYTES, 8 * SECTOR_BYTES);
    int one = place(before, random) / unit * unit;
    int other = place(before, random) / unit * unit;
    int length = Math.min(unit, before.length - Math.max(one, other));
    disk.overwrite(file, one, Arrays.copyOfRange(before, other, other + length));
    disk.overwrite(file, other, Arrays.copyOfRange(before, one, one + length));
    return new Rot(file, "%d bytes at bytes %d and %d swapped".formatted(length, one, other));
  }

  private static Rot replace(
      SimulatedDisk disk, String file, List<String> files, SimulatedRandomness random)
      throws IOException {
    List<String> others = files.stream().filter(other -> kind(other).equals(kind(file))).toList();
    String other = others.get(random.below(others.size()));
    byte[] content = disk.contentOf(other);
    disk.resize(file, content.length);
    disk.overwrite(file, 0, content);
    return new Rot(file, "replaced by " + other);
  }

  /** What a file is, by its name: the part behind the dot, or before the dash. */
  private static String kind(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    return dot >= 0 ? name.substring(dot) : name.replaceAll("-[0-9]+$", "");
  }

  @Override
  public String toString() {
    return file + ": " + what;
  }
}
