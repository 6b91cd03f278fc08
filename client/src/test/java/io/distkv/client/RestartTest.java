package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real node that is killed in the middle of things, and started again. */
@Timeout(240)
class RestartTest {
  private static final int KEYS = 5_500;

  @TempDir Path folder;

  private static DistKv patient(NodeProcess node) {
    return DistKv.builder()
        .addresses(node.address())
        .deadline(Duration.ofMinutes(2))
        .retries(
            RetryPolicy.DEFAULT
                .withAttempts(100)
                .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2)))
        .connect();
  }

  @Test
  void scansGoOnAndReadsAreDoneWhenTheNodeIsBack() throws IOException {
    try (NodeProcess node = NodeProcess.start(folder);
        DistKv client = patient(node)) {
      Keyspace<String, String> keyspace = client.keyspace("parts");
      List<String> expected = new ArrayList<>();
      List<CompletableFuture<Written<String>>> puts = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        expected.add("k%05d".formatted(i));
        puts.add(keyspace.async().put(expected.get(i), "x".repeat(500) + i));
      }
      puts.forEach(CompletableFuture::join);
      List<String> forward = new ArrayList<>();
      List<String> backward = new ArrayList<>();
      try (var up = keyspace.scan();
          var down = keyspace.scanKeys(scan -> scan.reverse().prefix("k"))) {
        for (int i = 0; i < 100; i++) {
          forward.add(up.next().key());
          backward.add(down.next().key());
        }
        node.kill();
        CompletableFuture<Boolean> read =
            keyspace.async().get("k00007").thenApply(found -> found.isPresent());
        node.startAgain();
        up.forEachRemaining(entry -> forward.add(entry.key()));
        down.forEachRemaining(key -> backward.add(key.key()));
        assertThat(read.join()).isTrue();
      }
      assertThat(forward).isEqualTo(expected);
      assertThat(backward).isEqualTo(expected.reversed());
      assertThat(keyspace.put("k", "v").changed()).isTrue();
    }
  }

  /** What was acknowledged is there, once; what is unknown, is there once or not at all. */
  @Test
  void noIncrementIsDoneTwiceOrLost() throws IOException {
    try (NodeProcess node = NodeProcess.start(folder);
        DistKv client = patient(node)) {
      AsyncKeyspace<String, String> keyspace = client.keyspace("default").async();
      AtomicInteger done = new AtomicInteger();
      AtomicInteger unknown = new AtomicInteger();
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        if (i == 10_000) {
          all.get(5_000).join();
          node.kill();
        }
        all.add(
            keyspace
                .increment("n", 1)
                .handle((_, thrown) -> {
                  if (thrown == null) {
                    done.incrementAndGet();
                  } else if (thrown instanceof OutcomeUnknownException) {
                    unknown.incrementAndGet();
                  } else {
                    throw new AssertionError(thrown);
                  }
                  return null;
                }));
        if (i == 12_000) {
          node.startAgain();
        }
      }
      all.forEach(CompletableFuture::join);
      long sum = Long.parseLong(client.keyspace("default").get("n").orElseThrow().value());
      assertThat(done.get() + unknown.get()).isEqualTo(20_000);
      assertThat(sum).isBetween((long) done.get(), (long) done.get() + unknown.get());
    }
  }
}
