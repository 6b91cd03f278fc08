package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches and keyspaces before a real node. */
@Timeout(120)
class LiveWatchTest {
  @TempDir static Path folder;
  private static NodeProcess node;
  private static DistKv client;

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.start(folder);
    client = DistKv.connect(node.address());
  }

  @AfterAll
  static void stopNode() throws IOException {
    client.close();
    node.close();
  }

  private static List<Change<String, String>> take(Watch<String, String> watch, int count) {
    return watch.changes().limit(count).toList();
  }

  @Test
  void whatIsWrittenOnceItHasBegunIsTold() {
    Keyspace<String, String> keyspace = client.keyspace("parts");
    keyspace.put("now/0", "before");
    try (Watch<String, String> watch = keyspace.watch(each -> each.prefix("now/"))) {
      Written<String> first = keyspace.put("now/1", "a");
      keyspace.put("other", "-");
      Written<String> second = keyspace.put("now/2", "b", put -> put.ttl(Duration.ofHours(1)));
      Written<String> third = keyspace.delete("now/1");
      List<Change<String, String>> changes = take(watch, 3);
      assertThat(changes).extracting(Change::key).containsExactly("now/1", "now/2", "now/1");
      assertThat(changes)
          .extracting(Change::version)
          .containsExactly(first.version(), second.version(), third.version());
      assertThat(changes.get(0).value()).contains("a");
      assertThat(changes.get(1).expiresAt().orElseThrow())
          .isBetween(Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(3_700));
      assertThat(changes.get(2).isRemoval()).isTrue();
    }
  }

  @Test
  void itBeginsBehindAVersionOrAMoment() {
    Keyspace<String, String> keyspace = client.keyspace("default");
    long first = keyspace.put("past", "1").version();
    long second = keyspace.put("past", "2").version();
    try (Watch<String, String> watch = keyspace.watch(each -> each.key("past").after(first))) {
      assertThat(take(watch, 1).getFirst().version()).isEqualTo(second);
    }
    Instant moment = Instant.ofEpochMilli(first >>> 16);
    try (Watch<String, String> watch = keyspace.watch(each -> each.key("past").from(moment))) {
      assertThat(take(watch, 2)).extracting(Change::version).containsExactly(first, second);
    }
  }

  @Test
  void aKeyspaceThatIsDroppedEndsItsWatches() {
    client.keyspaces().create("short-lived");
    try (Watch<String, String> watch = client.keyspace("short-lived").watch()) {
      client.keyspaces().drop("short-lived", "short-lived");
      assertThatThrownBy(() -> take(watch, 1)).isInstanceOf(DistKvException.class);
    }
  }

  @Test
  void progressIsToldWhereNothingChanges() {
    try (Watch<String, String> watch =
        client
            .keyspace("parts")
            .watch(each -> each.key("quiet").progressEvery(Duration.ofMillis(100)))) {
      long begun = watch.throughVersion();
      assertThat(watch.next()).isEqualTo(new Progress<>(begun));
      assertThat(watch.next())
          .isInstanceOfSatisfying(
              Progress.class, progress -> assertThat(progress.throughVersion()).isPositive());
      assertThat(watch.throughVersion()).isGreaterThanOrEqualTo(begun);
    }
  }

  /** Each increment gives the number that follows: a gap, a repetition or a swap would show. */
  @Test
  @Timeout(240)
  void nothingIsMissedOverRestarts(@TempDir Path own) throws IOException {
    try (NodeProcess killed = NodeProcess.start(own);
        DistKv patient =
            DistKv.builder().addresses(killed.address()).deadline(Duration.ofMinutes(1)).connect();
        Watch<String, Long> watch =
            patient.keyspace("default", String.class, Long.class).watch(each -> each.prefix("n"))) {
      List<Long> numbers = new ArrayList<>();
      var counters = patient.keyspace("default", String.class, Long.class);
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 50; i++) {
          counters.increment("n", 1);
        }
        // Some of them are read before the node is killed, the others after it.
        watch.changes().limit(20).forEach(change -> numbers.add(change.value().orElseThrow()));
        killed.kill();
        killed.startAgain();
      }
      counters.increment("n", 1);
      watch
          .changes()
          .limit(151 - numbers.size())
          .forEach(change -> numbers.add(change.value().orElseThrow()));
      assertThat(numbers)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 151).mapToObj(Long::valueOf).toList());
    }
  }

  @Test
  void keyspacesComeChangeAndGo() {
    Keyspaces keyspaces = client.keyspaces();
    KeyspaceDescription made =
        keyspaces.create(
            "events",
            keyspace ->
                keyspace
                    .partitions(4)
                    .number(77)
                    .settings(settings ->
                        settings
                            .history(Duration.ofMinutes(10))
                            .durability(Durability.INTERVAL)
                            .interval(Duration.ofMillis(50))
                            .compression(Compression.NONE, Compression.ZSTD)
                            .maxBytes(1 << 20)));
    assertThat(made.partitions()).isEqualTo(4);
    assertThat(made.number()).isEqualTo(77);
    assertThat(made.settings().history()).contains(Duration.ofMinutes(10));
    assertThat(made.settings().compression()).containsExactly(Compression.NONE, Compression.ZSTD);
    assertThat(keyspaces.list()).contains(new KeyspaceName("events", 77));
    assertThatThrownBy(() -> keyspaces.create("events"))
        .isInstanceOfSatisfying(
            DistKvException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));

    client.keyspace("events").put("k", "v");
    KeyspaceDescription altered =
        keyspaces.alter("events", settings -> settings.durability(Durability.COMMIT));
    assertThat(altered.settings().durability()).contains(Durability.COMMIT);
    assertThat(altered.settings().history()).contains(Duration.ofMinutes(10));
    assertThat(altered.settings().maxBytes()).hasValue(1 << 20);
    KeyspaceDescription described = keyspaces.describe("events");
    assertThat(described.sizes().keys()).isEqualTo(1);
    assertThat(described.partitionSizes()).hasSize(4);

    assertThatThrownBy(() -> keyspaces.drop("events", "event")).hasMessageContaining("differ");
    keyspaces.drop("events", "events");
    assertThatThrownBy(() -> keyspaces.describe("events"))
        .isInstanceOfSatisfying(
            DistKvException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void aNodeTellsHowItIs() {
    NodeInformation all = client.information();
    assertThat(all.sections()).containsKeys("Server", "Memory");
    assertThat(all.field("uptime_in_seconds")).isPresent();
    assertThat(all.field("nosuch")).isEmpty();
    assertThat(client.information("server").sections()).containsOnlyKeys("Server");
  }

  @Test
  void keyspacesHaveAnAsyncFace() {
    AsyncKeyspaces keyspaces = client.keyspaces().async();
    keyspaces.create("later", keyspace -> keyspace).join();
    assertThat(keyspaces.alter("later", settings -> settings.maxBytes(0)).join().name())
        .isEqualTo("later");
    assertThat(keyspaces.describe("later").join().partitions()).isEqualTo(1);
    keyspaces.drop("later", "later").join();
    assertThat(keyspaces.list().join()).extracting(KeyspaceName::name).doesNotContain("later");
    assertThatThrownBy(() -> keyspaces.drop("later", "late").join())
        .hasCauseInstanceOf(DistKvException.class);
    assertThatThrownBy(() -> keyspaces.describe("later").join())
        .hasCauseInstanceOf(DistKvException.class);
  }
}
