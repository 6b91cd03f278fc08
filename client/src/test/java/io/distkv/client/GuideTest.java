package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.distkv.client.codec.Codec;
import io.distkv.client.codec.Codecs;
import io.distkv.client.codec.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code of docs/java-client.md, and that it is this: what stands there between {@code ```java
 * NAME} and {@code ```} is what stands here between {@code // begin NAME} and {@code // end}. With
 * {@code -Ddistkv.rewrite=true} the page is made to have it.
 */
@Timeout(120)
class GuideTest {
  private static final Path PAGE = Path.of("../docs/java-client.md");
  private static final Path SOURCE = Path.of("src/test/java/io/distkv/client/GuideTest.java");

  @TempDir static Path folder;
  private static NodeProcess node;

  @BeforeAll
  static void startNode() throws IOException {
    node = NodeProcess.start(folder);
  }

  @AfterAll
  static void stopNode() throws IOException {
    node.close();
  }

  @Test
  void thePageHasTheCodeOfThisTest() throws IOException {
    String written = withCode(Files.readAllLines(PAGE), regions());
    if (Boolean.getBoolean("distkv.rewrite")) {
      Files.writeString(PAGE, written);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(written);
  }

  private static Map<String, List<String>> regions() throws IOException {
    Map<String, List<String>> regions = new LinkedHashMap<>();
    List<String> region = null;
    for (String line : Files.readAllLines(SOURCE)) {
      String word = line.strip();
      if (word.startsWith("// begin ")) {
        region = new ArrayList<>();
        regions.put(word.substring("// begin ".length()), region);
      } else if (word.equals("// end")) {
        region = null;
      } else if (region != null) {
        region.add(line);
      }
    }
    return regions;
  }

  private static String withCode(List<String> page, Map<String, List<String>> regions) {
    List<String> written = new ArrayList<>();
    List<String> used = new ArrayList<>();
    boolean inCode = false;
    for (String line : page) {
      if (line.startsWith("```java ")) {
        String name = line.substring("```java ".length());
        assertThat(regions).containsKey(name);
        used.add(name);
        written.add(line);
        written.addAll(
            regions.getOrDefault(name, List.of()).stream()
                .collect(Collectors.joining("\n"))
                .stripTrailing()
                .stripIndent()
                .lines()
                .toList());
        inCode = true;
      } else if (line.equals("```")) {
        inCode = false;
        written.add(line);
      } else {
        assertThat(line).as("code without a name").isNotEqualTo("```java");
        if (!inCode) {
          written.add(line);
        }
      }
    }
    assertThat(used).as("shown on the page").containsExactlyElementsOf(regions.keySet());
    return String.join("\n", written) + "\n";
  }

  @Test
  void first() {
    String address = node.address();
    // begin first
    try (DistKv client = DistKv.connect(address)) { // such as "127.0.0.1:7379"
      Keyspace<String, String> greetings = client.keyspace("default");
      greetings.put("en", "hello");
      greetings.get("en").ifPresent(found -> IO.println(found.value()));
    }
    // end
  }

  // begin types
  record User(String name, String mail) {}

  static final Codec<User> USERS = JsonCodec.of(User.class);

  // end

  @Test
  void operations() {
    try (DistKv client = DistKv.connect(node.address())) {
      // begin operations
      Keyspace<String, User> users = client.keyspace("default", Codecs.utf8(), USERS);
      Written<User> written = users.put("user/ada", new User("Ada", "ada@example.org"));

      // Version, and how long it lives; empty if the key is not there.
      Value<User> found = users.get("user/ada").orElseThrow();
      IO.println(found.value().mail() + " of version " + found.version());

      users.put("user/eve", new User("Eve", "-"), put -> put.ifAbsent().ttl(Duration.ofHours(1)));
      users.delete("user/eve", delete -> delete.ifPresent());

      Keyspace<String, Long> counters = client.keyspace("default", String.class, Long.class);
      long visits = counters.increment("visits", 1).value();
      // end
      assertThat(visits).isEqualTo(1);

      // begin conditions
      while (true) {
        Value<User> old = users.get("user/ada").orElseThrow();
        User changed = new User(old.value().name(), "countess@example.org");
        try {
          users.put("user/ada", changed, put -> put.ifVersion(old.version()));
          break;
        } catch (VersionMismatchException e) {
          // Somebody else was faster: look again.
        }
      }
      // end
      assertThat(users.get("user/ada").orElseThrow().value().mail()).startsWith("countess");

      // begin past
      User before = users.get("user/ada", get -> get.asOf(written.version())).orElseThrow().value();
      // end
      assertThat(before.mail()).isEqualTo("ada@example.org");
    }
  }

  @Test
  void batches() {
    try (DistKv client = DistKv.connect(node.address())) {
      Keyspace<String, Long> accounts = client.keyspace("default", String.class, Long.class);
      // begin batch
      Batch<String, Long> transfer = accounts.newBatch();
      Batch.Slot<Sum> from = transfer.increment("account/1", -30);
      Batch.Slot<Sum> to = transfer.increment("account/2", 30);
      BatchResults results = accounts.commit(transfer);
      IO.println(results.get(from).value() + " " + results.get(to).value());
      // end
      assertThat(results.get(to).value()).isEqualTo(30);
    }
  }

  @Test
  void scans() {
    try (DistKv client = DistKv.connect(node.address())) {
      Keyspace<String, String> pages = client.keyspace("parts");
      pages.put("page/1", "one");
      pages.put("page/2", "two");
      List<String> seen = new ArrayList<>();
      // begin scan
      try (Scan<Entry<String, String>> scan =
          pages.scan(range -> range.prefix("page/").reverse().limit(1_000))) {
        while (scan.hasNext()) {
          Entry<String, String> entry = scan.next();
          seen.add(entry.key() + " = " + entry.value());
        }
      }
      // end
      assertThat(seen).containsExactly("page/2 = two", "page/1 = one");
    }
  }

  @Test
  void watches() {
    try (DistKv client = DistKv.connect(node.address())) {
      Keyspace<String, String> keyspace = client.keyspace("default");
      List<String> seen = new ArrayList<>();
      long kept = 0;
      // begin watch
      try (Watch<String, String> watch = keyspace.watch(each -> each.prefix("order/"))) {
        keyspace.put("order/1", "new"); // is told: the watch has begun
        Written<String> last = keyspace.delete("order/1");
        while (kept < last.version()) {
          switch (watch.next()) {
            case Change<String, String> change ->
                seen.add(change.key() + " = " + change.value().orElse("(removed)"));
            case Progress<String, String>(long throughVersion) -> kept = throughVersion;
          }
        }
      }
      // end
      assertThat(seen).containsExactly("order/1 = new", "order/1 = (removed)");
      assertThat(kept).isPositive();

      keyspace.put("order/2", "new");
      // begin resume
      long after = kept;
      try (Watch<String, String> watch =
          keyspace.watch(each -> each.prefix("order/").after(after))) {
        seen.add(watch.changes().map(Change::key).findFirst().orElseThrow());
      }
      // end
      assertThat(seen).last().isEqualTo("order/2");
    }
  }

  @Test
  void listThenWatch() {
    try (DistKv client = DistKv.connect(node.address())) {
      Keyspace<String, String> keyspace = client.keyspace("default");
      keyspace.put("setting/a", "1");
      Map<String, String> settings = new ConcurrentHashMap<>();
      Map<String, Long> versions = new ConcurrentHashMap<>();
      // begin anew
      try (Watch<String, String> watch = keyspace.watch(each -> each.prefix("setting/"))) {
        try (Scan<Entry<String, String>> scan = keyspace.scan(all -> all.prefix("setting/"))) {
          scan.forEachRemaining(entry -> {
            settings.put(entry.key(), entry.value());
            versions.put(entry.key(), entry.version());
          });
        }
        keyspace.put("setting/b", "2");
        Change<String, String> change = watch.changes().findFirst().orElseThrow();
        if (change.version() > versions.getOrDefault(change.key(), 0L)) {
          versions.put(change.key(), change.version());
          change
              .value()
              .ifPresentOrElse(
                  value -> settings.put(change.key(), value), () -> settings.remove(change.key()));
        }
      } catch (HistoryGoneException e) {
        // Away for longer than the keyspace's history: do it all again.
      }
      // end
      assertThat(settings).isEqualTo(Map.of("setting/a", "1", "setting/b", "2"));
    }
  }

  @Test
  void async() {
    try (DistKv client = DistKv.connect(node.address())) {
      // begin async
      AsyncKeyspace<String, String> async = client.keyspace("default").async();
      List<CompletableFuture<Written<String>>> puts = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        puts.add(async.put("key " + i, "value " + i));
      }
      CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();
      // end
      assertThat(puts).allMatch(put -> put.join().changed());

      CountDownLatch told = new CountDownLatch(1);
      // begin asyncstreams
      Watching watching =
          async.watch(
              each -> each.prefix("key "),
              event -> {
                if (event instanceof Change<String, String> change) {
                  IO.println(change.key() + " has changed");
                  told.countDown();
                }
              });
      CompletableFuture<Void> after =
          watching.begun().thenCompose(_ -> async.put("key 1", "changed")).thenAccept(_ -> {});

      CompletableFuture<Integer> count =
          async.scanKeys(range -> range.prefix("key ")).nextPage().thenApply(List::size);
      // end
      after.join();
      assertThat(count.join()).isEqualTo(1_000);
      Awaitility.await().until(() -> told.getCount() == 0);
      watching.close();
    }
  }

  @Test
  void keyspaces() {
    try (DistKv client = DistKv.connect(node.address())) {
      // begin keyspaces
      Keyspaces keyspaces = client.keyspaces();
      keyspaces.create(
          "events",
          keyspace ->
              keyspace.partitions(8).settings(each -> each.history(Duration.ofMinutes(10))));
      keyspaces.alter("events", settings -> settings.maxBytes(1L << 30));
      KeyspaceDescription events = keyspaces.describe("events");
      IO.println(events.sizes().keys() + " keys, history " + events.settings().history());
      for (KeyspaceName each : keyspaces.list()) {
        IO.println(each.number() + " " + each.name());
      }
      keyspaces.drop("events", "events"); // twice, since all its keys are gone then
      // end
      assertThat(events.partitions()).isEqualTo(8);
    }
  }

  @Test
  void errors() {
    try (DistKv client = DistKv.connect(node.address())) {
      Keyspace<String, String> keyspace = client.keyspace("default");
      // begin errors
      try {
        keyspace.put("k", "v");
      } catch (OutcomeUnknownException e) {
        // It was sent and not answered: it may have happened. The key tells.
      } catch (DistKvException e) {
        // Nothing was done; e.code() says why.
      }
      // end
      assertThat(keyspace.get("k")).isPresent();
    }
  }

  @Test
  void options() {
    String address = node.address();
    // begin options
    try (DistKv client =
        DistKv.builder()
            .addresses(address)
            .deadline(Duration.ofSeconds(2))
            .retries(RetryPolicy.DEFAULT.withAttempts(5))
            .limits(Limits.DEFAULT.withWhenFull(WhenFull.FAIL))
            .codec(User.class, USERS)
            .onHealthChange(health -> IO.println("up: " + health.isUp()))
            .connect()) {
      Keyspace<String, User> users = client.keyspace("default", String.class, User.class);
      users.withDeadline(Duration.ofMillis(500)).get("user/ada");
    }
    // end
  }
}
