package io.distkv.storage.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockCacheTest {

  private record Piece(int heapBytes) implements BlockCache.Weighted {}

  static List<BlockCache> bothKinds() {
    return List.of(new BlockCache(1 << 20), BlockCache.repeatable(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("bothKinds")
  void whatWasPutIsFoundUnderItsFileAndOffset(BlockCache cache) {
    Piece piece = new Piece(100);
    cache.put(1, 4096, piece);
    assertThat(cache.get(1, 4096)).isSameAs(piece);
    assertThat(cache.peek(1, 4096)).isSameAs(piece);
    assertThat(cache.get(2, 4096)).isNull();
    assertThat(cache.get(1, 4097)).isNull();
    cache.remove(1, 4096);
    assertThat(cache.get(1, 4096)).isNull();
  }

  @ParameterizedTest
  @MethodSource("bothKinds")
  void theBoundHoldsAndOverheadCounts(BlockCache cache) {
    for (int i = 0; i < 10_000; i++) {
      cache.put(1, i, new Piece(1_000));
      assertThat(cache.statistics().usedBytes()).isLessThanOrEqualTo(1 << 20);
    }
    CacheStatistics statistics = cache.statistics();
    assertThat(statistics.blocks()).isBetween(700L, (1L << 20) / 1_100);
    assertThat(statistics.usedBytes()).isGreaterThan(statistics.blocks() * 1_100);
    assertThat(statistics.evictions()).isEqualTo(10_000 - statistics.blocks());
    assertThat(statistics.evictedBytes()).isGreaterThan(statistics.evictions() * 1_100);
    assertThat(statistics.capacityBytes()).isEqualTo(1 << 20);
  }

  @ParameterizedTest
  @MethodSource("bothKinds")
  void hitsAndMissesAreCountedAndPeeksAreNot(BlockCache cache) {
    cache.put(1, 0, new Piece(10));
    cache.get(1, 0);
    cache.get(1, 0);
    cache.get(1, 1);
    cache.peek(1, 0);
    cache.peek(1, 1);
    assertThat(cache.statistics().hits()).isEqualTo(2);
    assertThat(cache.statistics().misses()).isEqualTo(1);
  }

  @Test
  void aLongScanDoesNotPushOutWhatIsUsedOften() {
    BlockCache cache = new BlockCache(1 << 20);
    for (int i = 0; i < 1_000; i++) {
      cache.put(3, i, new Piece(1_000)); // it counts uses only once it is half full
    }
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 200; i++) {
        if (cache.get(1, i) == null) {
          cache.put(1, i, new Piece(1_000));
        }
      }
    }
    for (int i = 0; i < 20_000; i++) {
      if (cache.get(2, i) == null) {
        cache.put(2, i, new Piece(1_000));
      }
    }
    long kept = 0;
    for (int i = 0; i < 200; i++) {
      kept += cache.peek(1, i) == null ? 0 : 1;
    }
    assertThat(kept).isGreaterThan(150);
  }

  @Test
  void theRepeatableKindKeepsWhatWasUsedLast() {
    BlockCache cache = BlockCache.repeatable(64 * 1_024);
    int each = 824;
    for (int i = 0; i < 65; i++) {
      cache.put(1, i, new Piece(each));
      cache.get(1, 0);
    }
    assertThat(cache.peek(1, 0)).isNotNull();
    assertThat(cache.peek(1, 1)).isNotNull();
    cache.put(1, 1, new Piece(each));
    cache.put(1, 100, new Piece(each));
    assertThat(cache.peek(1, 1)).isNotNull();
    assertThat(cache.statistics().evictedBytes())
        .isEqualTo(cache.statistics().evictions() * (each + BlockCache.ENTRY_BYTES));
  }

  @Test
  void oneHugeBlockIsNotKept() {
    BlockCache cache = new BlockCache(64 << 20);
    assertThat(cache.admits((1 << 20) + 1)).isFalse();
    cache.put(1, 0, new Piece(16 << 20));
    assertThat(cache.get(1, 0)).isNull();
    assertThat(cache.admits(1 << 19)).isTrue();
  }

  @Test
  void aCacheOfNoBytesIsOff() {
    BlockCache cache = new BlockCache(0);
    cache.put(1, 0, new Piece(0));
    assertThat(cache.get(1, 0)).isNull();
    assertThat(cache.peek(1, 0)).isNull();
    assertThat(cache.statistics().blocks()).isZero();
    assertThatThrownBy(() -> new BlockCache(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> BlockCache.repeatable(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
