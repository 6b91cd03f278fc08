package io.distkv.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.distkv.base.ByteWriter;
import io.distkv.base.MalformedBytesException;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FilterTest {

  @Test
  void knowsEveryKeyAtEverySize() {
    Random random = new Random(5);
    FilterBuilder builder = new FilterBuilder();
    for (int size = 1; size < 20_000; size += 1 + size / 7) {
      long[] hashes = random.longs(size).toArray();
      Filter filter = build(builder, hashes);
      for (long hash : hashes) {
        assertThat(filter.mayContain(hash)).as("size %d", size).isTrue();
      }
    }
  }

  @Test
  void isWrongOnAtMostOnePercentOfAbsentKeys() {
    Random random = new Random(6);
    Filter filter = build(new FilterBuilder(), random.longs(12_000).toArray());
    int wrong = 0;
    for (int i = 0; i < 1_000_000; i++) {
      if (filter.mayContain(random.nextLong())) {
        wrong++;
      }
    }
    assertThat(wrong).isBetween(1, 10_000).isCloseTo(1_000_000 / 256, Offset.offset(600));
  }

  @Test
  void takesAboutTenBitsAKey() {
    FilterBuilder builder = new FilterBuilder();
    for (int size : new int[] {5_000, 12_000, 50_000}) {
      new Random(7).longs(size).forEach(builder::add);
      ByteWriter bytes = new ByteWriter(16);
      builder.writeTo(bytes);
      assertThat(8.0 * bytes.size() / size).as("size %d", size).isBetween(9.0, 10.8);
      builder.reset();
    }
  }

  @Test
  void equalHashesDoNotKeepItFromBeingBuilt() {
    FilterBuilder builder = new FilterBuilder();
    long[] hashes = new Random(8).longs(1_000).toArray();
    hashes[500] = hashes[20];
    hashes[501] = hashes[20];
    Filter filter = build(builder, hashes);
    assertThat(Arrays.stream(hashes)).allMatch(filter::mayContain);
    assertThat(filter.mayContain(1)).isFalse();
  }

  @Test
  void anEmptyFilterSaysMaybe() {
    assertThat(new Filter(new byte[4], 2, 2).mayContain(42)).isTrue();
  }

  @Test
  void bytesThatAreNoFilterAreRefused() {
    assertThatThrownBy(() -> new Filter(new byte[20], 0, 5))
        .isInstanceOf(MalformedBytesException.class);
    assertThatThrownBy(() -> new Filter(new byte[20], 0, 11))
        .isInstanceOf(MalformedBytesException.class);
    byte[] longSegments = new byte[20];
    longSegments[8] = 31;
    assertThatThrownBy(() -> new Filter(longSegments, 0, 20))
        .isInstanceOf(MalformedBytesException.class);
  }

  private static Filter build(FilterBuilder builder, long[] hashes) {
    builder.reset();
    for (long hash : hashes) {
      builder.add(hash);
    }
    ByteWriter bytes = new ByteWriter(16);
    bytes.putInt(0);
    builder.writeTo(bytes);
    return new Filter(bytes.array(), 4, bytes.size());
  }
}
