package io.distkv.node.hotkeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.node.command.CommandTable;
import io.distkv.node.command.Prepared;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HotKeysTest {
  private static final long SECOND = 1_000_000_000;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Prepared.Ready command(String... words) {
    byte[][] all = Arrays.stream(words).map(HotKeysTest::bytes).toArray(byte[][]::new);
    return (Prepared.Ready) CommandTable.standard().prepare(all);
  }

  private static String text(HotKey key) {
    return key.keyspace() + " " + new String(key.key(), StandardCharsets.UTF_8);
  }

  @Test
  void fewKeysAreCountedExactly() {
    SpaceSaving sketch = new SpaceSaving(3);
    sketch.add("a", bytes("x"), 2);
    sketch.add("b", bytes("x"), 5);
    sketch.add("a", bytes("x"), 1);
    sketch.add("a", bytes("y"), 1);
    HotKeys counted = sketch.counted();
    assertThat(counted.samples()).isEqualTo(9);
    assertThat(counted.keys()).extracting(HotKeysTest::text).containsExactly("b x", "a x", "a y");
    assertThat(counted.keys()).extracting(HotKey::samples).containsExactly(5L, 3L, 1L);
  }

  /** Whatever comes: nothing frequent is missed, and nothing is counted too high. */
  @Test
  void whatIsFrequentIsThereAndNoCountIsTooHigh() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      int counters = 4 + random.nextInt(12);
      SpaceSaving sketch = new SpaceSaving(counters);
      Map<String, Long> exact = new HashMap<>();
      long total = 0;
      double skew = random.nextDouble() * 4;
      for (int i = 0; i < 3_000; i++) {
        String key = "k" + (int) (200 * Math.pow(random.nextDouble(), 1 + skew));
        int times = 1 + random.nextInt(3);
        sketch.add("s", bytes(key), times);
        exact.merge("s " + key, (long) times, Long::sum);
        total += times;
      }
      HotKeys counted = sketch.counted();
      assertThat(counted.samples()).isEqualTo(total);
      assertThat(counted.keys()).hasSizeLessThanOrEqualTo(counters);
      for (HotKey key : counted.keys()) {
        assertThat(key.samples()).isLessThanOrEqualTo(exact.getOrDefault(text(key), 0L));
      }
      List<String> told = counted.keys().stream().map(HotKeysTest::text).toList();
      // The guaranteed part of a count is above 0 only from twice the bound of the sketch on.
      long sure = 2 * total / counters;
      exact.forEach((key, count) -> {
        if (count > sure) {
          assertThat(told).contains(key);
        }
      });
    }
  }

  @Test
  void whatWasCountedLongAgoCountsLessAndLess() {
    KeySampler sampler = new KeySampler();
    for (int i = 0; i < 8; i++) {
      sampler.add("s", command("GET", "old"), 0);
    }
    sampler.add("s", command("GET", "new"), 10 * SECOND);
    assertThat(sampler.counted(10 * SECOND).samples()).isEqualTo(5);
    assertThat(sampler.counted(20 * SECOND).keys()).extracting(HotKey::samples).containsExactly(2L);
    assertThat(sampler.counted(3_000_000 * SECOND)).isEqualTo(HotKeys.NONE);
    sampler.add("s", command("GET", "new"), 3_000_001 * SECOND);
    assertThat(sampler.counted(3_000_009 * SECOND).samples()).isEqualTo(1);
  }

  @Test
  void aboutOneCommandInSixtyFourIsLookedAt() {
    KeySampler sampler = new KeySampler();
    // Every fourth asks for the hot key, in step; the others for ever new ones.
    for (int i = 0; i < 64_000; i++) {
      if (sampler.isDue()) {
        sampler.take("s", command("GET", i % 4 == 0 ? "hot" : "k" + i), 0);
      }
    }
    HotKeys counted = sampler.counted(0);
    assertThat(counted.samples()).isBetween(900L, 1_100L);
    HotKey hottest = counted.keys().getFirst();
    assertThat(text(hottest)).isEqualTo("s hot");
    assertThat(hottest.samples() * 1.0 / counted.samples()).isBetween(0.2, 0.3);
    assertThat(counted.keys().get(1).samples()).isLessThan(5);
  }

  @Test
  void aCommandCountsAsOftenAsItHasKeys() {
    KeySampler sampler = new KeySampler();
    for (int i = 0; i < 100; i++) {
      sampler.add("s", command("MGET", "a", "b", "c", "d"), 0);
      sampler.add("s", command("PING"), 0);
    }
    HotKeys counted = sampler.counted(0);
    assertThat(counted.samples()).isEqualTo(400);
    assertThat(counted.keys()).hasSize(4);
    assertThat(counted.keys()).allMatch(key -> key.samples() > 40);
  }

  @Test
  void severalSamplersAreAddedUp() {
    HotKeys one = new HotKeys(10, List.of(new HotKey("s", bytes("a"), 4)));
    HotKeys two =
        new HotKeys(7, List.of(new HotKey("s", bytes("b"), 5), new HotKey("s", bytes("a"), 2)));
    HotKeys all = HotKeys.merge(List.of(one, two), 1);
    assertThat(all.samples()).isEqualTo(17);
    assertThat(all.keys()).extracting(HotKeysTest::text).containsExactly("s a");
    assertThat(all.keys().getFirst().samples()).isEqualTo(6);
  }
}
