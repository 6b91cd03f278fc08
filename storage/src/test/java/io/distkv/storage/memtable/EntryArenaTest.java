package io.distkv.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.table.EntryKind;
import org.junit.jupiter.api.Test;

class EntryArenaTest {
  private static final int VERSIONS = 20_000;

  private final EntryArena arena = new EntryArena();

  /** Versions 1 and up of one key; gives the name of the newest. */
  private int versions(int count) {
    int newest = EntryArena.NONE;
    for (int version = 1; version <= count; version++) {
      newest = arena.append(new byte[] {'k'}, version, EntryKind.VALUE, 0, new byte[0], newest);
    }
    return newest;
  }

  @Test
  void everyVersionIsFound() {
    int newest = versions(VERSIONS);
    assertThat(arena.olderCount(newest)).isEqualTo(VERSIONS - 1);
    assertThat(arena.asOf(newest, 0)).isEqualTo(EntryArena.NONE);
    for (int version = 1; version <= VERSIONS; version++) {
      int entry = arena.asOf(newest, version);
      assertThat(arena.version(entry)).isEqualTo(version);
      assertThat(arena.withOlderCount(newest, version - 1)).isEqualTo(entry);
    }
  }

  /** Up to the next base, then by Myers' jumps, each of which may lead past the one looked for. */
  @Test
  void anyVersionIsFewStepsAway() {
    int newest = versions(VERSIONS);
    int most = 0;
    for (int older = 0; older < VERSIONS; older++) {
      int steps = 0;
      for (int entry = newest; arena.olderCount(entry) > older; steps++) {
        int jump = arena.jump(entry);
        entry = arena.olderCount(jump) >= older ? jump : arena.older(entry);
      }
      most = Math.max(most, steps);
    }
    assertThat(most).isLessThan(60);
  }

  @Test
  void mostEntriesJumpToTheBaseBeforeThem() {
    int entry = versions(1_000);
    while (arena.olderCount(entry) > 0) {
      int count = arena.olderCount(entry);
      if (count % 8 != 0) {
        assertThat(arena.olderCount(arena.jump(entry))).isEqualTo(count / 8 * 8);
      }
      entry = arena.older(entry);
    }
  }
}
