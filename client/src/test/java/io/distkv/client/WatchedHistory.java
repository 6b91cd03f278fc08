package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Watches of a history that a node tells in messages and calls of any length. */
@Timeout(120)
abstract class WatchedHistory {
  static final long BEGIN = 1_000;

  FakeNode node;
  DistKv client;
  final Queue<WatchRequest> requests = new ConcurrentLinkedQueue<>();
  final Queue<String> told = new ConcurrentLinkedQueue<>();

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
  static List<io.distkv.api.v1.Change> history() {
    List<io.distkv.api.v1.Change> history = new ArrayList<>();
    int[] keysOfVersion = {1, 2, 4, 5};
    for (int i = 0; i < keysOfVersion.length; i++) {
      for (int key = 0; key < keysOfVersion[i]; key++) {
        history.add(change(BEGIN + 1 + i, "k" + key));
      }
    }
    return history;
  }

  static io.distkv.api.v1.Change change(long version, String key) {
    return io.distkv.api.v1.Change.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setValue(ByteString.copyFromUtf8("of " + version))
        .setVersion(version)
        .build();
  }

  static String text(io.distkv.api.v1.Change change) {
    return change.getVersion() + " " + change.getKey().toStringUtf8();
  }

  static WatchResponse through(long version) {
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
  void serve(int changesOfAMessage, int messagesOfACall, Break breaks) {
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

  Watch<String, String> watch() {
    return client
        .keyspace("default")
        .withDeadline(Duration.ofMillis(500))
        .watch(watch -> watch.progressEvery(Duration.ofMillis(100)));
  }

  /** What is given until the whole history has been told; the marks of progress are held to it. */
  static List<String> read(Watch<String, String> watch) {
    return read(watch, BEGIN);
  }

  static List<String> read(Watch<String, String> watch, long givenBefore) {
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
}
