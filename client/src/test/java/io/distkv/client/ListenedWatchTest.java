package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.WatchResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Watches that are listened to, and how fast. */
class ListenedWatchTest extends WatchedHistory {

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
    assertThat(given).isEqualTo(history().stream().map(WatchedHistory::text).toList());
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
}
