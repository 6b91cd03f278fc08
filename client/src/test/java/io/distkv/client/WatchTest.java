package io.distkv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Watches before a node that breaks them off. */
class WatchTest extends WatchedHistory {

  /** Messages of every size, calls of every length: also those that end within a version. */
  @ParameterizedTest
  @EnumSource(value = Break.class, names = "SILENCE", mode = EnumSource.Mode.EXCLUDE)
  void aWatchThatBreaksAnywhereGivesEachChangeOnceAndInOrder(Break breaks) {
    List<String> expected = history().stream().map(WatchedHistory::text).toList();
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
      assertThat(read(watch)).isEqualTo(history().stream().map(WatchedHistory::text).toList());
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
      assertThat(given).isEqualTo(history().stream().map(WatchedHistory::text).toList());
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
