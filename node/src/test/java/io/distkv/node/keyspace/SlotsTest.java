package io.distkv.node.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SlotsTest {

  @Test
  void agreesWithRedisCluster() {
    // From the Redis Cluster specification and redis-cli --cluster.
    assertThat(slot("123456789")).isEqualTo(0x31C3 & 16_383);
    assertThat(slot("foo")).isEqualTo(12_182);
    assertThat(slot("hello")).isEqualTo(866);
    assertThat(slot("")).isZero();
  }

  @Test
  void hashesTheTagOnly() {
    assertThat(slot("{user1000}.following")).isEqualTo(slot("{user1000}.followers"));
    assertThat(slot("{user1000}.following")).isEqualTo(slot("user1000"));
    assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
    assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
  }

  @Test
  void hashesTheWholeKeyWhereTheTagIsEmptyOrOpen() {
    assertThat(slot("foo{}{bar}")).isNotEqualTo(slot("bar")).isNotEqualTo(0);
    assertThat(slot("foo{bar")).isNotEqualTo(slot("bar"));
    assertThat(slot("foo}bar{")).isNotEqualTo(slot("foo"));
  }

  @Test
  void cutsTheSlotsIntoEqualRuns() {
    for (int partitions = 1; partitions <= 4_096; partitions *= 2) {
      int run = Slots.COUNT / partitions;
      for (int slot = 0; slot < Slots.COUNT; slot++) {
        assertThat(Slots.partition(slot, partitions)).isEqualTo(slot / run);
      }
    }
    assertThat(Slots.partitionOf("foo".getBytes(StandardCharsets.UTF_8), 1)).isZero();
    assertThat(Slots.partitionOf("foo".getBytes(StandardCharsets.UTF_8), 4))
        .isEqualTo(12_182 / 4_096);
  }

  private static int slot(String key) {
    return Slots.of(key.getBytes(StandardCharsets.UTF_8));
  }
}
