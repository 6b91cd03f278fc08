package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Watches before a node that breaks them off. */
@Timeout(120)
class WatchTest {
  private static final long BEGIN = 1_000;

  private FakeNode node;
  private DistKv client;
  private final Queue<WatchRequest> requests = new ConcurrentLinkedQueue<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void start() throws IOException {
    node = FakeNode.start();
    client =
        DistKv.builder()
            .addresses(node.address())
            .retries(RetryPolicy.DEFAULT.withBackoff(Duration.ofMillis(1), Duration.ofMillis(2)))
            .observer((operation, keyspace) ->
                end -> told.add(operation + " " + keyspace + " " + end.error()))
            .connect();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.close();
  }

  /** Twelve changes, of versions with one, two, four and five keys. */
  private static List<io.distkv.api.v1.Change> history() {
    List<io.distkv.api.v1.Change> history = new ArrayList<>();
    int[] keysOfVersion = {1, 2, 4, 5};
    for (int i = 0; i < keysOfVersion.length; i++) {
      for (int key = 0; key < keysOfVersion[i]; key++) {
        history.add(change(BEGIN + 1 + i, "k" + key));
      }
    }
    return history;
  }

  private static io.distkv.api.v1.Change change(long version, String key) {
    return io.distkv.api.v1.Change.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8("of " + version))
        .setVersion(version)
        .build();
  }

  private static String text(io.distkv.api.v1.Change change) {
    return change.getVersion() + " " + change.getKey().toStringUtf8();
  }

  private static WatchResponse through(long version) {
    return WatchResponse.newBuilder().setThroughVersion(version).build();
  }

  /** How calls break. */
  enum Break {
    UNAVAILABLE,
    OVERLOADED,
    NO_QUORUM,
    SILENCE;

    void end(StreamObserver<WatchResponse> answer) {
      switch (this) {
        case UNAVAILABLE -> answer.onError(Status.UNAVAILABLE.asRuntimeException());
        case OVERLOADED -> answer.onError(FakeNode.overloaded());
        case NO_QUORUM ->
            answer.onError(
                FakeNode.failure(
                    Code.UNAVAILABLE, io.distkv.api.v1.ErrorCode.NO_QUORUM, "stops", 0));
        case SILENCE -> {
          // It says nothing any more.
        }
      }
    }
  }

  /**
   * Serves the history as a node does, in messages of so many changes, and breaks each call after
   * so many messages. A call that has nothing more to tell says nothing more.
   */
  private void serve(int changesOfAMessage, int messagesOfACall, Break breaks) {
    node.onWatch =
        (request, answer) -> {
          requests.add(request);
          long after = request.getAfterVersion() == 0 ? BEGIN : request.getAfterVersion();
          List<io.distkv.api.v1.Change> left =
              history().stream().filter(each -> each.getVersion() > after).toList();
          answer.onNext(through(after));
          for (int messages = 0; messages < messagesOfACall; messages++) {
            if (left.isEmpty()) {
              return;
            }
            int count = Math.min(changesOfAMessage, left.size());
            WatchResponse.Builder message =
                WatchResponse.newBuilder().addAllChanges(left.subList(0, count));
            long last = left.get(count - 1).getVersion();
            left = left.subList(count, left.size());
            boolean more = !left.isEmpty() && left.getFirst().getVersion() == last;
            answer.onNext(message.setThroughVersion(more ? last - 1 : last).build());
          }
          breaks.end(answer);
        };
  }

  private Watch<String, String> watch() {
    return client
        .keyspace("default")
        .withDeadline(Duration.ofMillis(500))
        .watch(watch -> watch.progressEvery(Duration.ofMillis(100)));
  }

  /** What is given until the whole history has been told; the marks of progress are held to it. */
  private static List<String> read(Watch<String, String> watch) {
    return read(watch, BEGIN);
  }

  private static List<String> read(Watch<String, String> watch, long givenBefore) {
    List<String> changes = new ArrayList<>();
    long given = givenBefore;
    while (watch.throughVersion() < history().getLast().getVersion()) {
      switch (watch.next()) {
        case Change<String, String>(var key, var value, var version, var expiresAt) -> {
          assertThat(value).contains("of " + version);
          assertThat(expiresAt).isEmpty();
          changes.add(version + " " + key);
          given = version;
        }
        case Progress<String, String>(long version) ->
            assertThat(version).isLessThanOrEqualTo(given);
      }
    }
    return changes;
  }

  /** Messages of every size, calls of every length: also those that end within a version. */
  @ParameterizedTest
  @EnumSource(value = Break.class, names = "SILENCE", mode = EnumSource.Mode.EXCLUDE)
  void aWatchThatBreaksAnywhereGivesEachChangeOnceAndInOrder(Break breaks) {
    List<String> expected = history().stream().map(WatchTest::text).toList();
    for (int changes = 1; changes <= 12; changes++) {
      // Five changes of one version: calls of less would never get past it.
      for (int messages = (5 + changes - 1) / changes; messages <= 12; messages++) {
        serve(changes, messages, breaks);
        try (Watch<String, String> watch = watch()) {
          assertThat(read(watch)).as("%d x %d", changes, messages).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void aNodeThatFallsSilentIsGivenUpAndTheWatchGoesOn() {
    serve(3, 2, Break.SILENCE);
    try (Watch<String, String> watch = watch()) {
      assertThat(read(watch)).isEqualTo(history().stream().map(WatchTest::text).toList());
    }
    assertThat(requests.stream().map(WatchRequest::getAfterVersion))
        .containsExactly(0L, BEGIN + 2, BEGIN + 3);
  }

  @Test
  void aWatchGoesOnWhenItsNodeIsBack() throws IOException {
    serve(5, 1, Break.SILENCE);
    try (Watch<String, String> watch = watch()) {
      List<String> given = new ArrayList<>();
      while (given.size() < 5) {
        if (watch.next() instanceof Change<String, String> change) {
          given.add(change.version() + " " + change.key());
        }
      }
      int port = node.port();
      node.close();
      node = FakeNode.startAt(port);
      serve(5, 12, Break.SILENCE);
      given.addAll(read(watch, BEGIN + 3));
      assertThat(given).isEqualTo(history().stream().map(WatchTest::text).toList());
    }
  }

  @Test
  void itGoesOnBehindWhatTheNodeSaysThatNothingIsMissing() {
    AtomicInteger calls = new AtomicInteger();
    node.onWatch =
        (request, answer) -> {
          requests.add(request);
          answer.onNext(through(BEGIN));
          if (calls.incrementAndGet() == 1) {
            answer.onError(tooSlow(BEGIN + 40));
          } else {
            answer.onNext(
                WatchResponse.newBuilder()
                    .addChanges(change(BEGIN + 41, "k"))
                    .setThroughVersion(BEGIN + 41)
                    .build());
          }
        };
    try (Watch<String, String> watch = watch();
        var changes = watch.changes()) {
      assertThat(changes.limit(1).map(Change::version)).containsExactly(BEGIN + 41);
    }
    assertThat(requests.stream().map(WatchRequest::getAfterVersion))
        .containsExactly(0L, BEGIN + 40);
  }

  private static StatusRuntimeException tooSlow(long resumeVersion) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Code.RESOURCE_EXHAUSTED.getNumber())
            .setMessage("the watch is too slow")
            .addDetails(
                Any.pack(
                    ErrorDetail.newBuilder()
                        .setCode(io.distkv.api.v1.ErrorCode.OVERLOADED)
                        .setResumeVersion(resumeVersion)
                        .build()))
            .build());
  }

  @Test
  void historyThatIsGoneHasANameAndSaysWhatToDo() {
    node.onWatch =
        (_, answer) -> {
          answer.onNext(through(BEGIN));
          answer.onError(
              FakeNode.failure(
                  Code.OUT_OF_RANGE, io.distkv.api.v1.ErrorCode.HISTORY_GONE, "too old", 0));
        };
    try (Watch<String, String> watch = watch()) {
      assertThat(watch.next()).isEqualTo(new Progress<>(BEGIN));
      assertThatThrownBy(watch::next)
          .isInstanceOf(HistoryGoneException.class)
          .hasMessageStartingWith(
              "HISTORY_GONE: too old (no longer kept: scan the keys anew and watch from now on");
      assertThat(watch.hasNext()).isFalse();
    }
    assertThat(told).containsExactly("watch default HISTORY_GONE");
  }

  @Test
  void aWatchThatCannotBeginSaysSoInTime() {
    node.onWatch =
        (_, answer) ->
            answer.onError(
                FakeNode.failure(
                    Code.NOT_FOUND, io.distkv.api.v1.ErrorCode.NOT_FOUND, "no keyspace", 0));
    assertThatThrownBy(this::watch).hasMessage("NOT_FOUND: no keyspace");
    node.onWatch = (_, _) -> {};
    assertThatThrownBy(this::watch).hasMessageStartingWith("TIMEOUT: no answer from");
  }

  @Test
  void patienceEnds() throws IOException {
    node.onWatch = (_, answer) -> answer.onNext(through(BEGIN));
    try (Watch<String, String> watch =
        client.keyspace("default").watch(each -> each.patience(Duration.ofMillis(300)))) {
      assertThat(watch.next()).isEqualTo(new Progress<>(BEGIN));
      String address = node.address();
      node.close();
      assertThatThrownBy(watch::next)
          .isInstanceOf(DistKvException.class)
          .hasMessageStartingWith("UNAVAILABLE: " + address)
          .hasMessageEndingWith("no patience for another)");
    }
  }

  @Test
  void closingWakesWhoWaits() throws Exception {
    node.onWatch = (_, answer) -> answer.onNext(through(BEGIN));
    Watch<String, String> watch = client.keyspace("default").watch();
    watch.next();
    CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(watch::hasNext);
    watch.close();
    assertThat(waiting.get()).isFalse();
    assertThat(told).containsExactly("watch default null");
  }

  @Test
  void wishesAreSentAsTheContractHasThem() {
    serve(100, 100, Break.SILENCE);
    Keyspace<String, String> keyspace = client.keyspace("wishes");
    keyspace.watch(watch -> watch.prefix("p").key("k").after(BEGIN)).close();
    keyspace
        .watch(watch -> watch.prefix("p").from(Instant.ofEpochMilli(1)).progressEvery(ofSeconds(1)))
        .close();
    keyspace.watch().close();
    WatchRequest.Builder all =
        WatchRequest.newBuilder().setKeyspace("wishes").setProgressMillis(10_000);
    assertThat(requests)
        .containsExactly(
            all.clone().setKey(ByteString.copyFromUtf8("k")).setAfterVersion(BEGIN).build(),
            all.clone()
                .setPrefix(ByteString.copyFromUtf8("p"))
                .setAfterVersion(65_535)
                .setProgressMillis(1_000)
                .build(),
            all.build());
    assertThatThrownBy(() -> keyspace.watch(watch -> watch.after(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> keyspace.watch(watch -> watch.progressEvery(ofSeconds(3601))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Duration ofSeconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** 64 KiB a message, and connections hold a few of these: the reader is never far behind. */
  @Test
  void theReadersPaceIsTheNodes() {
    ByteString large = ByteString.copyFrom(new byte[1 << 16]);
    AtomicInteger sent = new AtomicInteger();
    node.onWatch =
        (_, answer) -> {
          ServerCallStreamObserver<WatchResponse> stream =
              (ServerCallStreamObserver<WatchResponse>) answer;
          Runnable send =
              () -> {
                while (stream.isReady() && !stream.isCancelled()) {
                  long version = BEGIN + sent.incrementAndGet();
                  stream.onNext(
                      WatchResponse.newBuilder()
                          .addChanges(change(version, "k").toBuilder().setValue(large))
                          .setThroughVersion(version)
                          .build());
                }
              };
          stream.setOnReadyHandler(send);
        };
    Keyspace<String, byte[]> keyspace = client.keyspace("default", String.class, byte[].class);
    try (Watch<String, byte[]> watch = keyspace.watch();
        var changes = watch.changes()) {
      AtomicInteger taken = new AtomicInteger();
      changes
          .limit(300)
          .forEach(_ -> assertThat(sent.get() - taken.incrementAndGet()).isLessThan(100));
      assertThat(taken).hasValue(300);
    }
  }

  @Test
  @SuppressWarnings("try") // closing it early is what is tested
  void aListenerIsToldInOrderUntilItIsEnough() {
    serve(2, 3, Break.UNAVAILABLE);
    List<String> given = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(history().size());
    try (Watching watching =
        client
            .keyspace("default")
            .async()
            .watch(
                watch -> watch,
                event -> {
                  if (event instanceof Change<String, String> change) {
                    given.add(change.version() + " " + change.key());
                    all.countDown();
                  }
                })) {
      assertThat(watching.begun().join()).isEqualTo(BEGIN);
      Awaitility.await().until(() -> all.getCount() == 0);
      assertThat(watching.ended()).isNotDone();
      watching.close();
      assertThat(watching.ended()).isCompleted();
    }
    assertThat(given).isEqualTo(history().stream().map(WatchTest::text).toList());
  }

  @Test
  void whatAListenerThrowsEndsTheWatch() {
    serve(2, 3, Break.UNAVAILABLE);
    try (Watching watching =
        client
            .keyspace("default")
            .async()
            .watch(
                watch -> watch,
                _ -> {
                  throw new IllegalStateException("enough");
                })) {
      assertThatThrownBy(() -> watching.ended().join()).hasMessageContaining("enough");
    }
    assertThat(told).containsExactly("watch default null");
  }

  @Test
  void aListenersWatchThatCannotBeginFails() {
    node.onWatch = (_, answer) -> answer.onError(tooOld());
    try (Watching watching =
        client.keyspace("default").async().watch(watch -> watch.after(1), _ -> {})) {
      assertThatThrownBy(() -> watching.begun().join())
          .hasCauseInstanceOf(HistoryGoneException.class);
      assertThatThrownBy(() -> watching.ended().join())
          .hasCauseInstanceOf(HistoryGoneException.class);
    }
  }

  private static StatusRuntimeException tooOld() {
    return FakeNode.failure(
        Code.OUT_OF_RANGE, io.distkv.api.v1.ErrorCode.HISTORY_GONE, "too old", 0);
  }

  @Test
  void removalsAndLivesAreTold() {
    node.onWatch =
        (_, answer) ->
            answer.onNext(
                WatchResponse.newBuilder()
                    .addChanges(
                        io.distkv.api.v1.Change.newBuilder()
                            .setKey(ByteString.copyFromUtf8("gone"))
                            .setVersion(5))
                    .addChanges(change(6, "ends").toBuilder().setExpiresAtMillis(77))
                    .setThroughVersion(6)
                    .build());
    try (Watch<String, String> watch = watch()) {
      assertThat(watch.throughVersion()).isEqualTo(4);
      Change<String, String> gone = new Change<>("gone", Optional.empty(), 5, Optional.empty());
      assertThat(watch.next()).isEqualTo(gone);
      assertThat(gone.isRemoval()).isTrue();
      assertThat(watch.next())
          .isEqualTo(
              new Change<>("ends", Optional.of("of 6"), 6, Optional.of(Instant.ofEpochMilli(77))));
      assertThat(watch.throughVersion()).isEqualTo(4);
      assertThat(watch.next()).isEqualTo(new Progress<>(6));
      assertThat(watch.throughVersion()).isEqualTo(6);
    }
  }
}
