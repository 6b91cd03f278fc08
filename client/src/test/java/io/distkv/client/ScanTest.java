package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.Entry;
import io.distkv.api.v1.ScanRequest;
import io.distkv.api.v1.ScanResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Scans before a node that breaks them off. */
@Timeout(60)
class ScanTest {
  private static final int PAGE = 3;
  private static final int KEYS = 20;

  private FakeNode node;
  private DistKv client;
  private final Queue<ScanRequest> requests = new ConcurrentLinkedQueue<>();

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

  private static String key(int number) {
    return "k%02d".formatted(number);
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(ScanTest::key).toList();
  }

  /** Serves the keys by pages, as a node does, and breaks each call after so many of them. */
  private void serve(int pagesOfACall, Status breaks) {
    node.onScan =
        (request, answer) -> {
          requests.add(request);
          String token = request.getResumeToken().toStringUtf8();
          int from = token.isEmpty() ? 0 : Integer.parseInt(token);
          long left = request.getLimit() == 0 ? KEYS : request.getLimit();
          for (int page = 0; page < pagesOfACall; page++) {
            int to = (int) Math.min(Math.min(KEYS, from + (long) PAGE), from + left);
            answer.onNext(page(from, to));
            left -= to - from;
            from = to;
            if (from == KEYS || left == 0) {
              answer.onCompleted();
              return;
            }
          }
          answer.onError(breaks.asRuntimeException());
        };
  }

  private static ScanResponse page(int from, int to) {
    ScanResponse.Builder page = ScanResponse.newBuilder();
    for (int i = from; i < to; i++) {
      page.addEntries(
          Entry.newBuilder()
              .setKey(ByteString.copyFromUtf8(key(i)))
              .setValue(ByteString.copyFromUtf8("of " + i))
              .setVersion(i + 1));
    }
    if (to < KEYS) {
      page.setResumeToken(ByteString.copyFromUtf8(Integer.toString(to)));
    }
    return page.build();
  }

  private List<String> scanned(Scan<io.distkv.client.Entry<String, String>> scan) {
    List<String> keys = new ArrayList<>();
    scan.forEachRemaining(entry -> {
      assertThat(entry.value()).isEqualTo("of " + (entry.version() - 1));
      keys.add(entry.key());
    });
    return keys;
  }

  @Test
  void aScanGivesEachKeyOnceAndInOrder() {
    serve(100, Status.OK);
    assertThat(scanned(client.keyspace("default").scan())).isEqualTo(keys(KEYS));
    assertThat(requests).hasSize(1);
  }

  @Test
  void aScanThatBreaksGoesOnBehindWhatItHasGiven() {
    serve(2, Status.UNAVAILABLE);
    assertThat(scanned(client.keyspace("default").scan())).isEqualTo(keys(KEYS));
    assertThat(requests).hasSize(4);
    assertThat(requests.stream().map(each -> each.getResumeToken().toStringUtf8()))
        .containsExactly("", "6", "12", "18");
  }

  @Test
  void theLimitCountsWhatHasCome() {
    serve(2, Status.UNAVAILABLE);
    assertThat(scanned(client.keyspace("default").scan(scan -> scan.limit(8)))).isEqualTo(keys(8));
    assertThat(requests.stream().map(ScanRequest::getLimit)).containsExactly(8L, 2L);
  }

  /** The last key has come, and the call breaks before it ends: nothing is missing. */
  @Test
  void aCallThatBreaksBehindItsLastMessageIsNotRepeated() {
    node.onScan =
        (request, answer) -> {
          requests.add(request);
          answer.onNext(page(KEYS - 2, KEYS));
          answer.onError(Status.UNAVAILABLE.asRuntimeException());
        };
    assertThat(scanned(client.keyspace("default").scan()))
        .containsExactly(key(KEYS - 2), key(KEYS - 1));
    assertThat(requests).hasSize(1);
  }

  @Test
  void attemptsAreCountedFromTheLastMessageOn() {
    AtomicInteger calls = new AtomicInteger();
    node.onScan = (_, answer) -> breakMostly(answer, calls.getAndIncrement());
    assertThat(scanned(client.keyspace("default").scan())).isEqualTo(keys(KEYS));
    assertThat(calls).hasValueGreaterThan(RetryPolicy.DEFAULT.attempts());
  }

  private static void breakMostly(StreamObserver<ScanResponse> answer, int call) {
    if (call % 5 == 4) {
      int from = call / 5 * 4;
      answer.onNext(page(from, Math.min(KEYS, from + 4)));
    }
    answer.onError(FakeNode.overloaded());
  }

  @Test
  void whatCannotBeMendedIsTold() {
    node.onScan =
        (request, answer) -> {
          requests.add(request);
          answer.onNext(page(0, 3));
          answer.onError(
              FakeNode.failure(
                  Code.OUT_OF_RANGE, io.distkv.api.v1.ErrorCode.HISTORY_GONE, "too old", 0));
        };
    Scan<io.distkv.client.Entry<String, String>> scan =
        client.keyspace("default").scan(options -> options.asOf(5));
    for (int i = 0; i < 3; i++) {
      assertThat(scan.next().key()).isEqualTo(key(i));
    }
    assertThatThrownBy(scan::hasNext)
        .isInstanceOf(HistoryGoneException.class)
        .hasMessageStartingWith("HISTORY_GONE: too old");
    assertThat(scan.hasNext()).isFalse();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aNodeThatSaysNothingIsGivenUpInTime() {
    node.onScan = (_, _) -> {};
    Scan<Key<String>> scan =
        client
            .keyspace("default")
            .withDeadline(Duration.ofMillis(200))
            .scanKeys(options -> options);
    assertThatThrownBy(scan::hasNext)
        .hasMessageStartingWith("TIMEOUT: no answer from " + node.address() + " within 200 ms");
  }

  @Test
  void aScanThatIsClosedIsAtItsEndAndItsCallIsCancelled() {
    serve(100, Status.OK);
    Scan<io.distkv.client.Entry<String, String>> scan = client.keyspace("default").scan();
    try (Stream<io.distkv.client.Entry<String, String>> stream = scan.stream()) {
      assertThat(stream.limit(2).map(io.distkv.client.Entry::key)).isEqualTo(keys(2));
    }
    scan.close();
    while (scan.hasNext()) {
      scan.next();
    }
    assertThatThrownBy(scan::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void rangesAreSentAsTheContractHasThem() {
    serve(100, Status.OK);
    client
        .keyspace("ranges")
        .scanKeys(scan -> scan.from("a").to("b").prefix("c").reverse().limit(5).asOf(9))
        .forEachRemaining(_ -> {});
    assertThat(requests)
        .containsExactly(
            ScanRequest.newBuilder()
                .setKeyspace("ranges")
                .setStart(ByteString.copyFromUtf8("a"))
                .setEnd(ByteString.copyFromUtf8("b"))
                .setPrefix(ByteString.copyFromUtf8("c"))
                .setReverse(true)
                .setLimit(5)
                .setKeysOnly(true)
                .setAsOf(9)
                .build());
  }
}
