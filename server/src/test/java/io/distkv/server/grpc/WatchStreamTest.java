package io.distkv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.distkv.api.v1.Change;
import io.distkv.api.v1.DeleteRequest;
import io.distkv.api.v1.ErrorCode;
import io.distkv.api.v1.ErrorDetail;
import io.distkv.api.v1.PutRequest;
import io.distkv.api.v1.WatchRequest;
import io.distkv.api.v1.WatchResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Watches over the wire. */
class WatchStreamTest extends GrpcTest {

  private long put(String keyspace, String key, String value) {
    return keyValue
        .put(
            PutRequest.newBuilder()
                .setKeyspace(keyspace)
                .setKey(bytes(key))
                .setValue(bytes(value))
                .build())
        .getVersion();
  }

  /** The next changes, so many of them. */
  private static List<Change> take(Iterator<WatchResponse> watch, int count) {
    List<Change> changes = new ArrayList<>();
    while (changes.size() < count) {
      changes.addAll(watch.next().getChangesList());
    }
    return changes;
  }

  private static List<String> texts(List<Change> changes) {
    return changes.stream()
        .map(change ->
            change.getKey().toStringUtf8()
                + (change.hasValue() ? "=" + change.getValue().toStringUtf8() : " removed"))
        .toList();
  }

  @Test
  void changesComeInOrderAndAWatchGoesOnWhereAnotherEnded() {
    for (String keyspace : List.of("default", "parts")) {
      WatchRequest.Builder request =
          WatchRequest.newBuilder().setKeyspace(keyspace).setPrefix(bytes("a"));
      Iterator<WatchResponse> watch = keyValue.watch(request.build());
      long begun = watch.next().getThroughVersion();
      long first = put(keyspace, "a1", "1");
      put(keyspace, "b", "2");
      put(keyspace, "a2", "3");
      keyValue.delete(DeleteRequest.newBuilder().setKeyspace(keyspace).setKey(bytes("a1")).build());
      List<Change> changes = take(watch, 3);
      assertThat(texts(changes)).containsExactly("a1=1", "a2=3", "a1 removed");
      assertThat(changes.getFirst().getVersion()).isEqualTo(first).isGreaterThan(begun);
      Iterator<WatchResponse> again = keyValue.watch(request.setAfterVersion(first).build());
      assertThat(texts(take(again, 2))).containsExactly("a2=3", "a1 removed");
    }
  }

  @Test
  void marksTellHowFarEverythingWasTold() {
    Iterator<WatchResponse> watch =
        keyValue.watch(WatchRequest.newBuilder().setProgressMillis(100).build());
    long begun = watch.next().getThroughVersion();
    WatchResponse mark = watch.next();
    assertThat(mark.getChangesCount()).isZero();
    assertThat(mark.getThroughVersion()).isGreaterThan(begun);
  }

  @Test
  void theEndTellsWhereAnotherCanGoOn() throws Exception {
    Iterator<WatchResponse> watch = keyValue.watch(WatchRequest.getDefaultInstance());
    watch.next();
    long last = put("", "k", "v");
    assertThat(take(watch, 1)).hasSize(1);
    server.stop(TimeUnit.SECONDS.toNanos(10));
    StatusRuntimeException end = catchThrowableOfType(StatusRuntimeException.class, watch::next);
    ErrorDetail detail =
        Objects.requireNonNull(StatusProto.fromThrowable(end))
            .getDetails(0)
            .unpack(ErrorDetail.class);
    assertThat(detail.getCode()).isEqualTo(ErrorCode.NO_QUORUM);
    assertThat(detail.getResumeVersion()).isEqualTo(last);
  }

  @Test
  void whatIsWrongIsNamed() {
    for (WatchRequest wrong :
        List.of(
            WatchRequest.newBuilder().setKey(bytes("")).build(),
            WatchRequest.newBuilder().setPrefix(bytes("x".repeat(65_536))).build(),
            WatchRequest.newBuilder().setAfterVersion(-5).build(),
            WatchRequest.newBuilder().setAfterVersion(Long.MAX_VALUE - 1).build(),
            WatchRequest.newBuilder().setProgressMillis(99).build())) {
      assertThatThrownBy(keyValue.watch(wrong)::next).hasMessageStartingWith("INVALID_ARGUMENT");
    }
    assertThatThrownBy(
            keyValue.watch(WatchRequest.newBuilder().setKeyspace("nosuch").build())::next)
        .hasMessageStartingWith("NOT_FOUND");
  }
}
