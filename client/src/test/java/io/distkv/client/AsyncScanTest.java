package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.distkv.api.v1.ScanResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scans by pages before a node that breaks each of them off behind a page. */
@Timeout(60)
class AsyncScanTest {
  private FakeNode node;
  private DistKv client;

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
    client =
        DistKv.builder()
            .addresses(node.address())
            .retries(RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(2)))
            .connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.close();
  }

  /** Pages of two keys, named by their place. */
  private void serve(int pages) {
    node.onScan =
        (request, answer) -> {
          String token = request.getResumeToken().toStringUtf8();
          int page = token.isEmpty() ? 0 : Integer.parseInt(token);
          ScanResponse.Builder message = ScanResponse.newBuilder();
          for (int i = 0; i < 2; i++) {
            message.addEntriesBuilder().setKey(ByteString.copyFromUtf8(page + "-" + i));
          }
          if (page + 1 < pages) {
            message.setResumeToken(ByteString.copyFromUtf8(Integer.toString(page + 1)));
          }
          answer.onNext(message.build());
          answer.onError(Status.UNAVAILABLE.asRuntimeException());
        };
  }

  @Test
  void pagesComeInOrderWhateverBreaks() {
    serve(3);
    List<List<String>> pages = new ArrayList<>();
    try (AsyncScan<Entry<String, String>> scan =
        client.keyspace("default").async().scan(range -> range)) {
      for (int i = 0; i < 4; i++) {
        pages.add(scan.nextPage().join().stream().map(Entry::key).toList());
      }
    }
    assertThat(pages)
        .containsExactly(
            List.of("0-0", "0-1"), List.of("1-0", "1-1"), List.of("2-0", "2-1"), List.of());
  }

  @Test
  void forEachGoesToTheEndAndAConsumerMayStopIt() {
    serve(50);
    AsyncKeyspace<String, String> keyspace = client.keyspace("default").async();
    List<String> keys = new ArrayList<>();
    keyspace.scanKeys(range -> range).forEach(key -> keys.add(key.key())).join();
    assertThat(keys).hasSize(100).startsWith("0-0", "0-1", "1-0").endsWith("49-1");
    CompletableFuture<Void> stopped =
        keyspace
            .scanKeys(range -> range)
            .forEach(_ -> {
              throw new IllegalStateException("enough");
            });
    assertThatThrownBy(stopped::join).hasMessageContaining("enough");
  }

  @Test
  @SuppressWarnings("try") // closing it early is what is tested
  void onePageAtATimeIsUnderWay() {
    node.onScan = (_, _) -> {};
    try (AsyncScan<Key<String>> scan =
        client.keyspace("default").async().scanKeys(range -> range)) {
      CompletableFuture<List<Key<String>>> page = scan.nextPage();
      assertThatThrownBy(() -> scan.nextPage().join())
          .hasCauseInstanceOf(IllegalStateException.class);
      scan.close();
      assertThat(page.join()).isEmpty();
    }
  }

  /** Whenever it is closed while its call begins. */
  @Test
  @SuppressWarnings("try")
  void aScanThatIsClosedWhileItBeginsIsOver() {
    node.onScan = (_, _) -> {};
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      try (AsyncScan<Key<String>> scan =
          client.keyspace("default").async().scanKeys(range -> range)) {
        CompletableFuture<List<Key<String>>> page = scan.nextPage();
        for (int spins = random.nextInt(3_000); spins > 0; spins--) {
          Thread.onSpinWait();
        }
        scan.close();
        assertThat(page.join()).isEmpty();
      }
    }
  }

  @Test
  void errorsAreTheFutures() {
    node.onScan = (_, answer) -> answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
    try (AsyncScan<Key<String>> scan =
        client.keyspace("default").async().scanKeys(range -> range)) {
      assertThatThrownBy(() -> scan.nextPage().join()).hasCauseInstanceOf(DistKvException.class);
    }
  }
}
