package io.distkv.storage.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.storage.table.EntryKind;
import org.junit.jupiter.api.Test;

class EntryArenaTest {
  private static final int VERSIONS = 5_000;
  private static final byte[] KEY = {1};

  /** Myers (1983), section 3: two jumps of one length in a row become one with the step to them. */
  @Test
  void jumpsAreAsLongAsTheRecurrenceSays() {
    int[] target = new int[VERSIONS];
    for (int older = 1; older < VERSIONS; older++) {
      int last = older - 1;
      int near = target[last];
      int far = target[near];
      target[older] = last - near == near - far ? far : last;
      assertThat(EntryArena.jumpLength(older)).isEqualTo(older - target[older]);
    }
  }

  @Test
  void anyOlderVersionIsReachedInFewSteps() {
    EntryArena arena = new EntryArena();
    int newest = EntryArena.NONE;
    for (int version = 0; version < VERSIONS; version++) {
      newest = arena.append(KEY, version, EntryKind.VALUE, 0, new byte[0], newest);
    }
    for (int version = 0; version < VERSIONS; version++) {
      int found = arena.asOf(newest, version);
      assertThat(arena.version(found)).isEqualTo(version);
      assertThat(arena.olderCount(found)).isEqualTo(version);
      assertThat(arena.withOlderCount(newest, version)).isEqualTo(found);
    }
  }
}
